package io.millrace.relay.access;

/** Nothing that this source knows applies to the caller: the next source is asked. */
public enum NoOpinion implements AccessDecision {
    NO_OPINION
}
