package io.millrace.relay.stream;

/**
 * The right to be sent a stream.
 *
 * @param stream whose it is
 * @param publisherLatencyMillis latency of the publisher's leg
 * @param isForNode whether another node takes the stream, to have subscribers of its own
 */
public record Subscription(StreamVerticle stream, int publisherLatencyMillis, boolean isForNode) {
    /** The stream's media. */
    public StreamMedia media() {
        return stream.media();
    }

    /** Gives the right back, from any thread. */
    public void end() {
        stream.unsubscribe(isForNode);
    }
}
