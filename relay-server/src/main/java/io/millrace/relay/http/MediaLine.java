package io.millrace.relay.http;

import io.millrace.relay.ts.ElementaryStream.Kind;
import io.millrace.relay.ts.TsSnapshot;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is in a transport stream in one line, such as "H.264 1280×720 25 fps · AAC 48 kHz". */
final class MediaLine {
    private static final String SEPARATOR = " · ";

    private MediaLine() {}

    /** The first picture and the first sound, and how many more there are; null while neither is known. */
    static @Nullable String of(TsSnapshot content) {
        List<TsSnapshot.Pid> video = ofKind(content, Kind.VIDEO);
        List<TsSnapshot.Pid> audio = ofKind(content, Kind.AUDIO);
        List<String> parts = new ArrayList<>();
        if (content.programs().size() > 1) {
            parts.add(content.programs().size() + " programs");
        }
        if (!video.isEmpty()) {
            parts.add(video(video.get(0)) + more(video));
        }
        if (!audio.isEmpty()) {
            parts.add(audio(audio.get(0)) + more(audio));
        }
        return video.isEmpty() && audio.isEmpty() ? null : String.join(SEPARATOR, parts);
    }

    private static List<TsSnapshot.Pid> ofKind(TsSnapshot content, Kind kind) {
        return content.pids().stream()
                .filter(pid -> pid.stream() != null && pid.stream().kind() == kind)
                .toList();
    }

    private static String video(TsSnapshot.Pid pid) {
        StringBuilder text = new StringBuilder(codec(pid));
        if (pid.video() != null) {
            text.append(' ')
                    .append(pid.video().width())
                    .append('×')
                    .append(pid.video().height());
            text.append(pid.video().interlaced() ? "i" : "");
        }
        double measured = pid.gop() == null ? 0 : pid.gop().frameRate();
        double rate =
                measured > 0 || pid.video() == null ? measured : pid.video().frameRate();
        return rate > 0
                ? text.append(' ').append(decimal(rate, 2)).append(" fps").toString()
                : text.toString();
    }

    private static String audio(TsSnapshot.Pid pid) {
        return pid.audio() == null
                ? codec(pid)
                : codec(pid) + ' ' + decimal(pid.audio().sampleRate() / 1e3, 3) + " kHz";
    }

    private static String codec(TsSnapshot.Pid pid) {
        return pid.stream() == null ? pid.what() : pid.stream().codec();
    }

    private static String more(List<TsSnapshot.Pid> pids) {
        return pids.size() == 1 ? "" : " (+" + (pids.size() - 1) + ")";
    }

    private static String decimal(double value, int digits) {
        return BigDecimal.valueOf(value)
                .setScale(digits, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
