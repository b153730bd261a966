package io.millrace.relay.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.ts.AudioFormat;
import io.millrace.relay.ts.ElementaryStream;
import io.millrace.relay.ts.ElementaryStream.Kind;
import io.millrace.relay.ts.GopMeasure;
import io.millrace.relay.ts.Program;
import io.millrace.relay.ts.TsSnapshot;
import io.millrace.relay.ts.VideoFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MediaLineTest {
    private static final VideoFormat HD = new VideoFormat(1280, 720, 25, false);
    private static final GopMeasure NTSC = new GopMeasure(60, 2_002, 2_002, 29.97);

    @Test
    void pictureAndSoundAreNamedWithWhatIsKnownOfThem() {
        assertThat(line(video("H.264", HD, null), audio("AAC", new AudioFormat(48_000, 2))))
                .isEqualTo("H.264 1280×720 25 fps · AAC 48 kHz");
        assertThat(line(video("H.265", new VideoFormat(1920, 1080, 0, true), NTSC)))
                .isEqualTo("H.265 1920×1080i 29.97 fps");
        assertThat(line(video("JPEG XS", null, null), audio("Opus", null))).isEqualTo("JPEG XS · Opus");
        assertThat(line(audio("AAC", new AudioFormat(44_100, 2)))).isEqualTo("AAC 44.1 kHz");
    }

    @Test
    void othersAreCounted() {
        assertThat(line(video("H.264", HD, null), audio("AAC", null), audio("AC-3", null), audio("AAC", null)))
                .isEqualTo("H.264 1280×720 25 fps · AAC (+2)");
        assertThat(MediaLine.of(content(2, video("H.264", HD, null), video("H.264", HD, null))))
                .isEqualTo("2 programs · H.264 1280×720 25 fps (+1)");
    }

    @Test
    void streamWithoutPictureAndSoundHasNone() {
        assertThat(line(pid(Kind.DATA, "SCTE-35", null, null, null))).isNull();
        assertThat(line()).isNull();
    }

    private static @Nullable String line(TsSnapshot.Pid... pids) {
        return MediaLine.of(content(1, pids));
    }

    private static TsSnapshot.Pid video(String codec, @Nullable VideoFormat format, @Nullable GopMeasure gop) {
        return pid(Kind.VIDEO, codec, format, gop, null);
    }

    private static TsSnapshot.Pid audio(String codec, @Nullable AudioFormat format) {
        return pid(Kind.AUDIO, codec, null, null, format);
    }

    private static TsSnapshot.Pid pid(
            Kind kind,
            String codec,
            @Nullable VideoFormat video,
            @Nullable GopMeasure gop,
            @Nullable AudioFormat audio) {
        ElementaryStream stream = new ElementaryStream(256, 0, kind, codec, "");
        return new TsSnapshot.Pid(256, 1, codec, stream, 1, 1, 0, 0, null, video, gop, audio);
    }

    private static TsSnapshot content(int programs, TsSnapshot.Pid... pids) {
        Program program = new Program(1, 4096, 256, true, List.of());
        return new TsSnapshot(
                TsSnapshot.State.MPEG_TS,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                true,
                0,
                List.of(program, program).subList(0, programs),
                List.of(pids),
                List.of(),
                List.of(),
                List.of(),
                null);
    }
}
