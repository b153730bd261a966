package io.millrace.relay.bench;

import io.millrace.relay.call.CallFailedException;
import io.millrace.relay.net.EndpointDriver;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpSocket;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.send.SendBuffer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Publishes one stream over a socket of its own. Lives on the socket's loop. */
final class LoadPublisher {
    private static final double SEND_BUFFER_SECONDS = 2;
    private static final long MAX_LAG_MICROS = 60_000_000;

    private final int stream;
    private final BenchOptions options;
    private final MeasuredWindow window;
    private final UdpSocket socket;
    private final SrtEndpoint endpoint;
    private final @Nullable ImpairedEndpoint impaired;
    private final EndpointDriver driver;
    private final SendBuffer buffer;
    private final Promise<Void> connected = Promise.promise();
    private final Histogram lagMicros = new Histogram(MAX_LAG_MICROS, 2);

    private @Nullable SrtConnection connection;
    private boolean closed;
    private long startMicros;
    private long sent;
    private long windowStart = -1;
    private long windowEnd = -1;

    /** @param losses decides which datagrams are lost, if any are to be */
    LoadPublisher(
            int stream,
            BenchOptions options,
            MeasuredWindow window,
            UdpSocket socket,
            SecureRandom random,
            RandomGenerator losses) {
        this.stream = stream;
        this.options = options;
        this.window = window;
        this.socket = socket;
        endpoint = new SrtEndpoint(EndpointSettings.CALLER, random, () -> random.nextInt(1, 0x4000_0000));
        Impairment impairment = options.impairment();
        impaired = impairment == null || !impairment.legs().havePublishers()
                ? null
                : new ImpairedEndpoint(endpoint, impairment, losses);
        driver = new EndpointDriver(socket, impaired == null ? endpoint : impaired, this::onEvent);
        double payloads = SEND_BUFFER_SECONDS * 1e6 / options.load().payloadIntervalMicros();
        buffer = new SendBuffer(Integer.highestOneBit((int) payloads + 128) * 2);
    }

    LoopExecutor loop() {
        return socket.loop();
    }

    /** On the loop: fails with a {@link CallFailedException} if the server refuses the stream or doesn't answer. */
    Future<Void> connect(KeyAgreement keys) {
        driver.start();
        int latencyMillis = options.load().latencyMillis();
        endpoint.connect(
                LoopClock.nowMicros(),
                options.publishServer().address(),
                ConnectionSettings.DEFAULT.withLatency(latencyMillis, latencyMillis),
                options.publishId(stream),
                keys,
                true);
        driver.wake();
        return connected.future();
    }

    /** On the loop: sends what is due until then; the first call sets the time from which all is counted. */
    void sendUntil(long dueMicros) {
        SrtConnection open = connection;
        if (open == null) {
            return;
        }
        if (sent == 0) {
            startMicros = dueMicros;
        }
        while (nextDueMicros() <= dueMicros) {
            // Stamped now and not with the time that it was due: our own lateness is not the server's.
            long nowMicros = LoopClock.nowMicros();
            note(nowMicros, dueMicros);
            buffer.append(nowMicros, TestPayload.create(stream, sent, nowMicros));
            sent++;
        }
        endpoint.wake(open);
        driver.wake();
    }

    /** Payloads sent within the window; final once one was sent after it. */
    PayloadRange windowPayloads() {
        return windowStart < 0 ? new PayloadRange(0, 0) : new PayloadRange(windowStart, windowEnd);
    }

    /** How much later than planned the payloads of the window were sent. */
    Histogram lagMicros() {
        return lagMicros;
    }

    /** On the loop: whether the server ended the connection. */
    boolean isClosed() {
        return closed;
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

    private long nextDueMicros() {
        return startMicros + (long) (sent * options.load().payloadIntervalMicros());
    }

    private void note(long nowMicros, long dueMicros) {
        if (window.contains(nowMicros)) {
            if (windowStart < 0) {
                windowStart = sent;
            }
            windowEnd = sent + 1;
            lagMicros.recordValue(Math.min(Math.max(0, nowMicros - dueMicros), MAX_LAG_MICROS));
        }
    }

    private void onEvent(EndpointEvent event) {
        if (event instanceof EndpointEvent.Connected opened) {
            connection = opened.connection();
            opened.connection().sendFrom(buffer, 0, 0);
            connected.complete();
        } else if (event instanceof EndpointEvent.ConnectFailed failed) {
            connected.fail(new CallFailedException(failed));
        } else if (event instanceof EndpointEvent.Closed) {
            connection = null;
            closed = true;
        }
    }
}
