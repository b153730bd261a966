package io.millrace.srt.packet;

import java.nio.ByteBuffer;

/**
 * The compressed list of lost packets that a NAK carries. draft-sharabayko-srt §3.2.5, Appendix A.
 *
 * <p>A single number is one word with bit 31 clear; a range is two words, the first with bit 31 set:
 *
 * <pre>
 * |1|         Range of lost packets from sequence number          |
 * |0|                     Up to sequence number                   |
 * </pre>
 */
public final class LossList {
    private static final int RANGE = 0x8000_0000;

    private LossList() {}

    /** Takes the ranges of a loss list one by one. */
    @FunctionalInterface
    public interface RangeConsumer {
        /** {@code first} to {@code last} are lost, both included; {@code last} may be numerically smaller (wrap). */
        void lost(int first, int last);
    }

    /**
     * Whether the NAK's list is well-formed: at least one entry, no range without its end, no range that ends before it
     * begins or spans half of the number space.
     */
    static boolean isWellFormed(ByteBuffer nak) {
        int end = nak.limit();
        int at = nak.position() + ControlHeader.LENGTH;
        if (end - at < 4) {
            return false;
        }
        while (end - at >= 4) {
            int word = nak.getInt(at);
            at += 4;
            if (word < 0) {
                if (end - at < 4) {
                    return false;
                }
                int last = nak.getInt(at);
                at += 4;
                if (last < 0 || SequenceNumber.distance(word & SequenceNumber.MAX, last) < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Hands over the ranges of a NAK that {@link PacketDecoder} has found well-formed. */
    public static void forEach(ByteBuffer nak, RangeConsumer consumer) {
        int end = nak.limit();
        int at = nak.position() + ControlHeader.LENGTH;
        while (end - at >= 4) {
            int first = nak.getInt(at);
            at += 4;
            int last = first;
            if (first < 0) {
                first &= SequenceNumber.MAX;
                last = nak.getInt(at);
                at += 4;
            }
            consumer.lost(first, last);
        }
    }

    /** Writes the header of a NAK at the position; the ranges follow by {@link #writeRange}. */
    public static void writeHeader(ByteBuffer to, int timestamp, int destinationSocketId) {
        ControlHeader.write(to, ControlType.NAK, 0, 0, timestamp, destinationSocketId);
    }

    /** Bytes that {@link #writeRange} needs for this range. */
    public static int encodedLength(int first, int last) {
        return first == last ? 4 : 8;
    }

    /** Writes one range, both ends included, at the position. */
    public static void writeRange(ByteBuffer to, int first, int last) {
        if (first == last) {
            to.putInt(first);
        } else {
            to.putInt(RANGE | first).putInt(last);
        }
    }
}
