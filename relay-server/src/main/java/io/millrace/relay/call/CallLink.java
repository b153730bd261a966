package io.millrace.relay.call;

import io.millrace.relay.net.LoopClock;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.Negotiated;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connection that came of a call. For the program's threads, not for the loop. */
public final class CallLink {
    private final CallerSocket socket;
    private final SrtConnection connection;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable CloseReason closeReason;
    private volatile @Nullable ConnectionStatistics last;

    CallLink(CallerSocket socket, SrtConnection connection) {
        this.socket = socket;
        this.connection = connection;
    }

    /** On the loop. */
    void closed(CloseReason reason) {
        last = connection.statistics(LoopClock.nowMicros());
        closeReason = reason;
        ended.countDown();
    }

    /** What the handshake agreed on. */
    public Negotiated negotiated() {
        return connection.negotiated();
    }

    /** Whether it goes on. */
    public boolean isOpen() {
        return closeReason == null;
    }

    /** Why it ended; null while it goes on. */
    public @Nullable CloseReason closeReason() {
        return closeReason;
    }

    /** A snapshot, after the end the last one; rates are over the time since the one before. */
    public ConnectionStatistics statistics() throws IOException {
        ConnectionStatistics atEnd = last;
        return atEnd != null
                ? atEnd
                : socket.on(() -> Future.succeededFuture(connection.statistics(LoopClock.nowMicros())));
    }

    /** Does something on the connection's loop, such as giving it more to send, and has the outcome sent; doesn't wait. */
    public void post(Runnable action) {
        socket.loop().execute(() -> {
            action.run();
            socket.wake(connection);
        });
    }

    /** Waits for its end, at most so long; returns whether it has ended. */
    public boolean awaitEnd(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Ends it; the server is told. */
    public void hangUp() throws IOException {
        socket.on(() -> {
            socket.hangUp(connection);
            return Future.succeededFuture();
        });
    }
}
