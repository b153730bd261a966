package io.millrace.relay.ts;

import org.jspecify.annotations.Nullable;

/** The sequence parameter set of H.264. ISO/IEC 14496-10 §7.3.2.1.1 and Annex E. */
final class H264Sps {
    private static final int MAX_POC_CYCLE = 255;
    private static final int YUV_420 = 1;
    private static final int YUV_444 = 3;

    private H264Sps() {}

    /**
     * @param rbsp what follows the NAL unit's header, without emulation prevention
     * @return null if it is no such thing
     */
    static @Nullable VideoFormat read(byte[] rbsp, int length) {
        BitReader in = new BitReader(rbsp, 0, length);
        int profile = (int) in.bits(8);
        in.skip(16);
        in.unsignedGolomb();
        int chroma = hasChroma(profile) ? chroma(in) : YUV_420;
        in.unsignedGolomb();
        skipPictureOrder(in);
        in.unsignedGolomb();
        in.skip(1);
        long width = 16L * (in.unsignedGolomb() + 1L);
        long heightUnits = in.unsignedGolomb() + 1L;
        boolean framesOnly = in.flag();
        if (!framesOnly) {
            in.skip(1);
        }
        in.skip(1);
        int fields = framesOnly ? 1 : 2;
        long height = 16L * fields * heightUnits;
        if (in.flag()) {
            int stepX = chroma == YUV_420 || chroma == 2 ? 2 : 1;
            int stepY = (chroma == YUV_420 ? 2 : 1) * fields;
            width -= stepX * ((long) in.unsignedGolomb() + in.unsignedGolomb());
            height -= stepY * ((long) in.unsignedGolomb() + in.unsignedGolomb());
        }
        boolean hasUsability = in.flag();
        if (in.isExhausted()) {
            return null;
        }
        return VideoFormat.of(width, height, hasUsability ? frameRate(in) : 0, !framesOnly);
    }

    private static boolean hasChroma(int profile) {
        return switch (profile) {
            case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
            default -> false;
        };
    }

    /** Chroma format, and what follows up to the scaling lists. */
    private static int chroma(BitReader in) {
        int chroma = in.unsignedGolomb();
        boolean separatePlanes = chroma == YUV_444 && in.flag();
        in.skipGolombs(2);
        in.skip(1);
        if (in.flag()) {
            int lists = chroma == YUV_444 ? 12 : 8;
            for (int i = 0; i < lists; i++) {
                if (in.flag()) {
                    skipScalingList(in, i < 6 ? 16 : 64);
                }
            }
        }
        return separatePlanes ? 0 : chroma;
    }

    private static void skipScalingList(BitReader in, int size) {
        int last = 8;
        int next = 8;
        for (int i = 0; i < size && !in.isExhausted(); i++) {
            if (next != 0) {
                next = last + in.signedGolomb() & 0xFF;
            }
            last = next == 0 ? last : next;
        }
    }

    private static void skipPictureOrder(BitReader in) {
        int type = in.unsignedGolomb();
        if (type == 0) {
            in.unsignedGolomb();
        } else if (type == 1) {
            in.skip(1);
            in.skipGolombs(2);
            in.skipGolombs(Math.min(MAX_POC_CYCLE, in.unsignedGolomb()));
        }
    }

    private static double frameRate(BitReader in) {
        VideoUsability.skipAppearance(in);
        if (!in.flag()) {
            return 0;
        }
        long unitsInTick = in.bits(32);
        long timeScale = in.bits(32);
        // A tick is a field's time.
        return in.isExhausted() || unitsInTick == 0 ? 0 : timeScale / (2.0 * unitsInTick);
    }
}
