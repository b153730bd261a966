package io.millrace.relay.stream;

/**
 * The right to be sent a stream.
 *
 * @param stream whose it is
 * @param publisherLatencyMillis latency of the publisher's leg
 */
public record Subscription(StreamVerticle stream, int publisherLatencyMillis) {
    /** The stream's media. */
    public StreamMedia media() {
        return stream.media();
    }

    /** Gives the right back, from any thread. */
    public void end() {
        stream.unsubscribe();
    }
}
