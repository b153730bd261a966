package io.millrace.relay.access;

import io.millrace.srt.handshake.RejectReason;

/**
 * A caller that is turned away.
 *
 * @param reason what the caller is told
 * @param explanation a sentence for the operator: what was wrong and what to do about it; holds no secret
 */
public record Refusal(RejectReason reason, String explanation) implements ParsedStreamId, AccessDecision {}
