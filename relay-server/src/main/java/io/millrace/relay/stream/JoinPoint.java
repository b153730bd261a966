package io.millrace.relay.stream;

/** Stub until the one of the joining subscribers is merged. */
record JoinPoint(byte[] tables, long position, int offset) {}
