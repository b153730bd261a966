package io.millrace.srt.packet;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Header of a control packet. draft-sharabayko-srt §3.2.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |1|         Control Type        |            Subtype            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                   Type-specific Information                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                           Timestamp                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Destination Socket ID                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class ControlHeader {
    /** Bytes before the control information field. */
    public static final int LENGTH = 16;

    private ControlHeader() {}

    /** Control type, or null if the value is not assigned. */
    public static @Nullable ControlType type(ByteBuffer packet) {
        return ControlType.ofCode(packet.getShort(packet.position()) & 0x7FFF);
    }

    /** 16-bit subtype; 0 unless the type is {@link ControlType#USER_DEFINED}. */
    public static int subtype(ByteBuffer packet) {
        return packet.getShort(packet.position() + 2) & 0xFFFF;
    }

    /** The word whose meaning depends on the type: ACK number, message number, error code. */
    public static int typeSpecific(ByteBuffer packet) {
        return packet.getInt(packet.position() + 4);
    }

    /** Timestamp field, for {@link PacketTimestamp#unwrap}. */
    public static int timestamp(ByteBuffer packet) {
        return packet.getInt(packet.position() + 8);
    }

    /** Bytes of the control information field, from the buffer's limit. */
    static int informationLength(ByteBuffer packet) {
        return packet.remaining() - LENGTH;
    }

    /** Writes the header at the position and moves the position behind it. */
    static void write(
            ByteBuffer to, ControlType type, int subtype, int typeSpecific, int timestamp, int destinationSocketId) {
        to.putInt(0x8000_0000 | type.code() << 16 | subtype);
        to.putInt(typeSpecific);
        to.putInt(timestamp);
        to.putInt(destinationSocketId);
    }
}
