package io.millrace.relay.bench;

/** Payload numbers of a stream, the end exclusive. */
record PayloadRange(long start, long end) {
    long count() {
        return end - start;
    }
}
