package io.millrace.relay.ts;

import java.util.Arrays;

/**
 * Finds the packets in a stream of bytes that comes in pieces of any length: whole packets are handed on where they lie,
 * and a packet that two pieces share is put together first. After bytes that are no packets it goes on where two sync
 * bytes are a packet apart. Keeps less than two packets, and looks at each byte a bounded number of times.
 */
public final class TsFramer {
    /** Takes packets; the array is valid for the call. */
    public interface PacketSink {
        /**
         * @param at offset of the sync byte, with a whole packet behind it
         * @param position of the sync byte in the stream, bytes from its start
         */
        void packet(byte[] ts, int at, long position);
    }

    private static final byte[] NOTHING = {};

    private byte[] rest = NOTHING;
    private boolean synchronised = true;
    private long position;
    private long skippedBytes;

    /** Takes the next piece, which stays the caller's and is not changed. */
    public void take(byte[] piece, PacketSink sink) {
        if (piece.length == 0) {
            return;
        }
        byte[] ts = rest.length == 0 ? piece : joined(rest, piece);
        int at = 0;
        while (at < ts.length) {
            if (!synchronised && !hunt(ts, at)) {
                at++;
                skippedBytes++;
                continue;
            }
            if (ts.length - at < TsPacket.LENGTH || !synchronised && ts.length - at == TsPacket.LENGTH) {
                break;
            }
            if (ts[at] == TsPacket.SYNC_BYTE) {
                synchronised = true;
                sink.packet(ts, at, position + at);
                at += TsPacket.LENGTH;
            } else {
                synchronised = false;
            }
        }
        position += at;
        rest = at == ts.length ? NOTHING : Arrays.copyOfRange(ts, at, ts.length);
    }

    /** Bytes so far that belong to no packet. */
    public long skippedBytes() {
        return skippedBytes;
    }

    /** Bytes of a packet whose end has not come; they are lost if it never does. */
    public int pendingBytes() {
        return rest.length;
    }

    /** Whether a packet begins here, as far as can be told from what is there. */
    private static boolean hunt(byte[] ts, int at) {
        return ts[at] == TsPacket.SYNC_BYTE
                && (at + TsPacket.LENGTH >= ts.length || ts[at + TsPacket.LENGTH] == TsPacket.SYNC_BYTE);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
