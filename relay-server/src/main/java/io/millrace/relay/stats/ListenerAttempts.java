package io.millrace.relay.stats;

import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.StreamRequest;
import io.millrace.srt.handshake.RejectReason;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last attempts at one listener, and counters of all of them. Callable from any thread; an attempt costs a short
 * synchronized section, and a snapshot holds it only to copy references.
 */
public final class ListenerAttempts {
    private final String listener;
    private final IntSupplier maximum;
    private final InstantSource clock;
    /** Acceptances by their connection, refusals by what makes them equal; the one that was touched last comes last. */
    private final LinkedHashMap<Object, Attempt> attempts = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<StreamRequest.Mode, LongAdder> accepted = new EnumMap<>(StreamRequest.Mode.class);
    private final Map<RejectReason, LongAdder> refused = new EnumMap<>(RejectReason.class);

    /** By the stream id as it is shown, so that somebody who tries passwords is one entry. */
    private record SameRefusal(InetAddress peer, String streamId, Refusal refusal) {}

    ListenerAttempts(String listener, IntSupplier maximum, InstantSource clock) {
        this.listener = listener;
        this.maximum = maximum;
        this.clock = clock;
        // Complete from the start: afterwards they are read from all threads.
        for (StreamRequest.Mode action : StreamRequest.Mode.values()) {
            accepted.put(action, new LongAdder());
        }
        for (RejectReason reason : RejectReason.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    /** A caller, whose action is known, became a connection. */
    public void accepted(Attempt.Caller caller, Attempt.Accepted result) {
        counter(accepted, caller.action()).increment();
        synchronized (attempts) {
            attempts.put(result.connection(), new Attempt(caller, result, clock.instant()));
            forgetBeyondMaximum();
        }
    }

    /** A caller was turned away. */
    public void refused(Attempt.Caller caller, Refusal refusal) {
        refusedUnlisted(refusal);
        SameRefusal key = new SameRefusal(caller.peer().getAddress(), caller.streamId(), refusal);
        synchronized (attempts) {
            Attempt earlier = attempts.get(key);
            attempts.put(
                    key,
                    earlier == null
                            ? new Attempt(caller, new Attempt.Refused(refusal), clock.instant())
                            : earlier.repeated(caller, clock.instant()));
            forgetBeyondMaximum();
        }
    }

    /** A caller was turned away in a flood of which only the number is kept. */
    public void refusedUnlisted(Refusal refusal) {
        counter(refused, refusal.reason()).increment();
    }

    /** What is kept, newest first. */
    List<Attempt> newestFirst() {
        List<Attempt> kept;
        synchronized (attempts) {
            kept = new ArrayList<>(attempts.values());
        }
        Collections.reverse(kept);
        return kept;
    }

    /** How many there were since the start. */
    AttemptCounts counts() {
        Map<StreamRequest.Mode, Long> byAction = new EnumMap<>(StreamRequest.Mode.class);
        accepted.forEach((action, counter) -> byAction.put(action, counter.sum()));
        Map<RejectReason, Long> byReason = new EnumMap<>(RejectReason.class);
        refused.forEach((reason, counter) -> byReason.put(reason, counter.sum()));
        return new AttemptCounts(listener, byAction, byReason);
    }

    /** How many were turned away since the start. */
    long refused() {
        return refused.values().stream().mapToLong(LongAdder::sum).sum();
    }

    private static <K> LongAdder counter(Map<K, LongAdder> counters, @Nullable K key) {
        return Objects.requireNonNull(counters.get(key));
    }

    private void forgetBeyondMaximum() {
        int excess = attempts.size() - maximum.getAsInt();
        for (var oldest = attempts.entrySet().iterator(); excess > 0; excess--) {
            oldest.next();
            oldest.remove();
        }
    }
}
