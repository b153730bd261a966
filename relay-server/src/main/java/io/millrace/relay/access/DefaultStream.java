package io.millrace.relay.access;

/**
 * What a listener takes a caller to want whose stream id names no stream. Many hardware encoders and televisions can't
 * send one.
 *
 * @param stream a valid name
 * @param mode what the caller does where its stream id does not say
 */
public record DefaultStream(String stream, StreamRequest.Mode mode) {
    /** Outer slashes and spaces of the name are trimmed; an invalid one is an {@link IllegalArgumentException}. */
    public DefaultStream {
        stream = StreamName.checked(StreamName.trimmed(stream));
    }
}
