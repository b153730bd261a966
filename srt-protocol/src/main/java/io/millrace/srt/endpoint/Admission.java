package io.millrace.srt.endpoint;

import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.handshake.SynCookie;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who may wait at the door: the cookie and the budget that let a caller come so far, and the bounded set of those that
 * wait for a decision. A repeated conclusion starts no second decision.
 */
final class Admission {
    private static final int MAX_DECIDED = 256;

    private final SynCookie cookie;
    private final RandomGenerator random;
    private EndpointSettings settings;
    private HandshakeBudget budget;
    /** In order of arrival, so the first one is the first to expire. */
    private final Map<Key, PendingCaller> pending = new LinkedHashMap<>();
    /**
     * What became of the callers decided on last: null for a connection, which has ended since, else the refusal. A
     * conclusion that was on its way meanwhile must not start all over.
     */
    private final Map<Key, @Nullable RejectReason> decided = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, @Nullable RejectReason> eldest) {
            return size() > MAX_DECIDED;
        }
    };

    private record Key(InetSocketAddress address, int socketId, int initialSequenceNumber) {
        static Key of(PendingCaller caller) {
            return of(caller.address(), caller.request());
        }

        static Key of(InetSocketAddress from, HandshakePacket request) {
            return new Key(from, request.socketId(), request.initialSequenceNumber());
        }
    }

    Admission(EndpointSettings settings, SynCookie cookie, RandomGenerator random) {
        this.settings = settings;
        this.cookie = cookie;
        this.random = random;
        budget = new HandshakeBudget(settings.handshakeLimits(), random);
    }

    /** From now on lets callers in by these. Who waits already goes on waiting. */
    void settings(EndpointSettings changed) {
        if (!changed.handshakeLimits().equals(settings.handshakeLimits())) {
            budget = new HandshakeBudget(changed.handshakeLimits(), random);
        }
        settings = changed;
    }

    /** Whether this address may call at all. */
    boolean mayCall(InetAddress address) {
        return settings.mayCall().test(address);
    }

    /** Whether a request that proves nothing is answered. */
    boolean mayBeAnswered(InetAddress unproven, long nowMicros) {
        return budget.takeAnswer(unproven, nowMicros);
    }

    /** Whether an address, which a cookie has proved, may ask for one decision more. */
    boolean mayAsk(InetAddress proven, long nowMicros) {
        return budget.takeConclusion(proven, nowMicros);
    }

    int cookie(InetSocketAddress caller, long nowMicros) {
        return cookie.of(caller, nowMicros);
    }

    /** Which endpoint gave the caller this cookie; {@link SynCookie#INVALID} if none did. */
    int cookieIssuer(int value, InetSocketAddress caller, long nowMicros) {
        return cookie.issuer(value, caller, nowMicros);
    }

    /** Takes note that this very caller, which waits already, asks once more; false if it does not wait. */
    boolean noteRepeated(InetSocketAddress from, HandshakePacket request, long nowMicros) {
        PendingCaller caller = pending.get(Key.of(from, request));
        if (caller == null) {
            return false;
        }
        caller.repeated(nowMicros);
        return true;
    }

    /** Whether this very caller waits already. */
    boolean isPending(InetSocketAddress from, HandshakePacket request) {
        return pending.containsKey(Key.of(from, request));
    }

    /** Whether this very caller has been decided on lately. */
    boolean isDecided(InetSocketAddress from, HandshakePacket request) {
        return decided.containsKey(Key.of(from, request));
    }

    /** Why a caller that was decided on was refused; null if it was not. */
    @Nullable
    RejectReason refusal(InetSocketAddress from, HandshakePacket request) {
        return decided.get(Key.of(from, request));
    }

    /** Takes a caller out that was decided on, and remembers the decision: null for a connection. */
    void decided(PendingCaller caller, @Nullable RejectReason refusal) {
        pending.remove(Key.of(caller), caller);
        decided.put(Key.of(caller), refusal);
    }

    /** Lets a caller wait; false if too many do. */
    boolean admit(PendingCaller caller) {
        if (pending.size() >= settings.maximumPendingCallers()) {
            return false;
        }
        pending.put(Key.of(caller), caller);
        return true;
    }

    /** Callers that are remembered, waiting or decided on. */
    int size() {
        return pending.size() + decided.size();
    }

    List<PendingCaller> pending() {
        return List.copyOf(pending.values());
    }

    /** Takes out the callers that have waited too long. */
    List<PendingCaller> expire(long nowMicros) {
        List<PendingCaller> expired = new ArrayList<>();
        for (Iterator<PendingCaller> i = pending.values().iterator(); i.hasNext(); ) {
            PendingCaller caller = i.next();
            if (nowMicros - caller.arrivedMicros() < settings.pendingCallerMicros()) {
                break;
            }
            caller.decide();
            expired.add(caller);
            i.remove();
        }
        return expired;
    }

    long nextExpiryMicros() {
        return pending.isEmpty()
                ? Long.MAX_VALUE
                : pending.values().iterator().next().arrivedMicros() + settings.pendingCallerMicros();
    }
}
