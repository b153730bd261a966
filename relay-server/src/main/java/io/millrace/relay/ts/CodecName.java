package io.millrace.relay.ts;

import io.millrace.relay.ts.ElementaryStream.Kind;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a stream of a PMT is, from its type and its descriptors. ISO/IEC 13818-1 Table 2-34, ATSC A/53, ETSI EN 300 468,
 * SCTE 35, and what the registration authority lists.
 *
 * @param name as people call it
 */
record CodecName(Kind kind, String name) {
    private static final int REGISTRATION = 0x05;
    private static final int TELETEXT = 0x56;
    private static final int DVB_SUBTITLES = 0x59;
    private static final int AC3 = 0x6A;
    private static final int ENHANCED_AC3 = 0x7A;
    private static final int DTS = 0x7B;
    private static final int AAC = 0x7C;
    private static final int EXTENSION = 0x7F;
    private static final int AC4_EXTENSION = 0x15;
    private static final int PRIVATE_PES = 0x06;

    /**
     * @param descriptors the array that holds them
     * @param from where they begin
     * @param end where they end; what would reach beyond is left out
     */
    static CodecName of(int streamType, byte[] descriptors, int from, int end) {
        CodecName byType = ofStreamType(streamType);
        if (byType != null && streamType != PRIVATE_PES) {
            return byType;
        }
        for (int at = from; at + 2 <= end; at += 2 + (descriptors[at + 1] & 0xFF)) {
            int length = Math.min(descriptors[at + 1] & 0xFF, end - at - 2);
            CodecName told = ofDescriptor(descriptors[at] & 0xFF, descriptors, at + 2, length);
            if (told != null) {
                return told;
            }
        }
        return byType != null ? byType : data(String.format("type 0x%02X", streamType));
    }

    private static @Nullable CodecName ofStreamType(int streamType) {
        return switch (streamType) {
            case 0x01 -> video("MPEG-1 video");
            case 0x02 -> video("MPEG-2 video");
            case 0x03 -> audio("MPEG-1 audio");
            case 0x04 -> audio("MPEG-2 audio");
            case 0x05 -> data("private sections");
            case PRIVATE_PES -> data("private data");
            case 0x0F -> audio("AAC");
            case 0x10 -> video("MPEG-4 video");
            case 0x11 -> audio("AAC LATM");
            case 0x15 -> data("timed metadata");
            case 0x1B -> video("H.264");
            case 0x1C -> audio("MPEG-4 audio");
            case 0x20 -> video("H.264 MVC");
            case 0x21 -> video("JPEG 2000");
            case 0x24 -> video("H.265");
            case 0x2D, 0x2E -> audio("MPEG-H audio");
            case 0x32 -> video("JPEG XS");
            case 0x33 -> video("H.266");
            case 0x42 -> video("AVS");
            case 0x81 -> audio("AC-3");
            case 0x86 -> data("SCTE-35");
            case 0x87 -> audio("E-AC-3");
            case 0xD2 -> video("AVS2");
            case 0xD4 -> video("AVS3");
            default -> null;
        };
    }

    private static @Nullable CodecName ofDescriptor(int tag, byte[] bytes, int at, int length) {
        return switch (tag) {
            case TELETEXT -> new CodecName(Kind.SUBTITLES, "teletext");
            case DVB_SUBTITLES -> new CodecName(Kind.SUBTITLES, "DVB subtitles");
            case AC3 -> audio("AC-3");
            case ENHANCED_AC3 -> audio("E-AC-3");
            case DTS -> audio("DTS");
            case AAC -> audio("AAC");
            case EXTENSION -> length > 0 && bytes[at] == AC4_EXTENSION ? audio("AC-4") : null;
            case REGISTRATION ->
                length < 4 ? null : ofRegistration(new String(bytes, at, 4, StandardCharsets.ISO_8859_1));
            default -> null;
        };
    }

    private static @Nullable CodecName ofRegistration(String identifier) {
        return switch (identifier) {
            case "Opus" -> audio("Opus");
            case "AC-3" -> audio("AC-3");
            case "EAC3" -> audio("E-AC-3");
            case "AC-4" -> audio("AC-4");
            case "BSSD" -> audio("SMPTE 302M");
            case "DTS1", "DTS2", "DTS3" -> audio("DTS");
            case "AV01" -> video("AV1");
            case "HEVC" -> video("H.265");
            case "VVC " -> video("H.266");
            case "VC-1" -> video("VC-1");
            case "drac" -> video("Dirac");
            case "KLVA" -> data("KLV");
            case "CUEI" -> data("SCTE-35");
            case "ID3 " -> data("ID3");
            default -> null;
        };
    }

    private static CodecName video(String name) {
        return new CodecName(Kind.VIDEO, name);
    }

    private static CodecName audio(String name) {
        return new CodecName(Kind.AUDIO, name);
    }

    private static CodecName data(String name) {
        return new CodecName(Kind.DATA, name);
    }
}
