package io.millrace.relay.ts;

import io.millrace.relay.ts.TsSnapshot.State;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a transport stream: what is in it, and by the indicators of ETSI TR 101 290 what is wrong with it. Takes payloads
 * of any length and content with the times at which they were sent; reads no clock, changes nothing. What it keeps is
 * bounded, at about 100 KiB for a stream of a few PIDs. One thread's.
 */
public final class TsAnalyser {
    private static final int PAT_PID = 0;
    private static final int CAT_PID = 1;
    private static final long CHECK_MICROS = 100_000;
    private static final long WINDOW_MICROS = 1_000_000;
    /** Longer than this without a payload is a silence: what should have come meanwhile is not missed one by one. */
    private static final long SILENCE_MICROS = 2_000_000;

    private static final int SYNC_LOSS_BYTES = 2 * TsPacket.LENGTH;
    /** Of what is no transport stream one payload in so many is looked at, in case that it becomes one. */
    private static final int SAMPLED = 16;

    /** Tables that change all the time are followed no more often than this between two checks. */
    private static final int DESCRIPTIONS = 8;

    private final TsJournal journal;
    private final Consumer<RandomAccessPoint> onRandomAccess;
    private final TsFramer framer = new TsFramer();
    private final ProgramTable tables = new ProgramTable();
    private final PidTable pids = new PidTable();
    private final TsFramer.PacketSink onPacket = this::packet;
    private ContinuityCheck continuity = new ContinuityCheck();

    private boolean started;
    private long sinceMicros;
    private long nowMicros;
    private long checkedMicros;
    private long windowMicros;
    private long packetsAtWindow;
    private long lookedBytesAtWindow;
    private long bitsPerSecond;

    private long payloads;
    private long bytes;
    private long lookedBytes;
    private long packets;
    private long duplicates;
    private long continuityErrors;
    private long transportErrors;
    private long scrambledPackets;
    private long missingPayloads;
    private long skippedPayloads;

    private boolean garbage;
    private long unsynchronisedBytes;
    private boolean syncLost;
    private boolean caMissed;

    private List<Program> programs = List.of();
    private int descriptionsLeft = DESCRIPTIONS;
    private boolean described;
    private boolean hasVideo;
    private long position = -1;
    private long positionBefore = -1;
    /** Place of the payload's first byte in what the framer has taken. */
    private long payloadStart;

    private long payloadStartBefore;

    private long patPosition = -1;
    private @Nullable RandomAccessPoint randomAccess;

    /** For a stream of its own. */
    public TsAnalyser() {
        this(new TsJournal(), point -> {});
    }

    /**
     * @param journal where it records what happens, after what others recorded there
     * @param onRandomAccess takes each place where a decoder may begin, when its first packets have been looked at
     */
    public TsAnalyser(TsJournal journal, Consumer<RandomAccessPoint> onRandomAccess) {
        this.journal = journal;
        this.onRandomAccess = onRandomAccess;
    }

    /**
     * Takes the next payload, which stays the caller's.
     *
     * @param at its position in the stream's log
     * @param micros when it was sent, on a clock that all payloads share
     */
    public void take(byte[] payload, long at, long micros) {
        advance(micros);
        payloads++;
        bytes += payload.length;
        if (garbage && payloads % SAMPLED != 0) {
            return;
        }
        positionBefore = position;
        position = at;
        payloadStartBefore = payloadStart;
        payloadStart = lookedBytes;
        lookedBytes += payload.length;
        long skippedBefore = framer.skippedBytes();
        framer.take(payload, onPacket);
        if (!garbage) {
            judgeSynchronisation(framer.skippedBytes() - skippedBefore);
        }
    }

    /**
     * So many payloads should be here and will not come.
     *
     * @param micros when the one behind them was sent
     */
    public void missing(long count, long micros) {
        advance(micros);
        missingPayloads += count;
        journal.record(TsIndicator.MISSING, Program.NO_PID, count, nowMicros);
    }

    /**
     * So many payloads came and are not shown to us: that they are not there is no fault of the stream.
     *
     * @param micros when the one behind them was sent
     */
    public void skip(long count, long micros) {
        // What was due meanwhile may have been among them.
        if (started) {
            nowMicros = micros;
            checkedMicros = micros;
        } else {
            advance(micros);
        }
        skippedPayloads += count;
        journal.record(TsIndicator.SKIPPED, Program.NO_PID, count, nowMicros);
        continuity = new ContinuityCheck();
        interrupt();
    }

