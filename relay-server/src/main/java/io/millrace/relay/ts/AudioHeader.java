package io.millrace.relay.ts;

import org.jspecify.annotations.Nullable;

/**
 * Headers of audio frames: AAC in ADTS (ISO/IEC 13818-7), MPEG audio (11172-3, 13818-3), AC-3 and E-AC-3
 * (ETSI TS 102 366).
 */
enum AudioHeader {
    ADTS {
        @Override
        @Nullable
        AudioFormat read(byte[] bytes, int at) {
            boolean synchronised = (bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xF6) == 0xF0;
            int rate = bytes[at + 2] >> 2 & 0x0F;
            int channels = (bytes[at + 2] & 0x01) << 2 | bytes[at + 3] >> 6 & 0x03;
            return !synchronised || rate >= ADTS_RATES.length
                    ? null
                    : new AudioFormat(ADTS_RATES[rate], channels == 7 ? 8 : channels);
        }
    },
    MPEG {
        @Override
        @Nullable
        AudioFormat read(byte[] bytes, int at) {
            boolean synchronised = (bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xE0) == 0xE0;
            int version = bytes[at + 1] >> 3 & 0x03;
            int layer = bytes[at + 1] >> 1 & 0x03;
            int bitRate = bytes[at + 2] >> 4 & 0x0F;
            int rate = bytes[at + 2] >> 2 & 0x03;
            if (!synchronised || version == 1 || layer == 0 || bitRate == 15 || rate == 3) {
                return null;
            }
            // Version 3 is MPEG-1, 2 is MPEG-2 with half the rates, 0 is what was added with a quarter.
            int hertz = MPEG_RATES[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
            boolean mono = (bytes[at + 3] & 0xC0) == 0xC0;
            return new AudioFormat(hertz, mono ? 1 : 2);
        }
    },
    /** E-AC-3 too: the stream's version tells. */
    AC3 {
        @Override
        @Nullable
        AudioFormat read(byte[] bytes, int at) {
            if (bytes[at] != 0x0B || bytes[at + 1] != 0x77) {
                return null;
            }
            int version = bytes[at + 5] >> 3 & 0x1F;
            BitReader in = new BitReader(bytes, at + 2, at + LENGTH);
            return version <= 10 ? ac3(in) : version <= 16 ? enhancedAc3(in) : null;
        }
    };

    /** Bytes that {@link #read} looks at. */
    static final int LENGTH = 8;

    private static final int[] ADTS_RATES = {
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350
    };
    private static final int[] MPEG_RATES = {44_100, 48_000, 32_000};
    private static final int[] AC3_RATES = {48_000, 44_100, 32_000};
    private static final int[] AC3_CHANNELS = {2, 1, 2, 3, 3, 4, 4, 5};

    /**
     * @param at where {@link #LENGTH} bytes are
     * @return null if no frame begins here
     */
    abstract @Nullable AudioFormat read(byte[] bytes, int at);

    /** The header of a codec by the name that {@link CodecName} gives it; null for one whose frames say nothing. */
    static @Nullable AudioHeader of(String codec) {
        return switch (codec) {
            case "AAC" -> ADTS;
            case "MPEG-1 audio", "MPEG-2 audio" -> MPEG;
            case "AC-3", "E-AC-3" -> AC3;
            default -> null;
        };
    }

    private static @Nullable AudioFormat ac3(BitReader in) {
        in.skip(16);
        int rate = (int) in.bits(2);
        in.skip(6 + 5 + 3);
        int mode = (int) in.bits(3);
        if ((mode & 1) != 0 && mode != 1) {
            in.skip(2);
        }
        if ((mode & 4) != 0) {
            in.skip(2);
        }
        if (mode == 2) {
            in.skip(2);
        }
        boolean lowFrequencies = in.flag();
        return rate == 3 ? null : new AudioFormat(AC3_RATES[rate], AC3_CHANNELS[mode] + (lowFrequencies ? 1 : 0));
    }

    private static @Nullable AudioFormat enhancedAc3(BitReader in) {
        in.skip(2 + 3 + 11);
        int rate = (int) in.bits(2);
        int halved = (int) in.bits(2);
        int mode = (int) in.bits(3);
        boolean lowFrequencies = in.flag();
        if (rate == 3 && halved == 3) {
            return null;
        }
        int hertz = rate == 3 ? AC3_RATES[halved] / 2 : AC3_RATES[rate];
        return new AudioFormat(hertz, AC3_CHANNELS[mode] + (lowFrequencies ? 1 : 0));
    }
}
