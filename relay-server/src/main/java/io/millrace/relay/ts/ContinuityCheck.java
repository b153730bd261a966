package io.millrace.relay.ts;

import java.util.Arrays;

/** Whether each PID's continuity counter goes on as it must. ISO/IEC 13818-1 §2.4.3.3. Keeps a byte for each PID. */
public final class ContinuityCheck {
    /** What a packet is to the one before of its PID. */
    public enum Result {
        /** Its successor, or the first that was seen. */
        CONTINUOUS,
        /** The same once more, which is allowed once. */
        DUPLICATE,
        /** Something is missing between them, or one of them is out of place. */
        BROKEN
    }

    private static final byte UNSEEN = -1;
    private static final int REPEATED = 0x10;
    private static final int COUNTER = 0x0F;

    private final byte[] lastByPid = new byte[TsPacket.PIDS];

    public ContinuityCheck() {
        Arrays.fill(lastByPid, UNSEEN);
    }

    /** Takes the next packet. Null packets are always continuous: their counter means nothing. */
    public Result check(byte[] ts, int at) {
        int pid = TsPacket.pid(ts, at);
        if (pid == TsPacket.NULL_PID) {
            return Result.CONTINUOUS;
        }
        int counter = TsPacket.continuityCounter(ts, at);
        int last = lastByPid[pid];
        lastByPid[pid] = (byte) counter;
        if (last == UNSEEN || TsPacket.isDiscontinuity(ts, at)) {
            return Result.CONTINUOUS;
        }
        if (!TsPacket.hasPayload(ts, at)) {
            // It does not count, but it must not hide that the next one is a second repetition.
            lastByPid[pid] = (byte) (counter | last & REPEATED);
            return counter == (last & COUNTER) ? Result.CONTINUOUS : Result.BROKEN;
        }
        if (counter == (last + 1 & COUNTER)) {
            return Result.CONTINUOUS;
        }
        if (last == counter) {
            lastByPid[pid] = (byte) (counter | REPEATED);
            return Result.DUPLICATE;
        }
        return Result.BROKEN;
    }
}
