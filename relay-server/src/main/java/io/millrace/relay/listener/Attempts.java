package io.millrace.relay.listener;

import io.millrace.relay.access.Admitted;
import io.millrace.relay.access.DefaultStream;
import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.StreamRequest;
import io.millrace.relay.stats.Attempt;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionEvents;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.ListenerAttempts;
import io.millrace.srt.endpoint.PendingCaller;
import io.millrace.srt.handshake.SrtExtension;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one socket of a listener tells the attempt log. On the socket's loop.
 *
 * <p>To make a hostile stream id fit to be shown takes tens of microseconds, so a caller is described once a second at
 * most, and so many callers a second: beyond that a flood of refusals is counted, not listed.
 */
final class Attempts {
    static final int MAX_DESCRIBED_PER_SECOND = 256;

    private final ListenerAttempts log;
    private final String listener;
    private final InetSocketAddress local;
    private final Function<InetAddress, @Nullable DefaultStream> unnamed;
    private final RefusalLog refusals;
    private final ConnectionEvents events;
    /** The callers refused in this second. The keys hold secrets, so they do not live longer. */
    private final Map<SameCaller, Attempt.Caller> described = new HashMap<>();

    private record SameCaller(
            InetAddress peer,
            String streamId,
            @Nullable String srtVersion,
            @Nullable Boolean encrypted) {}

    /** @param unnamed what a caller means that names no stream */
    Attempts(
            AttemptLog log,
            ConnectionEvents events,
            RefusalLog refusals,
            String listener,
            InetSocketAddress local,
            Function<InetAddress, @Nullable DefaultStream> unnamed) {
        this.log = log.of(listener);
        this.events = events;
        this.refusals = refusals;
        this.listener = listener;
        this.local = local;
        this.unnamed = unnamed;
    }

    void accepted(ConnectionInfo connection, Admitted admitted, boolean encrypted) {
        ConnectionInfo.Facts facts = connection.facts();
        Attempt.Caller caller = new Attempt.Caller(
                listener,
                facts.peer(),
                local,
                facts.streamId(),
                admitted.request().mode(),
                LoggableStreamId.of(facts.stream()),
                facts.user(),
                encrypted,
                facts.srtVersion());
        log.accepted(caller, new Attempt.Accepted(admitted.grant().source(), connection.id()));
    }

    /** Refused by a decision. */
    void refused(PendingCaller caller, Refusal refusal) {
        refused(
                caller.address(),
                caller.streamId(),
                SrtExtension.versionText(caller.peerVersion()),
                caller.keyMaterial() != null,
                refusal);
    }

    /** Refused for its handshake, of which nothing else is known. */
    void refused(InetSocketAddress from, String streamId, Refusal refusal) {
        refused(from, streamId, null, null, refusal);
    }

    /** Once a second. */
    void secondPassed() {
        described.clear();
    }

    private void refused(
            InetSocketAddress from,
            String streamId,
            @Nullable String srtVersion,
            @Nullable Boolean encrypted,
            Refusal refusal) {
        refusals.refused(from, streamId, refusal);
        SameCaller key = new SameCaller(from.getAddress(), streamId, srtVersion, encrypted);
        Attempt.Caller caller = described.get(key);
        if (caller == null) {
            if (described.size() >= MAX_DESCRIBED_PER_SECOND) {
                log.refusedUnlisted(refusal);
                return;
            }
            caller = describe(from, streamId, srtVersion, encrypted);
            described.put(key, caller);
        }
        Attempt.Caller called = caller.from(from);
        log.refused(called, refusal);
        events.refused(called, refusal);
    }

    private Attempt.Caller describe(
            InetSocketAddress from, String streamId, @Nullable String srtVersion, @Nullable Boolean encrypted) {
        StreamRequest request =
                StreamRequest.parse(streamId, unnamed.apply(from.getAddress())) instanceof StreamRequest parsed
                        ? parsed
                        : null;
        return new Attempt.Caller(
                listener,
                from,
                local,
                LoggableStreamId.of(streamId),
                request == null ? null : request.mode(),
                request == null ? null : LoggableStreamId.of(request.stream()),
                request == null ? null : shown(request.user()),
                encrypted,
                srtVersion);
    }

    private static @Nullable String shown(@Nullable String user) {
        return user == null ? null : LoggableStreamId.of(user);
    }
}
