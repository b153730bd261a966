package io.millrace.relay.listener;

import io.millrace.cluster.ConnectionFact;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.UdpSocket;
import io.millrace.srt.packet.PacketDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one peer's datagrams to the node that has its connection, and of the answers back to it, which leave from the
 * address that the peer called. As a NAT does it: on the way to the node they come from a port of their own. Everything
 * happens on the loop of the socket that was called.
 */
final class ForwardedPeer {
    private static final long IDLE_MICROS = 10_000_000;

    /** A connection answers at least once a second, and its peer gives up after five. */
    private static final long UNANSWERED_MICROS = 4_000_000;

    private final ConnectionFact fact;
    private final InetSocketAddress owner;
    private final UdpSocket called;
    private final ForwardMeter meter;
    /** Null until it is bound. */
    private @Nullable UdpSocket own;

    private boolean closed;
    private long forwardedMicros;
    private long answeredMicros;

    /**
     * @param owner address of the node that has the connection
     * @param called the socket that the peer's datagrams come to
     */
    ForwardedPeer(ConnectionFact fact, InetAddress owner, UdpSocket called, ForwardMeter meter, long nowMicros) {
        this.fact = fact;
        this.owner = new InetSocketAddress(owner, fact.called().getPort());
        this.called = called;
        this.meter = meter;
        forwardedMicros = nowMicros;
        answeredMicros = nowMicros;
    }

    /** Begins to pass on by this socket, which is closed with it. */
    void start(UdpSocket bound) {
        if (closed) {
            var unused = bound.close();
            return;
        }
        own = bound;
        bound.receive((from, datagram) -> giveBack(from, datagram, LoopClock.nowMicros()));
    }

    boolean isFrom(InetSocketAddress address) {
        return fact.peer().equals(address);
    }

    ConnectionFact fact() {
        return fact;
    }

    void forward(ByteBuffer datagram, long nowMicros) {
        forwardedMicros = nowMicros;
        if (own != null && meter.mayPass() && own.send(owner, datagram)) {
            meter.forwarded();
        } else {
            meter.dropped();
        }
    }

    /** Whether the peer has fallen silent. */
    boolean isIdle(long nowMicros) {
        return nowMicros - forwardedMicros >= IDLE_MICROS;
    }

    /** Whether the peer still sends, and nobody answers it. */
    boolean isUnanswered() {
        return forwardedMicros - answeredMicros >= UNANSWERED_MICROS;
    }

    void close() {
        closed = true;
        if (own != null) {
            var unused = own.close();
        }
    }

    /** Anybody can send here, but only the connection's own packets are let through. */
    private void giveBack(InetSocketAddress from, ByteBuffer datagram, long nowMicros) {
        boolean ofOwner = from.equals(owner) || from.equals(fact.called());
        if (ofOwner
                && PacketDecoder.check(datagram) == null
                && PacketDecoder.destinationSocketId(datagram) == fact.peerSocketId()
                && meter.mayPass()
                && called.send(fact.peer(), datagram)) {
            answeredMicros = nowMicros;
            meter.returned();
        } else {
            meter.dropped();
        }
    }
}
