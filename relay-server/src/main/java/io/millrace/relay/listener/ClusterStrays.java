package io.millrace.relay.listener;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ConnectionFact;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.UdpSocket;
import io.millrace.relay.stats.ClusterStrayCounts;
import io.millrace.relay.stats.StrayLookup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjIntConsumer;

/**
 * What came to one socket and is for a connection that this node doesn't have: the cluster is asked whose it is. The peer
 * of a connection that is over is told so; the datagrams of another node's peer are passed on to it, as after a load
 * balancer has forgotten whom it chose. Strangers get no answer. Everything happens on the socket's loop.
 *
 * <p>Only who sends from the address of a connection's peer, and to its socket ID, is taken for that peer. That may be
 * forged by whoever knows both; what he gets by it is what he would get at the right node as well.
 */
final class ClusterStrays {
    private final ListenerServices services;
    private final Cluster cluster;
    private final String listener;
    private final UdpSocket socket;
    private final ObjIntConsumer<InetSocketAddress> shutDown;
    private final StrayMemory memory = new StrayMemory();
    private final ForwardMeter meter = new ForwardMeter();
    /** By our socket ID of the connection. */
    private final Map<Integer, ForwardedPeer> forwarded = new HashMap<>();

    private final Map<StrayLookup, Long> lookups = new EnumMap<>(StrayLookup.class);
    private boolean closed;

    /** @param shutDown sends SRT shutdown to a peer, from this socket, and to its socket ID */
    ClusterStrays(
            ListenerServices services, String listener, UdpSocket socket, ObjIntConsumer<InetSocketAddress> shutDown) {
        this.services = services;
        cluster = services.cluster();
        this.listener = listener;
        this.socket = socket;
        this.shutDown = shutDown;
    }

    /** Deals with a datagram; false if nothing more than to be discarded can be done with it. */
    boolean take(int socketId, InetSocketAddress from, ByteBuffer datagram) {
        long now = LoopClock.nowMicros();
        ForwardedPeer peer = forwarded.isEmpty() ? null : forwarded.get(socketId);
        if (peer != null && peer.isFrom(from)) {
            if (services.otherNodes().lives(peer.fact().incarnation(), now)) {
                peer.forward(datagram, now);
                return true;
            }
            end(socketId, peer);
        }
        StrayMemory.Verdict known = memory.of(socketId, from, now);
        if (known == null) {
            ask(socketId, from, now);
        } else if (known.isToBeRepeated(now)) {
            shutDown.accept(from, known.peerSocketId());
        }
        return false;
    }

    /** Ends what is over. To be called each second. */
    void secondPassed() {
        meter.secondPassed();
        long now = LoopClock.nowMicros();
        Map.copyOf(forwarded).forEach((socketId, peer) -> {
            if (peer.isIdle(now)) {
                end(socketId, peer);
            } else if (peer.isUnanswered()) {
                // Its node lives, but can't be reached from here, or not from there: the peer is better off here.
                end(socketId, peer);
                tellOver(peer.fact(), now);
                count(StrayLookup.UNREACHABLE);
            }
        });
    }

    void close() {
        closed = true;
        Map.copyOf(forwarded).forEach(this::end);
    }

    ClusterStrayCounts counts() {
        return meter.counts(lookups);
    }

    private void ask(int socketId, InetSocketAddress from, long nowMicros) {
        if (!services.lookups().take(nowMicros)) {
            count(StrayLookup.UNASKED);
            return;
        }
        memory.asked(socketId, from, nowMicros);
        var unused = cluster.connections()
                .find(socketId)
                .whenComplete((found, failure) -> socket.loop()
                        .execute(() -> count(
                                failure == null ? answer(found, from, LoopClock.nowMicros()) : StrayLookup.FAILED)));
    }

    private StrayLookup answer(Optional<ConnectionFact> found, InetSocketAddress from, long nowMicros) {
        // IDs of two nodes may be the same, and strangers guess.
        ConnectionFact fact = found.filter(
                        one -> one.peer().equals(from) && one.role().equals(listener))
                .orElse(null);
        if (fact == null || closed) {
            return StrayLookup.UNKNOWN;
        }
        if (services.otherNodes().livesNow(fact.incarnation(), nowMicros)) {
            return forward(fact, nowMicros) ? StrayLookup.FORWARDED : StrayLookup.UNREACHABLE;
        }
        tellOver(fact, nowMicros);
        cluster.connections().closed(fact.localSocketId());
        return StrayLookup.ENDED;
    }

    private void tellOver(ConnectionFact fact, long nowMicros) {
        memory.ended(fact.localSocketId(), fact.peer(), fact.peerSocketId(), nowMicros);
        shutDown.accept(fact.peer(), fact.peerSocketId());
    }

    private boolean forward(ConnectionFact fact, long nowMicros) {
        InetAddress there = services.otherNodes().addressOf(fact.incarnation());
        InetAddress here = services.otherNodes().ownAddress();
        if (there == null || here == null || !services.forwardedPeers().take()) {
            return false;
        }
        ForwardedPeer peer = new ForwardedPeer(fact, there, socket, meter, nowMicros);
        ForwardedPeer former = forwarded.put(fact.localSocketId(), peer);
        if (former != null) {
            former.close();
            services.forwardedPeers().giveBack();
        }
        services.transport()
                .bind(socket.loop(), new InetSocketAddress(here, 0))
                .onSuccess(peer::start)
                .onFailure(failure -> end(fact.localSocketId(), peer));
        return true;
    }

    private void end(int socketId, ForwardedPeer peer) {
        if (forwarded.remove(socketId, peer)) {
            peer.close();
            services.forwardedPeers().giveBack();
        }
    }

    private void count(StrayLookup outcome) {
        lookups.merge(outcome, 1L, Long::sum);
    }
}
