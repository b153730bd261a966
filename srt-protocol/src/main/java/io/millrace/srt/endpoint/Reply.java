package io.millrace.srt.endpoint;

import io.millrace.srt.handshake.HandshakeExtensions;
import io.millrace.srt.packet.BareControlPacket;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.LongToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A packet that belongs to no open connection and waits to be written: a handshake, or the shutdown of one that is gone.
 *
 * @param handshake null for a shutdown
 * @param extensions blocks behind the handshake, or null
 * @param timestamp for the time at which it is written: a caller derives its time base from that of its grant, and
 *     whatever the owner does before it drains would be added to the connection's latency for good
 */
record Reply(
        InetSocketAddress to,
        @Nullable HandshakePacket handshake,
        @Nullable HandshakeExtensions extensions,
        LongToIntFunction timestamp,
        int destinationSocketId) {

    /** An answer without state: its timestamp means nothing, its destination is the socket that it names. */
    static Reply handshake(InetSocketAddress to, HandshakePacket handshake) {
        return new Reply(to, handshake, null, now -> 0, handshake.socketId());
    }

    static Reply shutdown(InetSocketAddress to, int timestamp, int destinationSocketId) {
        return new Reply(to, null, null, now -> timestamp, destinationSocketId);
    }

    void write(long nowMicros, DatagramSink sink) {
        if (handshake == null) {
            ByteBuffer buffer = sink.begin(to, BareControlPacket.LENGTH);
            BareControlPacket.write(
                    buffer, ControlType.SHUTDOWN, 0, timestamp.applyAsInt(nowMicros), destinationSocketId);
        } else {
            int length = HandshakePacket.FIXED_LENGTH + (extensions == null ? 0 : extensions.length());
            ByteBuffer buffer = sink.begin(to, length);
            handshake.write(buffer, timestamp.applyAsInt(nowMicros), destinationSocketId);
            if (extensions != null) {
                extensions.write(buffer);
            }
        }
        sink.end();
    }
}
