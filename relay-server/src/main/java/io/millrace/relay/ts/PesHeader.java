package io.millrace.relay.ts;

/** Start of a PES packet. ISO/IEC 13818-1 §2.4.3.6. Bounds are those of the TS packet that it begins in. */
final class PesHeader {
    /** Stands for a PES packet without a PTS. */
    static final long NO_PTS = -1;

    /** After this many ticks of 90 kHz a PTS starts at zero again. */
    static final long PTS_WRAP = 1L << 33;

    private static final int FIXED_LENGTH = 9;
    private static final int LENGTH_WITH_PTS = 14;

    private PesHeader() {}

    /** Whether a PES packet with the header of elementary streams begins here. */
    static boolean isAt(byte[] ts, int at, int end) {
        return at + FIXED_LENGTH <= end
                && ts[at] == 0
                && ts[at + 1] == 0
                && ts[at + 2] == 1
                && (ts[at + 6] & 0xC0) == 0x80;
    }

    /** Where the elementary stream goes on; at most the end. */
    static int payloadOffset(byte[] ts, int at, int end) {
        return Math.min(end, at + FIXED_LENGTH + (ts[at + 8] & 0xFF));
    }

    /** Presentation time in ticks of 90 kHz, or {@link #NO_PTS}. */
    static long pts(byte[] ts, int at, int end) {
        if ((ts[at + 7] & 0x80) == 0 || (ts[at + 8] & 0xFF) < LENGTH_WITH_PTS - FIXED_LENGTH) {
            return NO_PTS;
        }
        if (at + LENGTH_WITH_PTS > end) {
            return NO_PTS;
        }
        return (ts[at + 9] & 0x0EL) << 29
                | (ts[at + 10] & 0xFFL) << 22
                | (ts[at + 11] & 0xFEL) << 14
                | (ts[at + 12] & 0xFFL) << 7
                | (ts[at + 13] & 0xFEL) >> 1;
    }
}
