package io.millrace.relay.tool;

import io.millrace.relay.ts.PcrClock;
import io.millrace.relay.ts.TsFramer;
import io.millrace.relay.ts.TsPacket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * When each payload of a transport stream is to be sent: at the pace of the stream's own clock, evenly between one PCR and
 * the next; or at a bit rate. Does no I/O and reads no clock: payloads go in in their order, and come out with their times
 * as soon as the PCR behind them is known.
 *
 * <p>Where the clock jumps, the bytes up to its new time keep the rate that they had before. The clock is that of the first
 * PID with PCRs; one that falls silent gives way to another.
 */
final class PcrSchedule {
    /** Payloads whose time is not known are kept up to so many bytes; far more than lies between two PCRs. */
    static final int MAX_LOOKAHEAD_BYTES = 8 << 20;

    /** PCRs of another PID without one of the clock's own, after which the other one is the clock. */
    private static final int PCRS_OF_A_SUCCESSOR = 25;

    private static final int NO_PID = -1;
    private static final double UNKNOWN = -1;
    private static final double TICKS_PER_MICRO = TsPacket.TICKS_PER_SECOND / 1e6;

    private final boolean byClock;
    private final TsFramer framer = new TsFramer();
    private final TsFramer.PacketSink onPacket = this::packet;
    private final Deque<byte[]> pending = new ArrayDeque<>();
    private final Deque<Due> ready = new ArrayDeque<>();

    private PcrClock clock = new PcrClock();
    private int clockPid = NO_PID;
    private int rivalPid = NO_PID;
    private int rivalPcrs;
    private boolean clockMissing;

    private long pendingBytes;
    private long takenBytes;
    /** Up to here times are known: place in the stream, and time there. */
    private long knownBytes;

    private double knownTicks;
    private double ticksPerByte;

    private long pcrPosition;
    private double pcrTicks;

    /**
     * A payload and its time.
     *
     * @param offsetMicros from the first payload
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on, and never compared
    record Due(long offsetMicros, byte[] payload) {}

    private PcrSchedule(boolean byClock, double ticksPerByte) {
        this.byClock = byClock;
        this.ticksPerByte = ticksPerByte;
    }

    static PcrSchedule byClock() {
        return new PcrSchedule(true, UNKNOWN);
    }

    /** @param bitsPerSecond of the payloads */
    static PcrSchedule byBitRate(long bitsPerSecond) {
        return new PcrSchedule(false, 8.0 * TsPacket.TICKS_PER_SECOND / bitsPerSecond);
    }

    /** Takes the next payload. */
    void take(byte[] payload) {
        pending.add(payload);
        pendingBytes += payload.length;
        takenBytes += payload.length;
        framer.take(payload, onPacket);
        if (!byClock || pendingBytes > MAX_LOOKAHEAD_BYTES) {
            goOnAtTheSameRate();
        }
    }

    /** Says that nothing follows: what is left keeps the rate that it had. */
    void end() {
        goOnAtTheSameRate();
    }

    /** The next payload whose time is known; null if there is none now. */
    @Nullable
    Due poll() {
        return ready.poll();
    }

    /** Whether there is no clock to go by, although there should be: it was looked for far enough, or to the end. */
    boolean isClockMissing() {
        return clockMissing;
    }

    /** Bytes that were no TS packets. */
    long skippedBytes() {
        return framer.skippedBytes() + framer.pendingBytes();
    }

    private void goOnAtTheSameRate() {
        if (ticksPerByte != UNKNOWN) {
            know(takenBytes, knownTicks + (takenBytes - knownBytes) * ticksPerByte);
        } else if (takenBytes > 0) {
            clockMissing = true;
        }
    }

    private void packet(byte[] ts, int at, long position) {
        if (!byClock || !TsPacket.hasPcr(ts, at) || TsPacket.hasTransportError(ts, at)) {
            return;
        }
        int pid = TsPacket.pid(ts, at);
        if (pid != clockPid && !isSuccessor(pid)) {
            return;
        }
        rivalPid = NO_PID;
        PcrClock.Step step = clock.advance(TsPacket.pcr(ts, at), TsPacket.isDiscontinuity(ts, at));
        if (step == PcrClock.Step.CONTINUED) {
            goOn(position);
        } else if (ticksPerByte != UNKNOWN) {
            setReference(position, pcrTicks + (position - pcrPosition) * ticksPerByte);
        } else {
            pcrPosition = position;
        }
    }

    private void goOn(long position) {
        long interval = clock.intervalTicks();
        if (interval == 0) {
            return;
        }
        if (ticksPerByte == UNKNOWN) {
            // What came before the first PCR has the rate of what comes after it.
            pcrTicks = (double) pcrPosition * interval / (position - pcrPosition);
        }
        ticksPerByte = (double) interval / (position - pcrPosition);
        setReference(position, pcrTicks + interval);
    }

    private void setReference(long position, double ticks) {
        pcrPosition = position;
        pcrTicks = ticks;
        know(position, ticks);
    }

    /** Whether this PID's clock is the one to go by from now on. */
    private boolean isSuccessor(int pid) {
        if (clockPid == NO_PID) {
            clockPid = pid;
            return true;
        }
        if (rivalPid == NO_PID) {
            rivalPid = pid;
            rivalPcrs = 0;
        }
        if (rivalPid == pid && ++rivalPcrs >= PCRS_OF_A_SUCCESSOR) {
            clockPid = pid;
            clock = new PcrClock();
            return true;
        }
        return false;
    }

    /** Spreads what lies before this place evenly up to this time; at once, if the time has passed. */
    private void know(long bytes, double ticks) {
        if (bytes <= knownBytes) {
            return;
        }
        double slope = Math.max(0, (ticks - knownTicks) / (bytes - knownBytes));
        long at = takenBytes - pendingBytes;
        while (!pending.isEmpty() && at < bytes) {
            byte[] payload = pending.remove();
            double due = knownTicks + Math.max(0, at - knownBytes) * slope;
            ready.add(new Due((long) (due / TICKS_PER_MICRO), payload));
            at += payload.length;
            pendingBytes -= payload.length;
        }
        knownTicks += (bytes - knownBytes) * slope;
        knownBytes = bytes;
    }
}
