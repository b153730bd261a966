package io.millrace.relay.ts;

/**
 * Puts together the sections of a table from the packets of its PID. ISO/IEC 13818-1 §2.4.4. Holds one section of at most
 * 1,024 bytes; one that says that it is longer is left out.
 */
final class SectionAssembler {
    /** The longest section of PAT and PMT. */
    static final int MAX_LENGTH = 1_024;

    private static final int HEADER_LENGTH = 3;
    private static final int STUFFING = 0xFF;

    /** Takes whole sections whose CRC is right; the array is valid for the call. */
    interface SectionSink {
        /** @param length with header and CRC */
        void section(byte[] section, int length);
    }

    private final byte[] section = new byte[MAX_LENGTH];
    private int gathered;
    private boolean gathering;
    private int lastCounter = -1;
    private long damaged;

    /** Takes a packet of the PID. */
    void take(byte[] ts, int at, SectionSink sink) {
        if (!TsPacket.hasPayload(ts, at) || TsPacket.isScrambled(ts, at) || TsPacket.hasTransportError(ts, at)) {
            return;
        }
        int counter = TsPacket.continuityCounter(ts, at);
        if (counter == lastCounter) {
            return;
        }
        if (counter != (lastCounter + 1 & 0x0F)) {
            gathering = false;
        }
        lastCounter = counter;
        int from = TsPacket.payloadOffset(ts, at);
        int end = at + TsPacket.LENGTH;
        if (!TsPacket.startsUnit(ts, at)) {
            gather(ts, from, end, sink);
            return;
        }
        if (from == end) {
            return;
        }
        int start = Math.min(end, from + 1 + (ts[from] & 0xFF));
        gather(ts, from + 1, start, sink);
        while (start < end && (ts[start] & 0xFF) != STUFFING) {
            gathered = 0;
            gathering = true;
            start = gather(ts, start, end, sink);
        }
    }

    /** Sections with a wrong CRC. */
    long damaged() {
        return damaged;
    }

    /** Takes what belongs to the section that is being gathered, and returns where the next one may begin. */
    private int gather(byte[] ts, int from, int end, SectionSink sink) {
        int at = from;
        while (gathering && at < end) {
            int wanted = gathered < HEADER_LENGTH ? HEADER_LENGTH : length();
            int taken = Math.min(wanted - gathered, end - at);
            System.arraycopy(ts, at, section, gathered, taken);
            gathered += taken;
            at += taken;
            if (gathered >= HEADER_LENGTH && length() > MAX_LENGTH) {
                gathering = false;
                return end;
            }
            if (gathered >= HEADER_LENGTH && gathered == length()) {
                finish(sink);
            }
        }
        return at;
    }

    private void finish(SectionSink sink) {
        gathering = false;
        if (Crc32Mpeg.of(section, gathered) == 0) {
            sink.section(section, gathered);
        } else {
            damaged++;
        }
    }

    private int length() {
        return HEADER_LENGTH + ((section[1] & 0x0F) << 8 | section[2] & 0xFF);
    }
}
