package io.millrace.relay.ts;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the beginning of each PES packet of a video stream, up to the first slice: that is where a picture says whether
 * a decoder may begin with it, and what it looks like. Most bytes are never looked at. Counts a PES packet as a frame,
 * which it is where encoders put both fields of a frame into one, as nearly all do.
 */
final class VideoScan {
    private static final int MAX_SPS = 1_024;
    /** What may lie before the first slice: parameter sets and messages. */
    private static final int MAX_SCANNED = 8_192;

    private static final int START_CODE = 0x000001;
    private static final long MAX_GOP_TICKS = 60 * 90_000;
    private static final int NO_START_CODE = -1;

    /** How the pictures are coded, as far as it matters here. */
    private enum Coding {
        H264,
        H265,
        OTHER
    }

    private final Coding coding;
    private final byte[] sps = new byte[MAX_SPS];
    private int spsLength;
    private boolean collecting;
    private byte[] knownSps = {};
    private @Nullable VideoFormat format;

    private boolean scanning;
    private boolean announced;
    private int window;
    private int scanned;

    private long pts;
    private boolean startsGop;
    private long frames;
    private boolean inGop;
    private long gopPts;
    private long gopFrames;
    private GopMeasure gop = GopMeasure.NONE;

    /** @param codec as {@link CodecName} names it */
    VideoScan(String codec) {
        coding = switch (codec) {
            case "H.264" -> Coding.H264;
            case "H.265" -> Coding.H265;
            default -> Coding.OTHER;
        };
    }

    /**
     * A PES packet begins.
     *
     * @param announced whether its TS packet says that a decoder may begin here
     * @param pts in ticks of 90 kHz, or {@link PesHeader#NO_PTS}
     * @return whether it is known already to be a random access point
     */
    boolean begin(boolean announced, long pts) {
        this.announced = announced;
        this.pts = pts;
        frames++;
        startsGop = false;
        scanning = coding != Coding.OTHER;
        collecting = false;
        window = NO_START_CODE;
        scanned = 0;
        return coding == Coding.OTHER && announced && startGop();
    }

    /** Whether more of this PES packet is wanted. */
    boolean isScanning() {
        return scanning;
    }

    /** Something is missing: what follows is not what belongs here. */
    void abandon() {
        scanning = false;
        // The number of its frames is not known.
        inGop = false;
    }

    /**
     * Takes what follows of the elementary stream.
     *
     * @return whether the picture turned out to be a random access point
     */
    boolean take(byte[] ts, int from, int end) {
        for (int i = from; i < end && scanning; i++) {
            if ((window & 0xFFFFFF) == START_CODE) {
                unit(ts[i]);
            }
            if (collecting) {
                collect(ts[i]);
            }
            window = window << 8 | ts[i] & 0xFF;
            if (++scanned >= MAX_SCANNED) {
                scanning = false;
            }
        }
        boolean found = startsGop;
        startsGop = false;
        return found;
    }

    /** What the pictures look like; null if that is not known. */
    @Nullable
    VideoFormat format() {
        return format;
    }

    GopMeasure gop() {
        return gop;
    }

    private void unit(byte header) {
        if (collecting) {
            collecting = false;
            readSps();
        }
        int type = coding == Coding.H264 ? header & 0x1F : header >> 1 & 0x3F;
        boolean isSps = type == (coding == Coding.H264 ? 7 : 33);
        boolean isSlice = coding == Coding.H264 ? type >= 1 && type <= 5 : type < 32;
        if (isSps) {
            collecting = true;
            spsLength = 0;
        } else if (isSlice) {
            scanning = false;
            boolean access = coding == Coding.H264 ? type == 5 : type >= 16 && type <= 21;
            startsGop = (access || announced) && startGop();
        }
    }

    private void collect(byte octet) {
        if (spsLength == MAX_SPS) {
            collecting = false;
        } else {
            sps[spsLength++] = octet;
        }
    }

    private void readSps() {
        if (Arrays.equals(sps, 0, spsLength, knownSps, 0, knownSps.length)) {
            return;
        }
        knownSps = Arrays.copyOf(sps, spsLength);
        byte[] rbsp = withoutEmulationPrevention(knownSps, coding == Coding.H264 ? 1 : 2);
        VideoFormat read = coding == Coding.H264 ? H264Sps.read(rbsp, rbsp.length) : H265Sps.read(rbsp, rbsp.length);
        if (read != null) {
            format = read;
        }
    }

    /** Zero, zero, three stands for two zeros. */
    private static byte[] withoutEmulationPrevention(byte[] unit, int from) {
        byte[] plain = new byte[unit.length];
        int length = 0;
        int zeros = 0;
        for (int i = from; i < unit.length; i++) {
            if (zeros >= 2 && unit[i] == 3) {
                zeros = 0;
                continue;
            }
            zeros = unit[i] == 0 ? zeros + 1 : 0;
            plain[length++] = unit[i];
        }
        return Arrays.copyOf(plain, length);
    }

    private boolean startGop() {
        if (inGop && pts != PesHeader.NO_PTS && gopPts != PesHeader.NO_PTS) {
            long ticks = Math.floorMod(pts - gopPts, PesHeader.PTS_WRAP);
            if (ticks > 0 && ticks <= MAX_GOP_TICKS) {
                gop = gop.next(frames - gopFrames, ticks);
            }
        }
        inGop = true;
        gopPts = pts;
        gopFrames = frames;
        return true;
    }
}
