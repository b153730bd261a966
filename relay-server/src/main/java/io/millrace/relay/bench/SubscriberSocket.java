package io.millrace.relay.bench;

import io.millrace.relay.call.CallFailedException;
import io.millrace.relay.call.Encryption;
import io.millrace.relay.net.EndpointDriver;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpSocket;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.receive.Delivery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One UDP socket with the subscribers that share it. Lives on the socket's loop. */
final class SubscriberSocket {
    private final BenchOptions options;
    private final UdpSocket socket;
    private final SrtEndpoint endpoint;
    private final @Nullable ImpairedEndpoint impaired;
    private final EndpointDriver driver;
    private final Map<Integer, Call> calls = new HashMap<>();

    private record Call(LoadSubscriber subscriber, Promise<Void> joined) {}

    /** @param losses decides which datagrams are lost, if any are to be */
    SubscriberSocket(BenchOptions options, UdpSocket socket, SecureRandom random, RandomGenerator losses) {
        this.options = options;
        this.socket = socket;
        endpoint = new SrtEndpoint(EndpointSettings.CALLER, random, () -> random.nextInt(1, 0x4000_0000));
        Impairment impairment = options.impairment();
        impaired = impairment == null || !impairment.legs().haveSubscribers()
                ? null
                : new ImpairedEndpoint(endpoint, impairment, losses);
        driver = new EndpointDriver(socket, impaired == null ? endpoint : impaired, this::onEvent);
    }

    LoopExecutor loop() {
        return socket.loop();
    }

    /** On the loop. */
    void start() {
        driver.start();
    }

    /** On the loop: fails with a {@link CallFailedException} if the server refuses the subscriber or doesn't answer. */
    Future<Void> join(LoadSubscriber subscriber, KeyAgreement keys) {
        int latencyMillis = options.load().latencyMillis();
        int socketId = endpoint.connect(
                LoopClock.nowMicros(),
                options.server().address(),
                ConnectionSettings.DEFAULT.withLatency(latencyMillis, latencyMillis),
                options.requestId(subscriber.stream()),
                keys,
                true);
        Promise<Void> joined = Promise.promise();
        calls.put(socketId, new Call(subscriber, joined));
        driver.wake();
        return joined.future();
    }

    /** On the loop. */
    List<LoadSubscriber> subscribers() {
        return calls.values().stream().map(Call::subscriber).toList();
    }

    /** On the loop. */
    ImpairedEndpoint.Toll toll() {
        return impaired == null ? ImpairedEndpoint.Toll.NONE : impaired.toll();
    }

    /** On the loop. */
    Future<Void> close() {
        if (impaired != null) {
            impaired.bypass();
        }
        endpoint.closeAll(LoopClock.nowMicros());
        return driver.close();
    }

    private void onEvent(EndpointEvent event) {
        if (event instanceof EndpointEvent.Connected opened) {
            SrtConnection connection = opened.connection();
            Call call = call(connection.localSocketId());
            call.subscriber().connected(connection);
            connection.receiveInto(call.subscriber(), Delivery.ON_ARRIVAL);
            call.joined().complete();
        } else if (event instanceof EndpointEvent.ConnectFailed failed) {
            call(failed.socketId()).joined().fail(new CallFailedException(failed));
        } else if (event instanceof EndpointEvent.KeyMaterialArrived arrived) {
            rekey(arrived);
        } else if (event instanceof EndpointEvent.Closed closed) {
            call(closed.connection().localSocketId()).subscriber().closed();
        }
    }

    private Call call(int socketId) {
        Call call = calls.get(socketId);
        if (call == null) {
            throw new IllegalStateException("an event of a call that was not made here");
        }
        return call;
    }

    private void rekey(EndpointEvent.KeyMaterialArrived arrived) {
        Encryption encryption = options.encryption();
        if (encryption != null) {
            socket.loop()
                    .context()
                    .executeBlocking(() -> KeyEncryptionKey.derive(encryption.passphrase(), arrived.material()))
                    .onSuccess(kek -> {
                        endpoint.rekey(arrived.connection(), kek);
                        driver.wake();
                    });
        }
    }
}
