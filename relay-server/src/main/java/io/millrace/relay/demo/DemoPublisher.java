package io.millrace.relay.demo;

import io.millrace.relay.config.SecretReference;
import io.millrace.relay.net.EndpointDriver;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.UdpTransport;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.send.SendBuffer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the demo clip to a listener of this process, over SRT like any encoder, and again whenever it is refused. */
public final class DemoPublisher extends VerticleBase {
    /** Name of the stream. */
    public static final String STREAM = "demo";

    private static final Logger LOG = LoggerFactory.getLogger(DemoPublisher.class);
    private static final int PACE_MILLIS = 5;
    private static final int RECONNECT_MILLIS = 1_000;
    /** Bytes, as callers have by default. */
    private static final int KEY_LENGTH = 16;

    /** Far more than the payloads of a second, which is what is kept for retransmission. */
    private static final int SEND_BUFFER_PAYLOADS = 256;

    private final EventLoops loops;
    private final UdpTransport transport;
    private final InetSocketAddress listener;
    private final Supplier<String> streamIds;
    private final @Nullable SecretReference passphrase;

    private @Nullable EndpointDriver driver;
    private @Nullable Transmission transmission;

    /** The clip on its way over one connection. */
    private record Transmission(SrtConnection connection, DemoClip clip, SendBuffer buffer, long startMicros) {
        void appendDue(long nowMicros) {
            while (startMicros + clip.nextDueMicros() <= nowMicros) {
                long dueMicros = startMicros + clip.nextDueMicros();
                buffer.append(dueMicros, clip.next());
            }
        }
    }

    /**
     * @param listener where to publish, an address of this machine
     * @param streamIds gives the stream id for each connection: one that gets in whatever the rules are
     * @param passphrase that of the listener, or null
     */
    public DemoPublisher(
            EventLoops loops,
            UdpTransport transport,
            InetSocketAddress listener,
            Supplier<String> streamIds,
            @Nullable SecretReference passphrase) {
        this.loops = loops;
        this.transport = transport;
        this.listener = listener;
        this.streamIds = streamIds;
        this.passphrase = passphrase;
    }

    @Override
    public Future<?> start() {
        InetSocketAddress any = new InetSocketAddress(listener.getAddress(), 0);
        SecureRandom random = new SecureRandom();
        SrtEndpoint endpoint = new SrtEndpoint(EndpointSettings.CALLER, random, () -> random.nextInt(1, 0x4000_0000));
        return transport.bind(loops.of(context), any).onSuccess(socket -> {
            EndpointDriver started = new EndpointDriver(socket, endpoint, event -> onEvent(endpoint, event));
            driver = started;
            started.start();
            connect(endpoint);
            vertx.setPeriodic(PACE_MILLIS, id -> pace(endpoint));
        });
    }

    @Override
    public Future<?> stop() {
        return driver == null ? Future.succeededFuture() : driver.close();
    }

    private void connect(SrtEndpoint endpoint) {
        vertx.executeBlocking(() -> keys(passphrase))
                .onSuccess(keys -> {
                    endpoint.connect(
                            LoopClock.nowMicros(), listener, ConnectionSettings.DEFAULT, streamIds.get(), keys, true);
                    wake();
                })
                .onFailure(failure -> LOG.warn("the demo stream can't be published: {}", failure.getMessage()));
    }

    private static KeyAgreement keys(@Nullable SecretReference passphrase) throws IOException {
        if (passphrase == null) {
            return KeyAgreement.Clear.CLEAR;
        }
        SecureRandom random = new SecureRandom();
        KeyEncryptionKey kek = KeyEncryptionKey.derive(
                Passphrase.of(passphrase.value()), KeyEncryptionKey.generateSalt(random), KEY_LENGTH);
        return KeyAgreement.Secured.initiate(kek, CipherMode.CTR, random);
    }

    private void onEvent(SrtEndpoint endpoint, EndpointEvent event) {
        if (event instanceof EndpointEvent.Connected connected) {
            SendBuffer buffer = new SendBuffer(SEND_BUFFER_PAYLOADS);
            connected.connection().sendFrom(buffer, 0, 0);
            transmission = new Transmission(connected.connection(), DemoClip.load(), buffer, LoopClock.nowMicros());
        } else if (event instanceof EndpointEvent.ConnectFailed failed) {
            LOG.info("the demo stream could not be published: {}", failed.reason());
            vertx.setTimer(RECONNECT_MILLIS, id -> connect(endpoint));
        } else if (event instanceof EndpointEvent.Closed) {
            transmission = null;
            vertx.setTimer(RECONNECT_MILLIS, id -> connect(endpoint));
        }
    }

    private void pace(SrtEndpoint endpoint) {
        Transmission running = transmission;
        if (running != null) {
            running.appendDue(LoopClock.nowMicros());
            endpoint.wake(running.connection());
            wake();
        }
    }

    private void wake() {
        if (driver != null) {
            driver.wake();
        }
    }
}
