package io.millrace.relay.demo;

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
 * S  payload unit starts          D  discontinuity
 * A  adaptation field: 2nd line   R  random access
 * P  payload                      C  PCR is present
 * </pre>
 *
 * Every accessor takes the array and the offset of the sync byte.
 */
final class TsPacket {
    static final int LENGTH = 188;

    /** One more than the largest PID. */
    static final int PIDS = 0x2000;

    /** Clock ticks in a second. */
    static final long TICKS_PER_SECOND = 27_000_000;

    /** PCR base counts 90 kHz, the extension these ticks in between. */
    static final int TICKS_PER_BASE = 300;

    /** Ticks after which the clock starts at zero again: 26.5 hours. */
    static final long PCR_WRAP = PesTimestamps.WRAP * TICKS_PER_BASE;

    private static final int DISCONTINUITY = 0x80;
    private static final int RANDOM_ACCESS = 0x40;
    private static final int PCR = 0x10;

    private TsPacket() {}

    static int pid(byte[] ts, int at) {
        return (ts[at + 1] & 0x1F) << 8 | (ts[at + 2] & 0xFF);
    }

    /** S: a PES packet or a table begins in this packet. */
    static boolean startsUnit(byte[] ts, int at) {
        return (ts[at + 1] & 0x40) != 0;
    }

    static boolean hasPayload(byte[] ts, int at) {
        return (ts[at + 3] & 0x10) != 0;
    }

    /** Where the payload begins, in the array; the packet's end if there is none. */
    static int payloadOffset(byte[] ts, int at) {
        if (!hasPayload(ts, at)) {
            return at + LENGTH;
        }
        return hasAdaptationField(ts, at) ? at + 5 + (ts[at + 4] & 0xFF) : at + 4;
    }

    /** CC: 4 bits, one more in each packet of a PID that has a payload. */
    static int continuityCounter(byte[] ts, int at) {
        return ts[at + 3] & 0x0F;
    }

    /** Only the low 4 bits of the counter are used. */
    static void setContinuityCounter(byte[] ts, int at, long counter) {
        ts[at + 3] = (byte) ((ts[at + 3] & 0xF0) | (counter & 0x0F));
    }

    static boolean isDiscontinuity(byte[] ts, int at) {
        return hasFlag(ts, at, DISCONTINUITY);
    }

    /** To be called only on a packet whose clock and counter go on from the one before. */
    static void clearDiscontinuity(byte[] ts, int at) {
        if (isDiscontinuity(ts, at)) {
            ts[at + 5] &= ~DISCONTINUITY;
        }
    }

    static boolean isRandomAccess(byte[] ts, int at) {
        return hasFlag(ts, at, RANDOM_ACCESS);
    }

    static boolean hasPcr(byte[] ts, int at) {
        return hasFlag(ts, at, PCR);
    }

    /** Programme clock reference in ticks of 27 MHz. Only for a packet that {@link #hasPcr has} one. */
    static long pcr(byte[] ts, int at) {
        long base = (ts[at + 6] & 0xFFL) << 25
                | (ts[at + 7] & 0xFFL) << 17
                | (ts[at + 8] & 0xFFL) << 9
                | (ts[at + 9] & 0xFFL) << 1
                | (ts[at + 10] & 0x80L) >> 7;
        int extension = (ts[at + 10] & 0x01) << 8 | (ts[at + 11] & 0xFF);
        return base * TICKS_PER_BASE + extension;
    }

    /** Only for a packet that {@link #hasPcr has} a PCR; wraps the ticks. */
    static void setPcr(byte[] ts, int at, long ticks) {
        long base = ticks % PCR_WRAP / TICKS_PER_BASE;
        int extension = (int) (ticks % TICKS_PER_BASE);
        ts[at + 6] = (byte) (base >> 25);
        ts[at + 7] = (byte) (base >> 17);
        ts[at + 8] = (byte) (base >> 9);
        ts[at + 9] = (byte) (base >> 1);
        ts[at + 10] = (byte) (base << 7 | 0x7E | extension >> 8);
        ts[at + 11] = (byte) extension;
    }

    private static boolean hasAdaptationField(byte[] ts, int at) {
        return (ts[at + 3] & 0x20) != 0;
    }

    private static boolean hasFlag(byte[] ts, int at, int flag) {
        return hasAdaptationField(ts, at) && ts[at + 4] != 0 && (ts[at + 5] & flag) != 0;
    }
}
