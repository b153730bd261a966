package io.millrace.relay.ts;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Looks at a transport stream for some time and counts what is in it: packets of each PID, programs, clocks, continuity.
 * Takes payloads of any length and content; what it keeps is bounded, at about 150 KiB.
 */
public final class TsSurvey {
    /** Clocks of more PIDs are left out. */
    private static final int MAX_CLOCKS = 64;

    private final TsFramer framer = new TsFramer();
    private final ProgramTable programs = new ProgramTable();
    private final ContinuityCheck continuity = new ContinuityCheck();
    private final long[] packetsByPid = new long[TsPacket.PIDS];
    private final int[] breaksByPid = new int[TsPacket.PIDS];
    private final Map<Integer, ClockSurvey> clocks = new LinkedHashMap<>();
    private final TsFramer.PacketSink onPacket = this::packet;

    private long bytes;
    private long packets;
    private long continuityErrors;
    private long duplicates;
    private long transportErrors;
    private long scrambled;

    /** What one PID's clock was seen to do. */
    private static final class ClockSurvey {
        private final PcrClock clock = new PcrClock();
        private long references;
        private long longestIntervalTicks;
        private long jumps;
        private long announcedJumps;

        void advance(long pcr, boolean discontinuity) {
            references++;
            switch (clock.advance(pcr, discontinuity)) {
                case CONTINUED -> longestIntervalTicks = Math.max(longestIntervalTicks, clock.intervalTicks());
                case JUMP -> jumps++;
                case ANNOUNCED_JUMP -> announcedJumps++;
                case FIRST -> {}
            }
        }

        TsSummary.Clock summary(int pid) {
            return new TsSummary.Clock(
                    pid, references, millis(clock.elapsedTicks()), millis(longestIntervalTicks), jumps, announcedJumps);
        }

        private static double millis(long ticks) {
            return ticks * 1e3 / TsPacket.TICKS_PER_SECOND;
        }
    }

    /** Takes the next payload. */
    public void take(byte[] payload) {
        bytes += payload.length;
        framer.take(payload, onPacket);
    }

    /** What was seen so far. */
    public TsSummary summary() {
        Map<Integer, TsSummary.Pid> pids = new LinkedHashMap<>();
        for (int pid = 0; pid < TsPacket.PIDS; pid++) {
            if (packetsByPid[pid] > 0) {
                pids.put(pid, new TsSummary.Pid(packetsByPid[pid], breaksByPid[pid]));
            }
        }
        return new TsSummary(
                bytes,
                packets,
                framer.skippedBytes(),
                continuityErrors,
                duplicates,
                transportErrors,
                scrambled,
                programs.damagedSections(),
                programs.patSections() > 0,
                programs.programs(),
                pids,
                clocks.entrySet().stream()
                        .map(clock -> clock.getValue().summary(clock.getKey()))
                        .toList());
    }

    private void packet(byte[] ts, int at, long position) {
        int pid = TsPacket.pid(ts, at);
        packets++;
        packetsByPid[pid]++;
        if (TsPacket.hasTransportError(ts, at)) {
            // Nothing else in it can be trusted.
            transportErrors++;
            return;
        }
        if (TsPacket.isScrambled(ts, at)) {
            scrambled++;
        }
        switch (continuity.check(ts, at)) {
            case BROKEN -> {
                continuityErrors++;
                breaksByPid[pid]++;
            }
            case DUPLICATE -> duplicates++;
            case CONTINUOUS -> {}
        }
        programs.take(ts, at);
        if (TsPacket.hasPcr(ts, at) && (clocks.size() < MAX_CLOCKS || clocks.containsKey(pid))) {
            clocks.computeIfAbsent(pid, clocked -> new ClockSurvey())
                    .advance(TsPacket.pcr(ts, at), TsPacket.isDiscontinuity(ts, at));
        }
    }
}
