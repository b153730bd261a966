package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers that x264, x265 and ffmpeg's audio encoders have written. */
class HeadersTest {
    private static final String H264_INTERLACED = "67f40028919d00f0089f97011000000300100000030321f162ea";
    private static final String H265_1080 =
            "4201010408000003009e0800000300007b900078100220f89cb2b2a5261780b702020004000003000400000300c820";

    @ParameterizedTest
    @CsvSource({
        H264_INTERLACED + ", 1920, 1080, 25, true",
        // 4:2:2 with 10 bits, cropped.
        "677a0028b6cb403c0113d45ffe09a009a220000003002000000781e30654, 1918, 1078, 30, false",
        H265_1080 + ", 1920, 1080, 50, false",
        "420101022000000300900000030000030096a001e020021c4d965654a4c2f01680800001f480003a9804, 3840, 2160, 29.97, false",
        // 4:4:4, cropped.
        "4201010408000003009e0800000300005d9000501005a3ef2caca94985ffe02ce02d0d010000030001000003001908,"
                + " 1280, 718, 25, false"
    })
    void parameterSetTellsSizeAndRate(String sps, int width, int height, double frameRate, boolean interlaced) {
        VideoFormat format = format(HexFormat.of().parseHex(sps));

        assertThat(format).isNotNull();
        assertThat(format.width()).isEqualTo(width);
        assertThat(format.height()).isEqualTo(height);
        assertThat(format.frameRate()).isCloseTo(frameRate, within(0.001));
        assertThat(format.interlaced()).isEqualTo(interlaced);
    }

    @ParameterizedTest
    @CsvSource({
        "AAC, fff14c8026dffcde02004c61, 48000, 2",
        "AAC, fff15180327ffcde02004c61, 44100, 6",
        "MPEG-1 audio, fffde4048866667766877766, 48000, 2",
        "MPEG-2 audio, fff5e0c4ffffffffffffffff, 22050, 1",
        "AC-3, 0b77d0f81e40ebf8403eff99, 48000, 6",
        "AC-3, 0b771ef84c402f842be1877b, 44100, 1",
        "E-AC-3, 0b77037f3f87c00020f82000, 48000, 6"
    })
    void audioHeaderTellsSampleRateAndChannels(String codec, String frame, int sampleRate, int channels) {
        AudioScan scan = new AudioScan(codec);
        byte[] bytes = HexFormat.of().parseHex(frame);
        scan.take(bytes, 0, bytes.length);
        assertThat(scan.format()).as("one may be chance").isNull();
        scan.take(bytes, 0, bytes.length);

        assertThat(scan.format()).isEqualTo(new AudioFormat(sampleRate, channels));
    }

    @Test
    void anyPartAndAnyDamageOfAParameterSetIsReadWithinBounds() {
        SplittableRandom random = new SplittableRandom(5);
        for (String sps : new String[] {H264_INTERLACED, H265_1080}) {
            byte[] whole = HexFormat.of().parseHex(sps);
            for (int run = 0; run < 20_000; run++) {
                byte[] damaged = Arrays.copyOf(whole, random.nextInt(3, whole.length + 1));
                for (int i = random.nextInt(4); i > 0; i--) {
                    damaged[random.nextInt(2, damaged.length)] = (byte) random.nextInt();
                }
                VideoFormat format = format(damaged);
                if (format != null) {
                    assertThat(format.width()).isBetween(1, 16_384);
                    assertThat(format.height()).isBetween(1, 16_384);
                    assertThat(format.frameRate()).isBetween(0.0, 1_000.0);
                }
            }
        }
    }

    /** As it is found in a stream, before a slice. */
    private static VideoFormat format(byte[] sps) {
        boolean h264 = (sps[0] & 0x1F) == 7;
        VideoScan scan = new VideoScan(h264 ? "H.264" : "H.265");
        byte[] startCode = {0, 0, 1};
        byte[] slice = {(byte) (h264 ? 0x65 : 19 << 1), 0};
        byte[] unit = TsPackets.joined(startCode, sps, startCode, slice);
        scan.begin(false, 0);
        scan.take(unit, 0, unit.length);
        assertThat(scan.isScanning()).isFalse();
        return scan.format();
    }
}
