package io.millrace.relay.ts;

/**
 * The TS packets of a PAT and behind them those of a PMT, copied from the stream with their continuity counters: what a
 * reader has to see first if it begins behind them.
 */
public final class TablePackets {
    private final byte[] bytes;

    public TablePackets(byte[] pat, byte[] pmt) {
        bytes = new byte[pat.length + pmt.length];
        System.arraycopy(pat, 0, bytes, 0, pat.length);
        System.arraycopy(pmt, 0, bytes, pat.length, pmt.length);
    }

    /** Whole TS packets; not a copy: readers must not change them. */
    public byte[] bytes() {
        return bytes;
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }
}
