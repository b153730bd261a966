package io.millrace.relay.role;

import io.millrace.cluster.NodeIdentity;
import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.log.LogField;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.Elsewhere;
import io.millrace.relay.stream.Publisher;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.receive.Delivery;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream on its way from another node: asks one after the other until one sends it. Lives on its socket's loop. */
final class NodePull implements Elsewhere.Pull {
    private static final Logger LOG = LoggerFactory.getLogger(NodePull.class);

    private static final int MOST_SILENT_SECONDS = 5;

    private final String stream;
    private final Elsewhere.Target target;
    private final PullSocket socket;
    private final Supplier<? extends Collection<NodeIdentity>> nodesToAsk;
    private final Deque<NodeIdentity> toAsk = new ArrayDeque<>();

    private @Nullable NodeIdentity node;
    private @Nullable SrtConnection connection;
    private @Nullable ConnectionInfo info;
    private @Nullable String ending;
    private String failure = "no node that lives has it";
    private boolean over;
    /** Whether it comes from another node than the one that publishes it. */
    private boolean isCopy;

    private double packets;
    private int silentSeconds;

    /** @param nodesToAsk who may have the stream, the best first */
    NodePull(
            String stream,
            Elsewhere.Target target,
            PullSocket socket,
            Supplier<? extends Collection<NodeIdentity>> nodesToAsk) {
        this.stream = stream;
        this.target = target;
        this.socket = socket;
        this.nodesToAsk = nodesToAsk;
    }

    void begin() {
        socket.execute(() -> {
            toAsk.addAll(nodesToAsk.get());
            askNext();
        });
    }

    @Override
    public void end(String why) {
        socket.execute(() -> {
            if (over || ending != null) {
                return;
            }
            ending = why;
            if (connection != null) {
                socket.close(connection);
            } else if (node == null) {
                finish(why);
            }
            // A call that is under way is answered first.
        });
    }

    String stream() {
        return stream;
    }

    Elsewhere.Target target() {
        return target;
    }

    /** Who sends it, or is asked to; null before the first one. */
    @Nullable
    NodeIdentity node() {
        return node;
    }

    /** What is known of its connection; null while there is none. */
    @Nullable
    ConnectionInfo info() {
        return info;
    }

    @Nullable
    SrtConnection connection() {
        return connection;
    }

    private void askNext() {
        NodeIdentity next = toAsk.poll();
        isCopy = node != null;
        node = next;
        if (ending != null || next == null) {
            finish(ending == null ? failure : ending);
        } else {
            socket.call(this, next);
        }
    }

    /** The node sends it. */
    void connected(SrtConnection opened) {
        NodeIdentity sender = node;
        if (ending != null || sender == null) {
            connection = opened;
            socket.close(opened);
            return;
        }
        connection = opened;
        target.slot().onChange(() -> socket.changed(this));
        opened.receiveInto(target.slot(), Delivery.ON_ARRIVAL);
        int latencyMillis = opened.negotiated().receiveLatencyMillis();
        info = socket.opened(this, sender, opened, latencyMillis);
        LOG.atInfo()
                .addKeyValue(LogField.STREAM, stream)
                .log(
                        "stream \"{}\" comes from node {}, latency {} ms",
                        LoggableStreamId.of(stream),
                        sender,
                        latencyMillis);
        target.opened(new Publisher(opened.peerAddress(), latencyMillis, 0, sender.nodeId(), this::end));
    }

    /** The node doesn't send it. */
    void refused(EndpointEvent.ConnectFailed refusal) {
        refused(
                refusal.reason() == RejectReason.OVERLOAD
                        ? "as many nodes take it there as may"
                        : refusal.reason() == RejectReason.TIMEOUT
                                ? "it did not answer"
                                : refusal.reason().toString());
    }

    void refused(String why) {
        failure = "node " + node + ": " + why;
        LOG.debug("stream \"{}\": {}", stream, failure);
        askNext();
    }

    /**
     * What comes by way of another node, and is silent, may be on its way in a circle: the nodes' reports, by which circles
     * are avoided, are a second old.
     */
    void secondPassed() {
        ConnectionStatistics statistics = info == null ? null : info.statistics();
        if (!isCopy || statistics == null) {
            return;
        }
        double now = statistics.value(Statistic.pktRecvTotal);
        silentSeconds = now == packets ? silentSeconds + 1 : 0;
        packets = now;
        if (silentSeconds >= MOST_SILENT_SECONDS) {
            end("nothing came from node " + node);
        }
    }

    /** Its connection is over. */
    void closed(CloseReason reason) {
        String why = ending != null
                ? ending
                : switch (reason) {
                    case PEER_SHUTDOWN -> "node " + node + " has it no more";
                    case PEER_IDLE -> "nothing was heard from node " + node;
                    case REPLACED, LOCAL -> "this node stops";
                };
        LOG.atInfo()
                .addKeyValue(LogField.STREAM, stream)
                .log("stream \"{}\" comes no longer from node {}: {}", LoggableStreamId.of(stream), node, why);
        finish(why);
    }

    private void finish(String why) {
        if (!over) {
            over = true;
            socket.ended(this);
            target.ended(why);
        }
    }
}
