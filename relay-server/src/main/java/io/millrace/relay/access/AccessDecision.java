package io.millrace.relay.access;

/** What a source of access says about a caller. */
public sealed interface AccessDecision permits Grant, Refusal, NoOpinion {}
