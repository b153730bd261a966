package io.millrace.relay.role;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.Node;
import io.millrace.cluster.Nodes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which nodes this one has seen come and go; says so in the log, and also when too few of them hear each other. */
final class Roster implements Nodes.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Roster.class);
    /** Where nodes come back under other names, those that went would only add up. */
    private static final int MOST_ABSENT = 100;

    private final Cluster cluster;
    private final int configured;
    private final int quorum;
    private final Clock clock;
    /** By incarnation. */
    private final Map<String, Instant> since = new LinkedHashMap<>();
    /** By name, the one that went last at the end. */
    private final Map<String, Absent> absent = new LinkedHashMap<>();

    /** Null until it was known for the first time. */
    private @Nullable Boolean hadQuorum;

    /**
     * A node that is not there any more.
     *
     * @param since when this node saw it go
     * @param wasDraining whether it had said that it would
     */
    record Absent(String nodeId, Instant since, boolean wasDraining) {}

    /**
     * @param configured how many nodes there are when all are up
     * @param quorum how many must hear each other
     */
    Roster(Cluster cluster, int configured, int quorum, Clock clock) {
        this.cluster = cluster;
        this.configured = configured;
        this.quorum = quorum;
        this.clock = clock;
        since.put(cluster.self().incarnation(), clock.instant());
    }

    @Override
    public void joined(Node node) {
        synchronized (this) {
            since.put(node.identity().incarnation(), clock.instant());
            absent.remove(node.nodeId());
        }
        LOG.info("node {} has joined; nodes: {}", node.nodeId(), present());
    }

    @Override
    public void left(Node node) {
        // It may be back already, as the younger of two.
        boolean isBack = cluster.nodes().named(node.nodeId()).isPresent();
        synchronized (this) {
            since.remove(node.identity().incarnation());
            if (!isBack) {
                absent.remove(node.nodeId());
                absent.put(node.nodeId(), new Absent(node.nodeId(), clock.instant(), node.draining()));
                if (absent.size() > MOST_ABSENT) {
                    absent.remove(absent.keySet().iterator().next());
                }
            }
        }
        if (node.draining()) {
            LOG.info("node {} has left, as it had said; nodes: {}", node.nodeId(), present());
        } else {
            LOG.warn("node {} is gone: it died, left or can't be reached; nodes: {}", node.nodeId(), present());
        }
    }

    /** To be called about once a second, when this node has joined. */
    void look() {
        look(cluster::hasQuorum);
    }

    synchronized void look(BooleanSupplier quorumNow) {
        boolean hasQuorum = quorumNow.getAsBoolean();
        Boolean before = hadQuorum;
        if (before != null && before == hasQuorum) {
            return;
        }
        hadQuorum = hasQuorum;
        if (!hasQuorum) {
            LOG.warn(
                    "fewer than {} of {} nodes hear each other, so this one may be the one that is cut off: it serves no"
                            + " listener with an exclusive role; all that is connected stays, and other listeners are open",
                    quorum,
                    configured);
        } else {
            LOG.info(
                    "at least {} of {} nodes hear each other{}: listeners with an exclusive role are served",
                    quorum,
                    configured,
                    before == null ? "" : " again");
        }
    }

    int configured() {
        return configured;
    }

    int quorum() {
        return quorum;
    }

    /** When this node saw another one come; when it started itself, for this one. */
    synchronized Instant since(Node node) {
        return since.getOrDefault(node.identity().incarnation(), clock.instant());
    }

    /** Those that are missing, the one that went last first; none where as many as configured are there. */
    synchronized List<Absent> absent() {
        List<Absent> newestFirst = new ArrayList<>(absent.values());
        Collections.reverse(newestFirst);
        int missing = Math.max(0, configured - cluster.nodes().all().size());
        return newestFirst.stream().limit(missing).toList();
    }

    private String present() {
        return cluster.nodes().all().size() + " of " + configured;
    }
}
