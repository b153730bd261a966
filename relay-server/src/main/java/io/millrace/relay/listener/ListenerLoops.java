package io.millrace.relay.listener;

import io.millrace.srt.handshake.SynCookie;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What the loops of one listener share: its name, what its configuration says about callers, and so that a caller finds its
 * connection whichever of the port's sockets the kernel hands its datagrams to, the secret of the cookies and where each
 * loop takes strays.
 */
final class ListenerLoops {
    private final String name;
    private final CookieSecrets cookieSecrets;
    private final SynCookie.Secret cookieSecret;
    private final SocketIds.Key socketIdKey;
    private final AtomicReferenceArray<@Nullable StrayInbox> inboxes;

    private final AtomicInteger connections = new AtomicInteger();

    private volatile ListenerPolicy policy;
    private volatile boolean accepting;
    private volatile long epoch;

    /** @param accepting whether callers are let in from the start */
    ListenerLoops(ListenerServices services, String name, ListenerPolicy policy, boolean accepting) {
        this.name = name;
        this.policy = policy;
        this.accepting = accepting;
        cookieSecrets = services.cookieSecrets();
        cookieSecret = cookieSecrets.of(name);
        socketIdKey = services.socketIdKey();
        inboxes = new AtomicReferenceArray<>(services.loops().all().size());
    }

    String name() {
        return name;
    }

    ListenerPolicy policy() {
        return policy;
    }

    /** Callers are judged by this from now on. */
    void policy(ListenerPolicy changed) {
        policy = changed;
    }

    /** Of the grant by which this node has the listener's role; 0 if every node has it. */
    long epoch() {
        return epoch;
    }

    /** Callers are let in under this grant from now on. */
    void epoch(long granted) {
        epoch = granted;
    }

    /** Whether callers are let in; connections go on in either case. */
    boolean isAccepting() {
        return accepting;
    }

    void accepting(boolean changed) {
        accepting = changed;
    }

    /** Connections on all loops. */
    int connections() {
        return connections.get();
    }

    void connectionOpened() {
        connections.incrementAndGet();
    }

    void connectionClosed() {
        connections.decrementAndGet();
    }

    /** The cookies that the endpoints of this loop give to callers. */
    SynCookie cookies(int loop) {
        return cookieSecrets.cookies(cookieSecret, loop, inboxes.length());
    }

    /** This loop has a socket, and takes what is for it. */
    void join(int loop, StrayInbox inbox) {
        inboxes.set(loop, inbox);
    }

    /** This loop has no socket any more. */
    void leave(int loop) {
        inboxes.set(loop, null);
    }

    /** Number of the loop that made this socket ID, if any of ours did. */
    int loopOf(int socketId) {
        return SocketIds.loopOf(socketIdKey, socketId);
    }

    /** Where this loop takes strays; null if it doesn't exist, or has no socket. */
    @Nullable
    StrayInbox inbox(int loop) {
        return loop < inboxes.length() ? inboxes.get(loop) : null;
    }
}