    /** What was seen so far. */
    public TsSnapshot snapshot() {
        return new TsSnapshot(
                state(),
                sinceMicros,
                nowMicros,
                bytes,
                packets,
                framer.skippedBytes(),
                missingPayloads,
                skippedPayloads,
                bitsPerSecond,
                continuityErrors,
                duplicates,
                transportErrors,
                scrambledPackets,
                tables.damagedSections(),
                tables.patSections() > 0,
                packets == 0 ? 0 : (double) pids.packets(TsPacket.NULL_PID) / packets,
                tables.programs(),
                pids.snapshot(tables.programs()),
                pids.clocks(),
                journal.states(nowMicros),
                journal.events(),
                randomAccess);
    }

    private State state() {
        if (packets == 0 && lookedBytes < SYNC_LOSS_BYTES) {
            return State.WAITING;
        }
        boolean mostIsNone = packets * TsPacket.LENGTH + framer.pendingBytes() < lookedBytes / 2;
        boolean isFirstWindow = windowMicros == sinceMicros;
        return garbage || isFirstWindow && mostIsNone ? State.NOT_MPEG_TS : State.MPEG_TS;
    }

    private void advance(long micros) {
        if (!started) {
            started = true;
            sinceMicros = micros;
            nowMicros = micros;
            checkedMicros = micros;
            windowMicros = micros;
            journal.record(TsIndicator.STARTED, Program.NO_PID, 1, micros);
            describe();
            return;
        }
        if (Math.abs(micros - nowMicros) > SILENCE_MICROS) {
            nowMicros = micros;
            checkedMicros = micros;
            interrupt();
            return;
        }
        nowMicros = Math.max(nowMicros, micros);
        if (nowMicros - checkedMicros >= CHECK_MICROS) {
            checkedMicros = nowMicros;
            check();
        }
        if (nowMicros - windowMicros >= WINDOW_MICROS) {
            endWindow();
        }
    }

    private void check() {
        if (garbage) {
            return;
        }
        if (!described) {
            describe();
        }
        descriptionsLeft = DESCRIPTIONS;
        boolean[] scrambledAnew = new boolean[1];
        pids.each(state -> {
            state.check(nowMicros, journal);
            scrambledAnew[0] |= state.isScrambledAnew();
        });
        if (scrambledAnew[0] && pids.packets(CAT_PID) == 0 && !caMissed) {
            caMissed = true;
            journal.record(TsIndicator.CAT, CAT_PID, 1, nowMicros);
        }
    }

    private void endWindow() {
        long micros = nowMicros - windowMicros;
        long windowPackets = packets - packetsAtWindow;
        long windowBytes = lookedBytes - lookedBytesAtWindow;
        bitsPerSecond = Math.round(windowPackets * TsPacket.LENGTH * 8e6 / micros);
        pids.each(state -> state.measureRate(micros));
        boolean mostIsNone = windowPackets * TsPacket.LENGTH < windowBytes / 2;
        if (windowBytes > 0 && mostIsNone != garbage) {
            garbage = mostIsNone;
            if (garbage) {
                journal.record(TsIndicator.NOT_MPEG_TS, Program.NO_PID, 1, nowMicros);
            } else {
                interrupt();
            }
        }
        windowMicros = nowMicros;
        packetsAtWindow = packets;
        lookedBytesAtWindow = lookedBytes;
    }

    private void interrupt() {
        pids.each(state -> state.interrupt(nowMicros));
        windowMicros = nowMicros;
        packetsAtWindow = packets;
        lookedBytesAtWindow = lookedBytes;
    }

    private void judgeSynchronisation(long skipped) {
        if (skipped == 0) {
            unsynchronisedBytes = 0;
            syncLost = false;
            return;
        }
        journal.record(TsIndicator.SYNC_BYTE, Program.NO_PID, 1, nowMicros);
        unsynchronisedBytes += skipped;
        if (unsynchronisedBytes >= SYNC_LOSS_BYTES && !syncLost) {
            syncLost = true;
            journal.record(TsIndicator.SYNC_LOSS, Program.NO_PID, 1, nowMicros);
        }
    }

    private void packet(byte[] ts, int at, long bytePosition) {
        int pid = TsPacket.pid(ts, at);
        packets++;
        PidState state = pids.get(pid);
        state.packets++;
        if (TsPacket.hasTransportError(ts, at)) {
            // Nothing else in it can be trusted.
            transportErrors++;
            journal.record(TsIndicator.TRANSPORT, state.pid, 1, nowMicros);
            return;
        }
        if (pid == TsPacket.NULL_PID) {
            return;
        }
        switch (continuity.check(ts, at)) {
            case BROKEN -> broken(state);
            case DUPLICATE -> {
                duplicates++;
                return;
            }
            case CONTINUOUS -> {}
        }
        if (TsPacket.hasPcr(ts, at) && pids.isKnown(pid)) {
            clock(state, ts, at);
        }
        boolean scrambled = TsPacket.isScrambled(ts, at);
        if (scrambled) {
            scrambledPackets++;
            state.scrambledPackets++;
        } else {
            content(state, ts, at, bytePosition);
        }
    }

