package io.millrace.relay.ts;

import org.jspecify.annotations.Nullable;

/** The sequence parameter set of H.265. ISO/IEC 23008-2 §7.3.2.2 and Annex E. */
final class H265Sps {
    private static final int MAX_REFERENCE_SETS = 64;
    private static final int MAX_REFERENCES = 16;
    private static final int MAX_LONG_TERM = 32;
    private static final int PROFILE_BITS = 88;
    private static final int LEVEL_BITS = 8;
    private static final int YUV_444 = 3;

    private final BitReader in;
    private final int subLayers;

    private H265Sps(BitReader in) {
        this.in = in;
        in.skip(4);
        subLayers = (int) in.bits(3);
        in.skip(1);
    }

    /**
     * @param rbsp what follows the NAL unit's header of two bytes, without emulation prevention
     * @return null if it is no such thing
     */
    static @Nullable VideoFormat read(byte[] rbsp, int length) {
        return new H265Sps(new BitReader(rbsp, 0, length)).format();
    }

    private @Nullable VideoFormat format() {
        skipProfileAndLevel();
        in.unsignedGolomb();
        int chroma = in.unsignedGolomb();
        boolean separatePlanes = chroma == YUV_444 && in.flag();
        long width = in.unsignedGolomb();
        long height = in.unsignedGolomb();
        if (in.flag()) {
            int stepX = !separatePlanes && (chroma == 1 || chroma == 2) ? 2 : 1;
            int stepY = !separatePlanes && chroma == 1 ? 2 : 1;
            width -= stepX * ((long) in.unsignedGolomb() + in.unsignedGolomb());
            height -= stepY * ((long) in.unsignedGolomb() + in.unsignedGolomb());
        }
        if (in.isExhausted()) {
            return null;
        }
        skipCodingTools();
        boolean hasUsability = in.flag();
        boolean[] fields = new boolean[1];
        double frameRate = hasUsability && !in.isExhausted() ? frameRate(fields) : 0;
        // What is coded as a sequence of fields has their height and rate.
        return fields[0]
                ? VideoFormat.of(width, 2 * height, frameRate / 2, true)
                : VideoFormat.of(width, height, frameRate, false);
    }

    private void skipProfileAndLevel() {
        in.skip(PROFILE_BITS + LEVEL_BITS);
        boolean[] profiles = new boolean[subLayers];
        boolean[] levels = new boolean[subLayers];
        for (int i = 0; i < subLayers; i++) {
            profiles[i] = in.flag();
            levels[i] = in.flag();
        }
        if (subLayers > 0) {
            in.skip(2 * (8 - subLayers));
        }
        for (int i = 0; i < subLayers; i++) {
            in.skip((profiles[i] ? PROFILE_BITS : 0) + (levels[i] ? LEVEL_BITS : 0));
        }
    }

    private void skipCodingTools() {
        in.skipGolombs(2);
        int orderBits = Math.min(16, in.unsignedGolomb() + 4);
        boolean orderingOfEach = in.flag();
        in.skipGolombs(3 * (orderingOfEach ? subLayers + 1 : 1));
        in.skipGolombs(6);
        boolean scaled = in.flag();
        boolean ownLists = scaled && in.flag();
        if (ownLists) {
            skipScalingLists();
        }
        in.skip(2);
        if (in.flag()) {
            in.skip(8);
            in.skipGolombs(2);
            in.skip(1);
        }
        skipReferenceSets();
        if (in.flag()) {
            int longTerm = Math.min(MAX_LONG_TERM, in.unsignedGolomb());
            in.skip(longTerm * (orderBits + 1));
        }
        in.skip(2);
    }

    private void skipScalingLists() {
        for (int size = 0; size < 4; size++) {
            for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
                if (in.flag()) {
                    in.skipGolombs(Math.min(64, 1 << (4 + 2 * size)) + (size > 1 ? 1 : 0));
                } else {
                    in.unsignedGolomb();
                }
            }
        }
    }

    private void skipReferenceSets() {
        int sets = Math.min(MAX_REFERENCE_SETS, in.unsignedGolomb());
        int references = 0;
        for (int i = 0; i < sets && !in.isExhausted(); i++) {
            references = i > 0 && in.flag() ? predictedReferences(references) : ownReferences();
        }
    }

    /** Of a set that is told by the one before it. */
    private int predictedReferences(int before) {
        in.skip(1);
        in.unsignedGolomb();
        int references = 0;
        for (int i = 0; i <= before; i++) {
            boolean used = in.flag();
            if (used || in.flag()) {
                references++;
            }
        }
        return Math.min(2 * MAX_REFERENCES, references);
    }

    private int ownReferences() {
        int negative = Math.min(MAX_REFERENCES, in.unsignedGolomb());
        int positive = Math.min(MAX_REFERENCES, in.unsignedGolomb());
        for (int i = 0; i < negative + positive; i++) {
            in.unsignedGolomb();
            in.skip(1);
        }
        return negative + positive;
    }

    /** @param fields set to whether each picture is a field */
    private double frameRate(boolean[] fields) {
        VideoUsability.skipAppearance(in);
        in.skip(1);
        boolean fieldSequence = in.flag();
        in.skip(1);
        if (in.flag()) {
            in.skipGolombs(4);
        }
        fields[0] = fieldSequence && !in.isExhausted();
        if (!in.flag()) {
            return 0;
        }
        long unitsInTick = in.bits(32);
        long timeScale = in.bits(32);
        return in.isExhausted() || unitsInTick == 0 ? 0 : (double) timeScale / unitsInTick;
    }
}
