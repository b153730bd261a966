package io.millrace.relay.stats;

import io.millrace.srt.connection.ConnectionStatistics;
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
    private volatile @Nullable ConnectionStatistics statistics;
    private volatile @Nullable String label;

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
            int latencyMillis) {}

    ConnectionInfo(long id, Facts facts, Consumer<String> closing) {
        this.id = id;
        this.facts = facts;
        this.closing = closing;
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
        return statistics;
    }

    /** What an operator calls it; null for nothing. */
    public @Nullable String label() {
        return label;
    }

    public void label(@Nullable String text) {
        label = text;
    }

    /** Ends the connection, if it is still open; its peer is told. From any thread: it happens soon, on its loop. */
    public void close(String why) {
        closing.accept(why);
    }

    /** On the connection's loop: publishes a newer snapshot. */
    public void update(ConnectionStatistics newest) {
        statistics = newest;
    }
}
