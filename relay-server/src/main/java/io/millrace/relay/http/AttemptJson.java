package io.millrace.relay.http;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.StreamRequest;
import io.millrace.relay.stats.Attempt;
import io.millrace.relay.stats.AttemptCounts;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Attempts to connect as the API shows them. */
final class AttemptJson {
    private static final String ACCEPTED = "accepted";
    private static final String REFUSED = "refused";
    /** How an attempt may have ended. */
    static final List<String> RESULTS = List.of(ACCEPTED, REFUSED);

    private AttemptJson() {}

    static String result(Attempt attempt) {
        return attempt.result() instanceof Attempt.Accepted ? ACCEPTED : REFUSED;
    }

    static JsonObject of(Attempt attempt) {
        Attempt.Caller caller = attempt.caller();
        JsonObject json = new JsonObject()
                .put("result", result(attempt))
                .put("count", attempt.count())
                .put("firstTime", attempt.firstTime().toString())
                .put("lastTime", attempt.lastTime().toString())
                .put("listener", caller.listener())
                .put("peer", LoggableAddress.of(caller.peer()))
                .put("local", LoggableAddress.of(caller.local()))
                .put("streamId", caller.streamId())
                .put("action", text(caller.action()))
                .put("stream", caller.stream())
                .put("user", caller.user())
                .put("encrypted", caller.encrypted())
                .put("srtVersion", caller.srtVersion());
        if (attempt.result() instanceof Attempt.Accepted accepted) {
            return json.put("source", accepted.source()).put("connection", accepted.connection());
        } else if (attempt.result() instanceof Attempt.Refused refused) {
            Refusal refusal = refused.refusal();
            return json.put("code", refusal.reason().code())
                    .put("reason", refusal.reason().name())
                    .put("advice", refusal.explanation());
        }
        throw new AssertionError(attempt.result());
    }

    /** Every action, and the reasons that occurred. */
    static JsonObject of(AttemptCounts counts) {
        JsonObject accepted = new JsonObject();
        new TreeMap<>(counts.accepted()).forEach((action, count) -> accepted.put(text(action), count));
        JsonObject refused = new JsonObject();
        new TreeMap<RejectReason, Long>(counts.refused()).forEach((reason, count) -> {
            if (count > 0) {
                refused.put(reason.name(), count);
            }
        });
        return new JsonObject()
                .put("listener", counts.listener())
                .put("accepted", accepted)
                .put("refused", refused);
    }

    static @Nullable String text(StreamRequest.@Nullable Mode action) {
        return action == null ? null : action.name().toLowerCase(Locale.ROOT);
    }
}