    private void broken(PidState state) {
        continuityErrors++;
        state.continuityErrors++;
        journal.record(TsIndicator.CONTINUITY, state.pid, 1, nowMicros);
        if (state.video != null) {
            state.video.abandon();
        }
    }

    private void clock(PidState state, byte[] ts, int at) {
        PcrMeter clock = state.clock;
        if (clock == null) {
            clock = new PcrMeter();
            state.clock = clock;
        }
        clock.take(state.pid, TsPacket.pcr(ts, at), TsPacket.isDiscontinuity(ts, at), nowMicros, journal);
    }

    private void content(PidState state, byte[] ts, int at, long bytePosition) {
        if (state.table != null) {
            table(state, state.table, ts, at);
        } else if (TsPacket.startsUnit(ts, at)) {
            startOfUnit(state, ts, at, bytePosition);
        } else if (state.video != null && state.video.isScanning()) {
            if (state.video.take(ts, TsPacket.payloadOffset(ts, at), at + TsPacket.LENGTH)) {
                randomAccess(state);
            }
        }
    }

    private void table(PidState state, Repetition table, byte[] ts, int at) {
        long sections = tables.patSections() + tables.pmtSections();
        long damaged = tables.damagedSections();
        tables.take(ts, at);
        if (tables.damagedSections() > damaged) {
            journal.record(TsIndicator.CRC, state.pid, tables.damagedSections() - damaged, nowMicros);
        }
        boolean isWhole = tables.patSections() + tables.pmtSections() > sections;
        if (state.tableCopy != null) {
            state.tableCopy.take(ts, at, isWhole);
        }
        if (!isWhole) {
            return;
        }
        if (state.pid == PAT_PID) {
            patPosition = position;
        } else {
            state.patPosition = patPosition;
        }
        if (table.came(nowMicros)) {
            journal.record(state.pid == PAT_PID ? TsIndicator.PAT : TsIndicator.PMT, state.pid, 1, nowMicros);
        }
        if (tables.programs() != programs) {
            described = false;
            if (descriptionsLeft > 0) {
                describe();
            }
        }
    }

    private void describe() {
        if (!programs.isEmpty() && programs.stream().allMatch(Program::described)) {
            journal.record(TsIndicator.PROGRAMS, Program.NO_PID, 1, nowMicros);
        }
        programs = tables.programs();
        described = true;
        descriptionsLeft--;
        pids.describe(programs, nowMicros);
        hasVideo = programs.stream()
                .flatMap(program -> program.streams().stream())
                .anyMatch(stream -> stream.kind() == ElementaryStream.Kind.VIDEO);
    }

    private void startOfUnit(PidState state, byte[] ts, int at, long bytePosition) {
        int from = TsPacket.payloadOffset(ts, at);
        int end = at + TsPacket.LENGTH;
        if (state.video == null && state.audio == null || !PesHeader.isAt(ts, from, end)) {
            return;
        }
        long pts = PesHeader.pts(ts, from, end);
        if (pts != PesHeader.NO_PTS) {
            state.presented(nowMicros, journal);
        }
        // A packet that two payloads share begins in the one before.
        boolean isShared = bytePosition < payloadStart;
        state.unitPosition = isShared ? positionBefore : position;
        state.unitOffset = (int) (bytePosition - (isShared ? payloadStartBefore : payloadStart));
        if (state.programTable != null) {
            state.unitPat = pids.get(PAT_PID).tablePackets();
            state.unitPmt = state.programTable.tablePackets();
        }
        int content = PesHeader.payloadOffset(ts, from, end);
        if (state.video != null) {
            VideoFormat before = state.video.format();
            boolean found = state.video.begin(TsPacket.isRandomAccess(ts, at), pts);
            if (state.video.take(ts, content, end) || found) {
                randomAccess(state);
            }
            if (before != null && !before.equals(state.video.format())) {
                journal.record(TsIndicator.FORMAT, state.pid, 1, nowMicros);
            }
        } else if (state.audio != null) {
            state.audio.take(ts, content, end);
            if (!hasVideo) {
                randomAccess(state);
            }
        }
    }

    private void randomAccess(PidState state) {
        PidState table = state.programTable;
        boolean hasTables = state.unitPat.length > 0 && state.unitPmt.length > 0;
        randomAccess = new RandomAccessPoint(
                state.unitPosition,
                state.unitOffset,
                table == null ? -1 : table.patPosition,
                hasTables ? new TablePackets(state.unitPat, state.unitPmt) : null,
                state.pid,
                nowMicros);
        onRandomAccess.accept(randomAccess);
    }
}
