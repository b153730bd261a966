package io.millrace.relay.bench;

import io.millrace.relay.net.EndpointDriver;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpSocket;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.receive.Delivery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One UDP socket with the subscribers that share it. Lives on the socket's loop. */
final class SubscriberSocket {
    private final BenchOptions options;
    private final UdpSocket socket;
    private final SrtEndpoint endpoint;
    private final EndpointDriver driver;
    private final List<LoadSubscriber> subscribers = new ArrayList<>();
    private final Map<Integer, LoadSubscriber> bySocketId = new HashMap<>();
    private final Map<Integer, Promise<Void>> joining = new HashMap<>();

    SubscriberSocket(BenchOptions options, UdpSocket socket, SecureRandom random) {
        this.options = options;
        this.socket = socket;
        endpoint = new SrtEndpoint(EndpointSettings.CALLER, random, () -> random.nextInt(1, 0x4000_0000));
        driver = new EndpointDriver(socket, endpoint, this::onEvent);
    }

    LoopExecutor loop() {
        return socket.loop();
    }

    /** On the loop. */
    void start() {
        driver.start();
    }

    /** On the loop: fails if the relay refuses the subscriber or doesn't answer. */
    Future<Void> join(LoadSubscriber subscriber) {
        int latencyMillis = options.load().latencyMillis();
        int socketId = endpoint.connect(
                LoopClock.nowMicros(),
                options.relay(),
                ConnectionSettings.DEFAULT.withLatency(latencyMillis, latencyMillis),
                options.requestId(subscriber.stream()));
        subscribers.add(subscriber);
        bySocketId.put(socketId, subscriber);
        Promise<Void> joined = Promise.promise();
        joining.put(socketId, joined);
        driver.wake();
        return joined.future();
    }

    /** On the loop. */
    List<LoadSubscriber> subscribers() {
        return subscribers;
    }

    /** On the loop. */
    Future<Void> close() {
        endpoint.closeAll(LoopClock.nowMicros());
        return driver.close();
    }

    private void onEvent(EndpointEvent event) {
        if (event instanceof EndpointEvent.Connected opened) {
            SrtConnection connection = opened.connection();
            LoadSubscriber subscriber = bySocketId.get(connection.localSocketId());
            connection.receiveInto(subscriber, Delivery.ON_ARRIVAL);
            subscriber.connected(connection);
            joining.remove(connection.localSocketId()).complete();
        } else if (event instanceof EndpointEvent.ConnectFailed failed) {
            joining.remove(failed.socketId()).fail("a subscriber was refused: " + failed.reason());
        } else if (event instanceof EndpointEvent.Closed closed) {
            bySocketId.get(closed.connection().localSocketId()).closed();
        }
    }
}
