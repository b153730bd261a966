package io.millrace.relay.stream;

import io.millrace.relay.net.LoopExecutor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The media side of a stream: its log and, on every loop that has subscribers, their fan-out. */
public final class StreamMedia {
    private final StreamLog log;
    private final AtomicReferenceArray<@Nullable Fanout> fanouts;
    private final StreamSettings settings;
    private final Supplier<@Nullable JoinPoint> joinPoint;
    private volatile boolean closed;

    /** @param joinPoint where a new subscriber may begin; callable from any loop */
    StreamMedia(StreamLog log, StreamSettings settings, int loops, Supplier<@Nullable JoinPoint> joinPoint) {
        this.log = log;
        this.settings = settings;
        this.joinPoint = joinPoint;
        fanouts = new AtomicReferenceArray<>(loops);
    }

    public StreamLog log() {
        return log;
    }

    /** The fan-out of this loop; called on it. */
    public Fanout fanout(LoopExecutor loop) {
        Fanout fanout = fanouts.get(loop.index());
        if (fanout == null) {
            fanout = new Fanout(loop, log, settings, joinPoint);
            fanouts.set(loop.index(), fanout);
            // A subscriber that was granted before the stream ended may get here only after it.
            if (closed) {
                fanout.close();
            }
        }
        return fanout;
    }

    /**
     * From any loop, once a batch: the log has more.
     *
     * @param arrivedMicros when that came in, in microseconds of the loops' clock
     */
    public void published(long arrivedMicros) {
        for (int i = 0; i < fanouts.length(); i++) {
            Fanout fanout = fanouts.get(i);
            if (fanout != null) {
                fanout.wake(arrivedMicros);
            }
        }
    }

    /** The stream has ended: closes its subscribers, and those that are still to come. */
    void close() {
        closed = true;
        for (int i = 0; i < fanouts.length(); i++) {
            Fanout fanout = fanouts.get(i);
            if (fanout != null) {
                fanout.close();
            }
        }
    }

    /** Ends what other nodes take, from any thread: they are served what is received here now, and nothing else. */
    void closeNodes() {
        for (int i = 0; i < fanouts.length(); i++) {
            Fanout fanout = fanouts.get(i);
            if (fanout != null) {
                fanout.closeNodes();
            }
        }
    }
}
