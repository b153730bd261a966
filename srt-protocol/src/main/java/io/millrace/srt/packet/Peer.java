package io.millrace.srt.packet;

import java.net.InetSocketAddress;

/**
 * The other end of a connection as outgoing packets need it.
 *
 * @param address where datagrams go
 * @param socketId its SRT socket ID, the destination of every packet; any 32 bits
 * @param startMicros time zero of our timestamps: our connection start on this process's clock
 */
public record Peer(InetSocketAddress address, int socketId, long startMicros) {
    /** The timestamp field for a time on this process's clock. */
    public int timestamp(long micros) {
        return PacketTimestamp.of(micros - startMicros);
    }
}
