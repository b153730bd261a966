package io.millrace.relay.ts;

import org.jspecify.annotations.Nullable;

/** What is known of one PID. What it carries is told by {@link #become}. */
final class PidState {
    private static final long MAX_TABLE_MICROS = 500_000;
    private static final long MAX_PTS_MICROS = 700_000;
    private static final long MAX_SILENCE_MICROS = 5_000_000;
    private static final long MAX_PCR_MICROS = 500_000;
    private static final byte[] NOTHING = {};

    final int pid;
    long packets;
    long continuityErrors;
    long scrambledPackets;
    long bitsPerSecond;

    /** Of a PAT or PMT. */
    @Nullable
    Repetition table;

    @Nullable
    PcrMeter clock;

    @Nullable
    VideoScan video;

    @Nullable
    AudioScan audio;

    /** Of the PMT that describes it, as long as that is the same. */
    @Nullable
    PidState programTable;

    /** Of a PMT: where the PAT was that came before it last; -1 if none did. */
    long patPosition = -1;

    /** Of a PAT or PMT. */
    @Nullable
    TableCopy tableCopy;

    /** Position of the payload in which its last PES packet began. */
    long unitPosition = -1;

    /** Where in that payload its first TS packet begins. */
    int unitOffset;

    /** Packets of the last PAT before it. */
    byte[] unitPat = NOTHING;

    /** Packets of its program's last PMT before it. */
    byte[] unitPmt = NOTHING;

    /** Of pictures and sound. */
    private @Nullable Repetition presentation;

    private @Nullable ElementaryStream stream;
    private @Nullable Repetition promise;
    private long packetsAtLastLook;
    private long packetsAtWindow;
    private long scrambledAtLastLook;

    PidState(int pid) {
        this.pid = pid;
    }

    /** Whether a PAT or PMT is to come here. */
    void becomeTable(boolean isTable, long nowMicros) {
        if (isTable && table == null) {
            table = new Repetition(MAX_TABLE_MICROS, nowMicros);
            tableCopy = new TableCopy();
        } else if (!isTable) {
            table = null;
            tableCopy = null;
        }
    }

    /** Packets of the newest table that came here, never changed; empty if none did. */
    byte[] tablePackets() {
        return tableCopy == null ? NOTHING : tableCopy.newest();
    }

    /** A PMT says that it carries this, or that it carries nothing. */
    void become(@Nullable ElementaryStream described, long nowMicros) {
        if (described == null ? stream == null : described.equals(stream)) {
            return;
        }
        stream = described;
        ElementaryStream.Kind kind = described == null ? ElementaryStream.Kind.DATA : described.kind();
        boolean isVideo = kind == ElementaryStream.Kind.VIDEO;
        boolean isAudio = kind == ElementaryStream.Kind.AUDIO;
        String codec = described == null ? "" : described.codec();
        video = isVideo ? new VideoScan(codec) : null;
        audio = isAudio ? new AudioScan(codec) : null;
        presentation = isVideo || isAudio ? new Repetition(MAX_PTS_MICROS, nowMicros) : null;
        promise = isVideo || isAudio ? new Repetition(MAX_SILENCE_MICROS, nowMicros) : null;
    }

    /** A PTS came. */
    void presented(long micros, TsJournal journal) {
        if (presentation != null && presentation.came(micros)) {
            journal.record(TsIndicator.PTS, pid, 1, micros);
        }
    }

    /** Looks whether something is overdue. */
    void check(long nowMicros, TsJournal journal) {
        if (table != null && table.isOverdue(nowMicros)) {
            journal.record(pid == 0 ? TsIndicator.PAT : TsIndicator.PMT, pid, 1, nowMicros);
        }
        if (clock != null && clock.isOverdue(nowMicros, MAX_PCR_MICROS)) {
            journal.record(TsIndicator.PCR_REPETITION, pid, 1, nowMicros);
        }
        if (promise != null) {
            if (packets != packetsAtLastLook) {
                var unused = promise.came(nowMicros);
            } else if (promise.isOverdue(nowMicros)) {
                journal.record(TsIndicator.PID, pid, 1, nowMicros);
            }
        }
        packetsAtLastLook = packets;
    }

    /** Whether scrambled packets have come since the last time. */
    boolean isScrambledAnew() {
        boolean anew = scrambledPackets != scrambledAtLastLook;
        scrambledAtLastLook = scrambledPackets;
        return anew;
    }

    /** A window of so many microseconds has ended. */
    void measureRate(long micros) {
        bitsPerSecond = Math.round((packets - packetsAtWindow) * TsPacket.LENGTH * 8e6 / micros);
        packetsAtWindow = packets;
    }

    /** Something was left out. */
    void interrupt(long nowMicros) {
        if (table != null) {
            table.interrupt(nowMicros);
        }
        if (presentation != null) {
            presentation.interrupt(nowMicros);
        }
        if (promise != null) {
            promise.interrupt(nowMicros);
        }
        if (clock != null) {
            clock.interrupt(nowMicros);
        }
        if (video != null) {
            video.abandon();
        }
        packetsAtWindow = packets;
    }
}
