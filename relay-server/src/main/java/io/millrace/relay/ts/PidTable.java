package io.millrace.relay.ts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The PIDs of a stream. Knows at most {@link #MAX_PIDS}, which is more than multiplexes have: all others share one state. */
final class PidTable {
    static final int MAX_PIDS = 512;

    private static final int PAT_PID = 0;
    private static final int OTHERS = -1;
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

    private final @Nullable PidState[] byPid = new PidState[TsPacket.PIDS];
    private final List<PidState> known = new ArrayList<>();
    private final PidState others = new PidState(OTHERS);

    PidState get(int pid) {
        PidState state = byPid[pid];
        return state != null ? state : added(pid);
    }

    /** Whether it has a state of its own. */
    boolean isKnown(int pid) {
        return byPid[pid] != null;
    }

    private PidState added(int pid) {
        if (known.size() >= MAX_PIDS) {
            return others;
        }
        PidState state = new PidState(pid);
        byPid[pid] = state;
        known.add(state);
        return state;
    }

    /** Packets of a PID; 0 if none came. */
    long packets(int pid) {
        PidState state = byPid[pid];
        return state == null ? 0 : state.packets;
    }

    /** Does this with each that is known. */
    void each(Consumer<PidState> action) {
        for (int i = 0; i < known.size(); i++) {
            action.accept(known.get(i));
        }
    }

    /** A table says what they carry. */
    void describe(List<Program> programs, long nowMicros) {
        Map<Integer, ElementaryStream> streams = new HashMap<>();
        Map<Integer, PidState> tables = new HashMap<>();
        for (Program program : programs) {
            PidState table = get(program.pmtPid());
            tables.put(program.pmtPid(), table);
            for (ElementaryStream stream : program.streams()) {
                // So that it is known, and missed when it doesn't come.
                PidState state = get(stream.pid());
                state.programTable = table;
                streams.put(stream.pid(), stream);
            }
        }
        tables.put(PAT_PID, get(PAT_PID));
        each(state -> {
            state.become(streams.get(state.pid), nowMicros);
            state.becomeTable(tables.containsKey(state.pid), nowMicros);
        });
    }

    /** Those of which packets came, and those that a PMT promises. */
    List<TsSnapshot.Pid> snapshot(List<Program> programs) {
        List<TsSnapshot.Pid> pids = new ArrayList<>();
        each(state -> pids.add(snapshot(state, programs)));
        pids.removeIf(pid -> pid.packets() == 0 && pid.program() == 0);
        pids.sort(Comparator.comparingInt(TsSnapshot.Pid::pid));
        return pids;
    }

    List<TsSnapshot.Clock> clocks() {
        List<TsSnapshot.Clock> clocks = new ArrayList<>();
        each(state -> {
            if (state.clock != null) {
                clocks.add(state.clock.snapshot(state.pid));
            }
        });
        return clocks;
    }

    private static TsSnapshot.Pid snapshot(PidState state, List<Program> programs) {
        for (Program program : programs) {
            if (program.pmtPid() == state.pid) {
                return snapshot(state, program.number(), "PMT", null);
            }
            for (ElementaryStream stream : program.streams()) {
                if (stream.pid() == state.pid) {
                    return snapshot(state, program.number(), what(stream), stream);
                }
            }
        }
        return snapshot(state, 0, WELL_KNOWN.getOrDefault(state.pid, "not in any PMT"), null);
    }

    private static TsSnapshot.Pid snapshot(
            PidState state, int program, String what, @Nullable ElementaryStream stream) {
        return new TsSnapshot.Pid(
                state.pid,
                program,
                what,
                stream,
                state.packets,
                state.bitsPerSecond,
                state.continuityErrors,
                state.scrambledPackets,
                state.table == null ? null : state.table.interval(),
                state.video == null ? null : state.video.format(),
                state.video == null ? null : state.video.gop(),
                state.audio == null ? null : state.audio.format());
    }

    private static String what(ElementaryStream stream) {
        String kind = stream.kind().name().toLowerCase(Locale.ROOT);
        // "MPEG-2 video" and "DVB subtitles" say it already.
        return stream.codec().endsWith(kind) || stream.kind() == ElementaryStream.Kind.DATA
                ? stream.codec()
                : stream.codec() + " " + kind;
    }
}
