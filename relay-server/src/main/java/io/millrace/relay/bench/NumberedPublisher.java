package io.millrace.relay.bench;

import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.UdpSocket;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.send.SendBuffer;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a stream evenly and calls again when its connection ends. Like an encoder it goes on meanwhile: what it makes
 * while nobody takes it is lost, and its number too. Lives on its socket's loop.
 */
final class NumberedPublisher {
    private static final long TICK_MICROS = 5_000;
    private static final int BUFFERED_PAYLOADS = 4_096;

    private final int stream;
    private final double intervalMicros;
    private final ReturningCaller caller;

    private @Nullable SendBuffer buffer;
    private long startMicros;
    private long made;
    private long lastSent = -1;
    private boolean resting;
    private boolean closed;

    /**
     * What became of it until now.
     *
     * @param connections how many it has had
     * @param ends why those ended that have ended, in order
     * @param lastSent number of the last payload that a connection was given; -1 for none
     */
    record State(int connections, boolean connected, List<CloseReason> ends, long lastSent) {}

    NumberedPublisher(
            List<InetSocketAddress> servers,
            String streamId,
            int stream,
            long bitsPerSecond,
            UdpSocket socket,
            SecureRandom random) {
        this.stream = stream;
        intervalMicros = TestPayload.LENGTH * 8e6 / bitsPerSecond;
        caller = new ReturningCaller(servers, streamId, this::attach, socket, random);
    }

    int stream() {
        return stream;
    }

    /** On the loop. */
    void start() {
        caller.start();
        startMicros = LoopClock.nowMicros();
        caller.loop().schedule(TICK_MICROS, this::tick);
    }

    /** On the loop: makes nothing more; the connection stays. */
    void rest() {
        resting = true;
    }

    /** On the loop. */
    State state() {
        return new State(caller.connections(), caller.connection() != null, caller.ends(), lastSent);
    }

    /** On the loop. */
    Future<Void> close() {
        closed = true;
        return caller.close();
    }

    private void attach(SrtConnection connection) {
        buffer = new SendBuffer(BUFFERED_PAYLOADS);
        connection.sendFrom(buffer, 0, 0);
    }

    private void tick() {
        if (closed || resting) {
            return;
        }
        long nowMicros = LoopClock.nowMicros();
        boolean given = false;
        for (; startMicros + (long) (made * intervalMicros) <= nowMicros; made++) {
            if (caller.connection() != null && buffer != null) {
                buffer.append(nowMicros, TestPayload.create(stream, made, nowMicros));
                lastSent = made;
                given = true;
            }
        }
        if (given) {
            caller.wake();
        }
        caller.loop().schedule(TICK_MICROS, this::tick);
    }
}
