package io.millrace.relay.stream;

/** The stream ended while it was asked: ask again, which makes a new one. Never leaves this package. */
final class StreamEndedException extends Exception {
    StreamEndedException() {
        super("the stream has just ended", null, false, false);
    }
}
