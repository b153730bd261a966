package io.millrace.relay.stats;

import io.millrace.relay.config.JoinMode;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the node knows of one connection, for those who look from outside its loop: what never changes, and the newest
 * snapshot of its statistics.
 */
public final class ConnectionInfo {
    private final long id;
    private final Facts facts;
    private final Consumer<String> closing;
    private final Instant since = Instant.now();
    private final LegSamples samples = new LegSamples();
    private final LinkMeter meter;
    private volatile @Nullable Snapshots snapshots;
    private volatile @Nullable String label;
    private volatile @Nullable Join join;

    /** @param earlier about a second older; null for the first one */
    private record Snapshots(
            ConnectionStatistics newest, @Nullable ConnectionStatistics earlier) {}

    /**
     * Where a subscriber begins.
     *
     * @param behindMillis how far behind what was newest then; null while it waits
     */
    public record Join(JoinMode mode, @Nullable Long behindMillis) {}

    /** Which way the media goes. */
    public enum Role {
        PUBLISHER,
        SUBSCRIBER
    }

    /**
     * What never changes.
     *
     * @param listener name of the listener that it came to
     * @param stream name of the stream
     * @param streamId as the caller sent it, safe to print
     * @param user on whose behalf, as the caller said, safe to print; null if it did not
     * @param encryption cipher and key length, or "none", for people
     * @param peer where it comes from
     * @param local where it called
     * @param srtVersion of the peer
     * @param latencyMillis of the leg: our receiver's for a publisher, the peer's for a subscriber
     */
    public record Facts(
            Role role,
            String listener,
            String stream,
            String streamId,
            @Nullable String user,
            String encryption,
            InetSocketAddress peer,
            InetSocketAddress local,
            String srtVersion,
            int latencyMillis) {
        /** The listener's name of what goes between the nodes of a cluster; no configured one can have it. */
        public static final String NODES_LISTENER = "(nodes)";

        /** Whether it carries a stream from one node to another, and its peer is no caller. */
        public boolean isBetweenNodes() {
            return listener.equals(NODES_LISTENER);
        }
    }

    ConnectionInfo(long id, Facts facts, Consumer<String> closing, HistoryMemory memory) {
        this.id = id;
        this.facts = facts;
        this.closing = closing;
        meter = new LinkMeter(facts.role(), samples, memory);
    }

    /** Number of the connection on this node, in the order of opening. */
    public long id() {
        return id;
    }

    public Facts facts() {
        return facts;
    }

    /** When it opened. */
    public Instant since() {
        return since;
    }

    /** The newest snapshot, about a second old at most; null in the first moments. */
    public @Nullable ConnectionStatistics statistics() {
        Snapshots present = snapshots;
        return present == null ? null : present.newest;
    }

    /** What came about between the two newest snapshots; null in the first second. */
    public @Nullable ConnectionStatistics interval() {
        Snapshots present = snapshots;
        return present == null || present.earlier == null ? null : present.newest.since(present.earlier);
    }

    /** Where its loop puts samples. */
    public LegSamples samples() {
        return samples;
    }

    /** What is made of the samples. */
    public LinkMeter meter() {
        return meter;
    }

    /** From now on there is something else to count from. */
    public void mark(Instant now) {
        meter.mark(now, statistics());
    }

    /** How the link should be set; null while too little is known of it. */
    public @Nullable LinkAdvice advice() {
        ConnectionStatistics newest = statistics();
        double megabits = newest == null ? 0 : newest.value(Statistic.mbpsBandwidth);
        return meter.advice(facts.latencyMillis(), megabits * 1e6);
    }

    /** What an operator calls it; null for nothing. */
    public @Nullable String label() {
        return label;
    }

    public void label(@Nullable String text) {
        label = text;
    }

    /** Where it begins in its stream; null for a publisher. */
    public @Nullable Join join() {
        return join;
    }

    /** It is going to begin like this. */
    public void joins(JoinMode mode) {
        join = new Join(mode, null);
    }

    /** It begins now, so far behind what is newest. */
    public void begins(long behindMillis) {
        Join expected = join;
        if (expected != null) {
            join = new Join(expected.mode(), behindMillis);
        }
    }

    /** Ends the connection, if it is still open; its peer is told. From any thread: it happens soon, on its loop. */
    public void close(String why) {
        closing.accept(why);
    }

    /** On the connection's loop: publishes a newer snapshot. */
    public void update(ConnectionStatistics newest) {
        snapshots = new Snapshots(newest, statistics());
    }
}
