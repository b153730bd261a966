package io.millrace.relay.stats;

import io.millrace.relay.access.StreamRequest;
import io.millrace.srt.handshake.RejectReason;
import java.util.Map;

/**
 * How many attempts there were at a listener since the start of the process, those that are not listed any more
 * included.
 *
 * @param accepted every action
 * @param refused every reason, most of them 0
 */
public record AttemptCounts(String listener, Map<StreamRequest.Mode, Long> accepted, Map<RejectReason, Long> refused) {
    public AttemptCounts {
        accepted = Map.copyOf(accepted);
        refused = Map.copyOf(refused);
    }
}
