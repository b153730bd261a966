package io.millrace.relay.tool;

import io.millrace.relay.ts.Program;
import io.millrace.relay.ts.TsPacket;
import io.millrace.relay.ts.TsSnapshot;

/** Tells what was seen of a transport stream in the terms of a report. */
final class TsReports {
    private TsReports() {}

    /** @param seconds that it was looked at; 0 if that is not known */
    static ProbeReport.TsReport of(TsSnapshot seen, double seconds) {
        return new ProbeReport.TsReport(
                seen.isTransportStream(),
                seen.hasPat(),
                seen.programs().stream().map(program -> program(seen, program)).toList(),
                seen.pids().stream().map(pid -> pid(pid, seconds)).toList(),
                seen.packets(),
                seen.continuityErrors(),
                seen.transportErrors(),
                seen.scrambledPackets(),
                seen.damagedTables(),
                100 * seen.nullShare());
    }

    private static ProbeReport.ProgramReport program(TsSnapshot seen, Program program) {
        TsSnapshot.Clock clock = seen.clocks().stream()
                .filter(one -> one.pid() == program.pcrPid())
                .findFirst()
                .orElse(new TsSnapshot.Clock(program.pcrPid(), 0, 0, 0, 0, null, 0, 0));
        return new ProbeReport.ProgramReport(
                program.number(),
                program.pmtPid(),
                program.described(),
                program.pcrPid(),
                clock.references(),
                clock.longestIntervalMillis(),
                clock.jumps());
    }

    private static ProbeReport.PidReport pid(TsSnapshot.Pid pid, double seconds) {
        return new ProbeReport.PidReport(
                pid.pid(),
                pid.program(),
                pid.what(),
                pid.stream() == null ? "" : pid.stream().language(),
                pid.packets(),
                seconds > 0 ? pid.packets() * TsPacket.LENGTH * 8 / seconds : 0,
                pid.continuityErrors());
    }
}
