package io.millrace.relay.ts;

/**
 * Header and clock of one MPEG-TS packet. ISO/IEC 13818-1 §2.4.3.2 and §2.4.3.4.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   sync 0x47   |E|S|T|           PID           |scr|A|P|   CC  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     length    |D|R|.|C|. . . .|            PCR base           :
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * :        33 bits of 90 kHz        |. . . . . .|  PCR extension  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * E  transport error              D  discontinuity
 * S  payload unit starts          R  random access
 * A  adaptation field: 2nd line   C  PCR is present
 * P  payload
 * </pre>
 *
 * Every accessor takes the array and the offset of the sync byte, with the whole packet behind it, allocates nothing and
 * throws for nothing that the packet may say.
 */
public final class TsPacket {
    /** Bytes of a packet. */
    public static final int LENGTH = 188;

    /** What every packet begins with. */
    public static final byte SYNC_BYTE = 0x47;

    /** One more than the largest PID. */
    public static final int PIDS = 0x2000;

    /** PID of the packets that only fill up the bit rate. */
    public static final int NULL_PID = 0x1FFF;

    /** Clock ticks in a second. */
    public static final long TICKS_PER_SECOND = 27_000_000;

    /** PCR base counts 90 kHz, the extension these ticks in between. */
    public static final int TICKS_PER_BASE = 300;

    /** Ticks after which the clock starts at zero again: 26.5 hours. */
    public static final long PCR_WRAP = (1L << 33) * TICKS_PER_BASE;

    private static final int HEADER_LENGTH = 4;
    /** Of an adaptation field that has a PCR: the flags and six bytes of clock. */
    private static final int LEAST_LENGTH_WITH_PCR = 7;

    private static final int DISCONTINUITY = 0x80;
    private static final int RANDOM_ACCESS = 0x40;
    private static final int PCR = 0x10;

    private TsPacket() {}

    /** E: a receiver before us could not repair it. */
    public static boolean hasTransportError(byte[] ts, int at) {
        return (ts[at + 1] & 0x80) != 0;
    }

    public static int pid(byte[] ts, int at) {
        return (ts[at + 1] & 0x1F) << 8 | (ts[at + 2] & 0xFF);
    }

    /** S: a PES packet or a table begins in this packet. */
    public static boolean startsUnit(byte[] ts, int at) {
        return (ts[at + 1] & 0x40) != 0;
    }

    /** Whether the payload is encrypted for conditional access. */
    public static boolean isScrambled(byte[] ts, int at) {
        return (ts[at + 3] & 0xC0) != 0;
    }

    public static boolean hasPayload(byte[] ts, int at) {
        return (ts[at + 3] & 0x10) != 0;
    }

    /** Where the payload begins, in the array; the packet's end if there is none. */
    public static int payloadOffset(byte[] ts, int at) {
        if (!hasPayload(ts, at)) {
            return at + LENGTH;
        }
        if (!hasAdaptationField(ts, at)) {
            return at + HEADER_LENGTH;
        }
        return at + Math.min(LENGTH, HEADER_LENGTH + 1 + (ts[at + HEADER_LENGTH] & 0xFF));
    }

    /** CC: 4 bits, one more in each packet of a PID that has a payload. */
    public static int continuityCounter(byte[] ts, int at) {
        return ts[at + 3] & 0x0F;
    }

    /** Whether counter and clock may begin anew with this packet. */
    public static boolean isDiscontinuity(byte[] ts, int at) {
        return hasFlag(ts, at, DISCONTINUITY);
    }

    /** Whether a decoder may begin with this packet. */
    public static boolean isRandomAccess(byte[] ts, int at) {
        return hasFlag(ts, at, RANDOM_ACCESS);
    }

    public static boolean hasPcr(byte[] ts, int at) {
        return hasFlag(ts, at, PCR) && (ts[at + HEADER_LENGTH] & 0xFF) >= LEAST_LENGTH_WITH_PCR;
    }

    /** Programme clock reference in ticks of 27 MHz. Only for a packet that {@link #hasPcr has} one. */
    public static long pcr(byte[] ts, int at) {
        long base = (ts[at + 6] & 0xFFL) << 25
                | (ts[at + 7] & 0xFFL) << 17
                | (ts[at + 8] & 0xFFL) << 9
                | (ts[at + 9] & 0xFFL) << 1
                | (ts[at + 10] & 0x80L) >> 7;
        int extension = (ts[at + 10] & 0x01) << 8 | (ts[at + 11] & 0xFF);
        return base * TICKS_PER_BASE + extension;
    }

    private static boolean hasAdaptationField(byte[] ts, int at) {
        return (ts[at + 3] & 0x20) != 0;
    }

    private static boolean hasFlag(byte[] ts, int at, int flag) {
        return hasAdaptationField(ts, at) && ts[at + HEADER_LENGTH] != 0 && (ts[at + 5] & flag) != 0;
    }
}
