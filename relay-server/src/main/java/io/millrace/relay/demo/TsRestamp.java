package io.millrace.relay.demo;

import io.millrace.relay.ts.TsPacket;

/** Writes the counter and the clock of an MPEG-TS packet anew; {@link TsPacket} has the picture of them. */
final class TsRestamp {
    private static final int DISCONTINUITY = 0x80;

    private TsRestamp() {}

    /** Only the low 4 bits of the counter are used. */
    static void setContinuityCounter(byte[] ts, int at, long counter) {
        ts[at + 3] = (byte) ((ts[at + 3] & 0xF0) | (counter & 0x0F));
    }

    /** To be called only on a packet whose clock and counter go on from the one before. */
    static void clearDiscontinuity(byte[] ts, int at) {
        if (TsPacket.isDiscontinuity(ts, at)) {
            ts[at + 5] &= ~DISCONTINUITY;
        }
    }

    /** Only for a packet that {@link TsPacket#hasPcr has} a PCR; wraps the ticks. */
    static void setPcr(byte[] ts, int at, long ticks) {
        long base = ticks % TsPacket.PCR_WRAP / TsPacket.TICKS_PER_BASE;
        int extension = (int) (ticks % TsPacket.TICKS_PER_BASE);
        ts[at + 6] = (byte) (base >> 25);
        ts[at + 7] = (byte) (base >> 17);
        ts[at + 8] = (byte) (base >> 9);
        ts[at + 9] = (byte) (base >> 1);
        ts[at + 10] = (byte) (base << 7 | 0x7E | extension >> 8);
        ts[at + 11] = (byte) extension;
    }
}
