package io.millrace.relay.access;

import io.millrace.srt.handshake.RejectReason;

/**
 * A caller that is turned away.
 *
 * @param reason what the caller is told
 * @param explanation a sentence for the operator: what was wrong and what to do about it; holds no secret
 */
public record Refusal(RejectReason reason, String explanation) implements ParsedStreamId, AccessDecision {
    /** @param key of the configuration */
    static Refusal unusableSecret(String key) {
        return new Refusal(
                RejectReason.INTERNAL_SERVER_ERROR,
                key + " refers to something that can't be used: see the log, and mend it");
    }
}
