package io.millrace.relay.listener;

import io.millrace.relay.stats.StrayCounts;
import io.millrace.srt.endpoint.StraySink;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Hands what comes to one socket of a listener, and is for another one, to where it belongs: on the same loop at once, on
 * another one through its {@link StrayInbox}. What is for no connection of this node goes to {@link ClusterStrays}. Anybody
 * can make up socket IDs, so nothing is copied before there is room for it.
 */
final class StrayRouter implements StraySink {
    private final LoopSockets sockets;
    private final ListenerLoops loops;
    private final InetSocketAddress local;
    private final ClusterStrays cluster;
    private long handedOver;
    private long takenOver;
    private long dropped;

    /**
     * @param sockets the listener's on the same loop
     * @param local address of the socket
     * @param cluster takes what no socket of this node owns
     */
    StrayRouter(LoopSockets sockets, InetSocketAddress local, ClusterStrays cluster) {
        this.sockets = sockets;
        loops = sockets.loops();
        this.local = local;
        this.cluster = cluster;
    }

    @Override
    public boolean takePacket(int socketId, InetSocketAddress from, ByteBuffer packet) {
        return SocketIds.isPossible(socketId)
                && (handOver(loops.loopOf(socketId), from, packet) || cluster.take(socketId, from, packet));
    }

    @Override
    public boolean takeConclusion(int issuer, InetSocketAddress from, ByteBuffer conclusion) {
        return handOver(issuer, from, conclusion);
    }

    /** A stray of another socket came to this one. */
    void takenOver() {
        takenOver++;
    }

    StrayCounts counts() {
        return new StrayCounts(handedOver, takenOver, dropped, cluster.counts());
    }

    private boolean handOver(int loop, InetSocketAddress from, ByteBuffer datagram) {
        if (loop == sockets.loop().index()) {
            ListenerSocket owner = sockets.ownerOf(from, datagram);
            if (owner == null) {
                return false;
            }
            handedOver++;
            owner.handleStray(from, datagram);
            return true;
        }
        StrayInbox inbox = loops.inbox(loop);
        if (inbox == null) {
            return false;
        }
        if (inbox.offer(from, local, datagram)) {
            handedOver++;
        } else {
            dropped++;
        }
        return true;
    }
}
