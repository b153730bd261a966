package io.millrace.relay.ts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The programs of a transport stream, from its PAT and PMTs. Keeps at most {@link #MAX_PROGRAMS} programs of at most
 * {@link #MAX_STREAMS} streams; a table that repeats what is known costs no object.
 */
public final class ProgramTable {
    /** Programs beyond these are left out. */
    public static final int MAX_PROGRAMS = 64;

    /** Streams of a program beyond these are left out. */
    public static final int MAX_STREAMS = 64;

    private static final int PAT_PID = 0;
    private static final int PAT_TABLE = 0x00;
    private static final int PMT_TABLE = 0x02;
    /** Table id and length, extension, version and section numbers. */
    private static final int HEADER_LENGTH = 8;

    private static final int CRC_LENGTH = 4;
    private static final int LANGUAGE = 0x0A;
    private static final int NO_PCR = 0x1FFF;
    private static final int UNKNOWN = -1;

    private final SectionAssembler pat = new SectionAssembler();
    private final Map<Integer, SectionAssembler> pmts = new HashMap<>();
    private final BitSet pmtPids = new BitSet(TsPacket.PIDS);
    private final Map<Integer, Program> programs = new TreeMap<>();
    private final Map<Integer, Integer> pmtCrcs = new HashMap<>();
    private final SectionAssembler.SectionSink onPat = this::readPat;
    private final SectionAssembler.SectionSink onPmt = this::readPmt;

    private int patVersion = UNKNOWN;
    private int pmtPid;
    private long patSections;
    private long pmtSections;
    private long forgottenDamages;
    private @Nullable List<Program> snapshot = List.of();

    /** Takes the next packet, of whatever PID; cheap where it is none of a table. */
    public void take(byte[] ts, int at) {
        int pid = TsPacket.pid(ts, at);
        if (pid == PAT_PID) {
            pat.take(ts, at, onPat);
        } else if (pmtPids.get(pid)) {
            SectionAssembler pmt = pmts.get(pid);
            if (pmt != null) {
                pmtPid = pid;
                pmt.take(ts, at, onPmt);
            }
        }
    }

    /** What is known, by program number. */
    public List<Program> programs() {
        List<Program> known = snapshot;
        if (known == null) {
            known = List.copyOf(programs.values());
            snapshot = known;
        }
        return known;
    }

    /** Whole PATs and parts of one that have come. */
    public long patSections() {
        return patSections;
    }

    /** PMTs that have come, of all programs. */
    public long pmtSections() {
        return pmtSections;
    }

    /** PATs and PMTs with a wrong CRC, which were left out. */
    public long damagedSections() {
        long damaged = forgottenDamages + pat.damaged();
        for (SectionAssembler pmt : pmts.values()) {
            damaged += pmt.damaged();
        }
        return damaged;
    }

    private void readPat(byte[] section, int length) {
        if (!isCurrent(section, length, PAT_TABLE)) {
            return;
        }
        patSections++;
        int version = version(section);
        if (version != patVersion) {
            patVersion = version;
            forgetPrograms();
        }
        for (int at = HEADER_LENGTH; at + 4 <= length - CRC_LENGTH; at += 4) {
            int number = (section[at] & 0xFF) << 8 | section[at + 1] & 0xFF;
            int pid = (section[at + 2] & 0x1F) << 8 | section[at + 3] & 0xFF;
            // Number 0 is where the network's own table is.
            if (number != 0 && isRoomFor(number)) {
                announce(number, pid);
            }
        }
    }

    private boolean isRoomFor(int number) {
        return programs.size() < MAX_PROGRAMS || programs.containsKey(number);
    }

    private void announce(int number, int pid) {
        Program known = programs.get(number);
        if (known != null && known.pmtPid() == pid) {
            return;
        }
        programs.put(number, Program.announced(number, pid));
        pmtCrcs.remove(number);
        snapshot = null;
        if (!pmtPids.get(pid) && pmts.size() < MAX_PROGRAMS) {
            pmts.put(pid, new SectionAssembler());
            pmtPids.set(pid);
        }
    }

    private void forgetPrograms() {
        forgottenDamages +=
                pmts.values().stream().mapToLong(SectionAssembler::damaged).sum();
        programs.clear();
        pmtCrcs.clear();
        pmts.clear();
        pmtPids.clear();
        snapshot = null;
    }

    private void readPmt(byte[] section, int length) {
        if (!isCurrent(section, length, PMT_TABLE) || length < HEADER_LENGTH + 4 + CRC_LENGTH) {
            return;
        }
        int number = (section[3] & 0xFF) << 8 | section[4] & 0xFF;
        Program announced = programs.get(number);
        if (announced == null || announced.pmtPid() != pmtPid) {
            return;
        }
        pmtSections++;
        int crc = Crc32Mpeg.of(section, length - CRC_LENGTH);
        Integer knownCrc = pmtCrcs.get(number);
        if (knownCrc == null || knownCrc != crc) {
            pmtCrcs.put(number, crc);
            programs.put(number, described(number, section, length - CRC_LENGTH));
            snapshot = null;
        }
    }

    private Program described(int number, byte[] section, int end) {
        int pcrPid = (section[8] & 0x1F) << 8 | section[9] & 0xFF;
        List<ElementaryStream> streams = new ArrayList<>();
        int at = HEADER_LENGTH + 4 + descriptorsLength(section, 10);
        while (at + 5 <= end && streams.size() < MAX_STREAMS) {
            int descriptors = at + 5;
            int next = descriptors + descriptorsLength(section, at + 3);
            streams.add(stream(section, at, descriptors, Math.min(next, end)));
            at = next;
        }
        return new Program(number, pmtPid, pcrPid == NO_PCR ? Program.NO_PID : pcrPid, true, streams);
    }

    private static ElementaryStream stream(byte[] section, int at, int descriptors, int end) {
        int type = section[at] & 0xFF;
        int pid = (section[at + 1] & 0x1F) << 8 | section[at + 2] & 0xFF;
        CodecName codec = CodecName.of(type, section, descriptors, end);
        return new ElementaryStream(pid, type, codec.kind(), codec.name(), language(section, descriptors, end));
    }

    private static String language(byte[] section, int from, int end) {
        for (int at = from; at + 2 <= end; at += 2 + (section[at + 1] & 0xFF)) {
            if (section[at] == LANGUAGE && at + 5 <= end && (section[at + 1] & 0xFF) >= 3) {
                String code = "" + (char) section[at + 2] + (char) section[at + 3] + (char) section[at + 4];
                return code.chars().allMatch(letter -> letter >= 'A' && letter <= 'z' && Character.isLetter(letter))
                        ? code
                        : "";
            }
        }
        return "";
    }

    private static boolean isCurrent(byte[] section, int length, int table) {
        boolean longForm = (section[1] & 0x80) != 0;
        return length >= HEADER_LENGTH + CRC_LENGTH
                && (section[0] & 0xFF) == table
                && longForm
                && (section[5] & 0x01) != 0;
    }

    private static int version(byte[] section) {
        return section[5] >> 1 & 0x1F;
    }

    /** The low 12 bits of the two bytes here. */
    private static int descriptorsLength(byte[] section, int at) {
        return (section[at] & 0x0F) << 8 | section[at + 1] & 0xFF;
    }
}
