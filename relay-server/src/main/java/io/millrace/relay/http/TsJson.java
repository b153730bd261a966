package io.millrace.relay.http;

import io.millrace.relay.ts.AudioFormat;
import io.millrace.relay.ts.GopMeasure;
import io.millrace.relay.ts.IndicatorState;
import io.millrace.relay.ts.Program;
import io.millrace.relay.ts.RandomAccessPoint;
import io.millrace.relay.ts.TsEvent;
import io.millrace.relay.ts.TsIndicator;
import io.millrace.relay.ts.TsSnapshot;
import io.millrace.relay.ts.VideoFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is in a transport stream as the API shows it. */
final class TsJson {
    private final Instant now;
    private final long nowMicros;

    /** @param nowMicros the same moment on the clock of the payloads' times */
    TsJson(Instant now, long nowMicros) {
        this.now = now;
        this.nowMicros = nowMicros;
    }

    /** A stream of which there is nothing to say. */
    static JsonObject of(String state) {
        return new JsonObject().put("state", state);
    }

    JsonObject of(TsSnapshot seen) {
        return of(name(seen.state()))
                .put("since", time(seen.sinceMicros()))
                .put("bytes", seen.bytes())
                .put("packets", seen.packets())
                .put("skippedBytes", seen.skippedBytes())
                .put("missingPayloads", seen.missingPayloads())
                .put("skippedPayloads", seen.skippedPayloads())
                .put("bitRate", seen.bitsPerSecond())
                .put("nullPercent", rounded(100 * seen.nullShare()))
                .put("continuityErrors", seen.continuityErrors())
                .put("duplicates", seen.duplicates())
                .put("transportErrors", seen.transportErrors())
                .put("scrambledPackets", seen.scrambledPackets())
                .put("damagedTables", seen.damagedTables())
                .put("programs", all(seen.programs(), TsJson::program))
                .put("pids", all(seen.pids(), TsJson::pid))
                .put("clocks", all(seen.clocks(), TsJson::clock))
                .put("indicators", all(seen.indicators(), this::indicator))
                .put("events", all(seen.events(), this::event))
                .put("randomAccess", randomAccess(seen.randomAccess()));
    }

    private static JsonObject program(Program program) {
        return new JsonObject()
                .put("number", program.number())
                .put("pmtPid", program.pmtPid())
                .put("pcrPid", program.pcrPid() == Program.NO_PID ? null : program.pcrPid())
                .put("described", program.described());
    }

    private static JsonObject pid(TsSnapshot.Pid pid) {
        JsonObject json = new JsonObject()
                .put("pid", pid.pid())
                .put("program", pid.program() == 0 ? null : pid.program())
                .put("what", pid.what())
                .putNull("streamType")
                .putNull("kind")
                .putNull("codec")
                .putNull("language");
        if (pid.stream() != null) {
            String language = pid.stream().language();
            json.put("streamType", pid.stream().streamType())
                    .put("kind", name(pid.stream().kind()))
                    .put("codec", pid.stream().codec())
                    .put("language", language.isEmpty() ? null : language);
        }
        return json.put("packets", pid.packets())
                .put("bitRate", pid.bitsPerSecond())
                .put("continuityErrors", pid.continuityErrors())
                .put("scrambledPackets", pid.scrambledPackets())
                .put("interval", interval(pid.table()))
                .put("video", video(pid.video(), pid.gop()))
                .put("gop", gop(pid.gop()))
                .put("audio", audio(pid.audio()));
    }

    private static @Nullable JsonObject interval(TsSnapshot.@Nullable Interval interval) {
        return interval == null
                ? null
                : new JsonObject()
                        .put("meanMillis", rounded(interval.meanMillis()))
                        .put("longestMillis", rounded(interval.longestMillis()));
    }

    private static @Nullable JsonObject video(@Nullable VideoFormat video, @Nullable GopMeasure gop) {
        if (video == null) {
            return null;
        }
        return new JsonObject()
                .put("width", video.width())
                .put("height", video.height())
                .put("interlaced", video.interlaced())
                .put("declaredFrameRate", video.frameRate() == 0 ? null : video.frameRate())
                .put("frameRate", gop == null || gop.frames() == 0 ? null : gop.frameRate());
    }

    private static @Nullable JsonObject gop(@Nullable GopMeasure gop) {
        return gop == null || gop.frames() == 0
                ? null
                : new JsonObject()
                        .put("frames", gop.frames())
                        .put("millis", rounded(gop.millis()))
                        .put("longestMillis", rounded(gop.longestMillis()));
    }

    private static @Nullable JsonObject audio(@Nullable AudioFormat audio) {
        return audio == null
                ? null
                : new JsonObject()
                        .put("sampleRate", audio.sampleRate())
                        .put("channels", audio.channels() == 0 ? null : audio.channels());
    }

    private static JsonObject clock(TsSnapshot.Clock clock) {
        Double jitter = clock.jitterMillis();
        return new JsonObject()
                .put("pid", clock.pid())
                .put("references", clock.references())
                .put("meanIntervalMillis", rounded(clock.meanIntervalMillis()))
                .put("longestIntervalMillis", rounded(clock.longestIntervalMillis()))
                .put("jitterMillis", jitter == null ? null : rounded(jitter))
                .put("jumps", clock.jumps())
                .put("announcedJumps", clock.announcedJumps());
    }

    private JsonObject indicator(IndicatorState state) {
        TsIndicator indicator = state.indicator();
        return new JsonObject()
                .put("name", name(indicator))
                .put("number", indicator.number())
                .put("priority", indicator.priority())
                .put("text", indicator.text())
                .put("count", state.count())
                .put("last", state.count() == 0 ? null : time(state.lastMicros()))
                .put("failing", state.failing());
    }

    private JsonObject event(TsEvent event) {
        return new JsonObject()
                .put("name", name(event.indicator()))
                .put("text", event.indicator().text())
                .put("pid", event.pid() == Program.NO_PID ? null : event.pid())
                .put("count", event.count())
                .put("first", time(event.firstMicros()))
                .put("last", time(event.lastMicros()));
    }

    private @Nullable JsonObject randomAccess(@Nullable RandomAccessPoint point) {
        return point == null
                ? null
                : new JsonObject()
                        .put("position", point.position())
                        .put("tablesPosition", point.tablesPosition() < 0 ? null : point.tablesPosition())
                        .put("pid", point.pid())
                        .put("time", time(point.micros()));
    }

    private String time(long micros) {
        return now.plus(micros - nowMicros, ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
    }

    private static <T> JsonArray all(Collection<T> values, Function<T, JsonObject> json) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(json.apply(value)));
        return array;
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static double rounded(double value) {
        return Math.round(value * 1e2) / 1e2;
    }
}
