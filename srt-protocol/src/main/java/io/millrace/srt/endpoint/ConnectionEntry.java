package io.millrace.srt.endpoint;

import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.HandshakeExtensions;
import io.millrace.srt.packet.HandshakePacket;
import org.jspecify.annotations.Nullable;

/** What an endpoint keeps of a connection beside the connection itself. */
final class ConnectionEntry {
    final SrtConnection connection;
    /** The answer that granted it, to be repeated when the caller did not get it; null if we called. */
    final @Nullable ConclusionResponse response;
    /** Place in {@link Deadlines}. */
    int deadlineIndex;
    /** Whether it waits in the endpoint's queue to be drained. */
    boolean queued;
    /** When it was drained last. */
    long lastTurnMicros;

    ConnectionEntry(SrtConnection connection, @Nullable ConclusionResponse response) {
        this.connection = connection;
        this.response = response;
    }

    /** A granted conclusion. */
    record ConclusionResponse(HandshakePacket handshake, HandshakeExtensions extensions) {}
}
