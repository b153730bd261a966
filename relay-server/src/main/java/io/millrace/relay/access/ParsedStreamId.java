package io.millrace.relay.access;

/** What a relay makes of a caller's stream id: a request to decide on, or a refusal to send at once. */
public sealed interface ParsedStreamId permits StreamRequest, Refusal {}
