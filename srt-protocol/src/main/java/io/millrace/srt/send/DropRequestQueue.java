package io.millrace.srt.send;

import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.DropRequest;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.packet.SequenceNumber;
import java.nio.ByteBuffer;

/**
 * What the peer is to be told that it will not get. draft-sharabayko-srt §3.2.9. Bounded: what finds no room is asked for
 * again, and told then. Packets are named by their offset from the connection's first.
 */
final class DropRequestQueue {
    private static final int MAX_RANGES = 16;

    private final int firstSequenceNumber;
    /** First offset of each range and one past its last one. */
    private final long[] ranges = new long[2 * MAX_RANGES];

    private int count;

    DropRequestQueue(int firstSequenceNumber) {
        this.firstSequenceNumber = firstSequenceNumber;
    }

    /** Adds the offsets from {@code from} to {@code to}, without the latter. */
    void add(long from, long to) {
        int last = count - 1;
        if (last >= 0 && ranges[2 * last + 1] == from) {
            ranges[2 * last + 1] = to;
        } else if (count < MAX_RANGES) {
            ranges[2 * count] = from;
            ranges[2 * count + 1] = to;
            count++;
        }
    }

    /** Writes a request for each range. Returns whether there was any. */
    boolean drain(Peer peer, DatagramSink sink, long nowMicros) {
        boolean wrote = count > 0;
        for (int i = 0; i < count; i++) {
            ByteBuffer to = sink.begin(peer.address(), DropRequest.LENGTH);
            DropRequest.write(
                    to,
                    0,
                    SequenceNumber.plus(firstSequenceNumber, ranges[2 * i]),
                    SequenceNumber.plus(firstSequenceNumber, ranges[2 * i + 1] - 1),
                    peer.timestamp(nowMicros),
                    peer.socketId());
            sink.end();
        }
        count = 0;
        return wrote;
    }
}
