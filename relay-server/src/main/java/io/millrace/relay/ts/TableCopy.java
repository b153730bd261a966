package io.millrace.relay.ts;

import java.util.Arrays;

/**
 * Keeps the TS packets of the newest table of a PID as they came. Only a table that begins where the payload of its packet
 * begins, as nearly all do: other packets would bring a part of another one with them.
 */
final class TableCopy {
    /** As many as a section may need. */
    private static final int MAX_PACKETS = 6;

    private static final byte[] NOTHING = {};

    private final byte[] gathered = new byte[MAX_PACKETS * TsPacket.LENGTH];
    private int length;
    private boolean gathering;
    private byte[] newest = NOTHING;

    /**
     * Takes the next packet of the PID.
     *
     * @param completes whether a section that is right ends in it
     */
    void take(byte[] ts, int at, boolean completes) {
        if (TsPacket.startsUnit(ts, at)) {
            int pointer = TsPacket.payloadOffset(ts, at);
            gathering = pointer < at + TsPacket.LENGTH && ts[pointer] == 0;
            length = 0;
        }
        if (!gathering || length == gathered.length) {
            gathering = false;
            return;
        }
        System.arraycopy(ts, at, gathered, length, TsPacket.LENGTH);
        length += TsPacket.LENGTH;
        if (completes) {
            newest = Arrays.copyOf(gathered, length);
        }
    }

    /** Its packets, never changed; empty if none was whole. */
    byte[] newest() {
        return newest;
    }
}
