package io.millrace.relay.tool;

import io.millrace.relay.ts.ElementaryStream;
import io.millrace.relay.ts.Program;
import io.millrace.relay.ts.TsPacket;
import io.millrace.relay.ts.TsSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells what was seen of a transport stream in the terms of a report. */
final class TsReports {
    private static final Map<Integer, String> WELL_KNOWN = Map.of(
            0x0000,
            "PAT",
            0x0001,
            "CAT",
            0x0010,
            "NIT",
            0x0011,
            "SDT",
            0x0012,
            "EIT",
            0x0014,
            "TDT",
            TsPacket.NULL_PID,
            "null packets");

    private TsReports() {}

    /** @param seconds that it was looked at; 0 if that is not known */
    static ProbeReport.TsReport of(TsSummary seen, double seconds) {
        List<ProbeReport.PidReport> pids = new ArrayList<>();
        Set<Integer> told = new HashSet<>();
        for (Program program : seen.programs()) {
            if (told.add(program.pmtPid())) {
                pids.add(pid(seen, seconds, program.pmtPid(), program.number(), "PMT", ""));
            }
            for (ElementaryStream stream : program.streams()) {
                if (told.add(stream.pid())) {
                    pids.add(pid(seen, seconds, stream.pid(), program.number(), what(stream), stream.language()));
                }
            }
        }
        for (int pid : seen.pids().keySet()) {
            if (told.add(pid)) {
                pids.add(pid(seen, seconds, pid, 0, WELL_KNOWN.getOrDefault(pid, "not in any PMT"), ""));
            }
        }
        pids.sort(Comparator.comparingInt(ProbeReport.PidReport::pid));
        return new ProbeReport.TsReport(
                seen.isTransportStream(),
                seen.hasPat(),
                seen.programs().stream().map(program -> program(seen, program)).toList(),
                pids,
                seen.packets(),
                seen.continuityErrors(),
                seen.transportErrors(),
                seen.scrambledPackets(),
                seen.damagedTables(),
                100 * seen.nullShare());
    }

    private static ProbeReport.ProgramReport program(TsSummary seen, Program program) {
        TsSummary.Clock clock = seen.clocks().stream()
                .filter(one -> one.pid() == program.pcrPid())
                .findFirst()
                .orElse(new TsSummary.Clock(program.pcrPid(), 0, 0, 0, 0, 0));
        return new ProbeReport.ProgramReport(
                program.number(),
                program.pmtPid(),
                program.described(),
                program.pcrPid(),
                clock.references(),
                clock.longestIntervalMillis(),
                clock.jumps());
    }

    private static ProbeReport.PidReport pid(
            TsSummary seen, double seconds, int pid, int program, String what, String language) {
        TsSummary.Pid counted = seen.pids().getOrDefault(pid, new TsSummary.Pid(0, 0));
        double bitsPerSecond = seconds > 0 ? counted.packets() * TsPacket.LENGTH * 8 / seconds : 0;
        return new ProbeReport.PidReport(
                pid, program, what, language, counted.packets(), bitsPerSecond, counted.continuityErrors());
    }

    private static String what(ElementaryStream stream) {
        String kind = stream.kind().name().toLowerCase(Locale.ROOT);
        // "MPEG-2 video" and "DVB subtitles" say it already.
        return stream.codec().endsWith(kind) || stream.kind() == ElementaryStream.Kind.DATA
                ? stream.codec()
                : stream.codec() + " " + kind;
    }
}
