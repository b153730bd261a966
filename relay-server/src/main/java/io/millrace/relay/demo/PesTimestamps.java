package io.millrace.relay.demo;

/**
 * Presentation and decoding time in the header of a PES packet. ISO/IEC 13818-1 §2.4.3.6.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |              start code 0x000001              |   stream id   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         packet length         |1 0|. . . . . .|P|D|. . . . . .|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | header length |0 0 1 D|32-30|1|          PTS 29-15          |1|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           PTS 14-0          |1|0 0 0 1|32-30|1|   DTS 29-...  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * P  PTS is present
 * D  DTS follows in the same form
 * </pre>
 *
 * Times are 33 bits of 90 kHz. Every accessor takes the array and the offset of the start code.
 */
final class PesTimestamps {
    /** Ticks after which a time starts at zero again: 26.5 hours. */
    static final long WRAP = 1L << 33;

    private static final int PTS_OFFSET = 9;
    private static final int DTS_OFFSET = 14;

    private PesTimestamps() {}

    /** Whether a PES packet of audio or video with a PTS begins here; a table's section never looks like one. */
    static boolean hasPts(byte[] ts, int at) {
        return ts[at] == 0
                && ts[at + 1] == 0
                && ts[at + 2] == 1
                && isAudioOrVideo(ts[at + 3] & 0xFF)
                && (ts[at + 7] & 0x80) != 0;
    }

    /** Whether there is a DTS besides the PTS. */
    static boolean hasDts(byte[] ts, int at) {
        return (ts[at + 7] & 0x40) != 0;
    }

    static long pts(byte[] ts, int at) {
        return read(ts, at + PTS_OFFSET);
    }

    static long dts(byte[] ts, int at) {
        return hasDts(ts, at) ? read(ts, at + DTS_OFFSET) : pts(ts, at);
    }

    /** Moves the times that are present forward by ticks of 90 kHz, wrapping. */
    static void shift(byte[] ts, int at, long ticks) {
        write(ts, at + PTS_OFFSET, read(ts, at + PTS_OFFSET) + ticks);
        if (hasDts(ts, at)) {
            write(ts, at + DTS_OFFSET, read(ts, at + DTS_OFFSET) + ticks);
        }
    }

    private static boolean isAudioOrVideo(int streamId) {
        return streamId >= 0xC0 && streamId <= 0xEF;
    }

    private static long read(byte[] ts, int at) {
        return (ts[at] & 0x0EL) << 29
                | (ts[at + 1] & 0xFFL) << 22
                | (ts[at + 2] & 0xFEL) << 14
                | (ts[at + 3] & 0xFFL) << 7
                | (ts[at + 4] & 0xFEL) >> 1;
    }

    private static void write(byte[] ts, int at, long ticks) {
        ts[at] = (byte) ((ts[at] & 0xF1) | ((ticks >> 29) & 0x0E));
        ts[at + 1] = (byte) (ticks >> 22);
        ts[at + 2] = (byte) (ticks >> 14 | 0x01);
        ts[at + 3] = (byte) (ticks >> 7);
        ts[at + 4] = (byte) (ticks << 1 | 0x01);
    }
}
