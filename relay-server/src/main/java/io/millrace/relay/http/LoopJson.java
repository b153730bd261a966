package io.millrace.relay.http;

import io.millrace.relay.net.Distribution;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopStatistics;
import io.millrace.relay.net.LoopWindow;
import io.millrace.relay.stats.SocketInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The event loops as the API shows them. */
final class LoopJson {
    private LoopJson() {}

    static JsonArray of(List<LoopStatistics> loops, List<SocketInfo> sockets) {
        JsonArray list = new JsonArray();
        for (LoopStatistics loop : loops) {
            list.add(of(
                    loop,
                    sockets.stream()
                            .filter(socket -> socket.loop() == loop.loop())
                            .toList()));
        }
        return list;
    }

    private static JsonObject of(LoopStatistics loop, List<SocketInfo> sockets) {
        return new JsonObject()
                .put("loop", loop.loop())
                .put("ageMillis", Math.max(0, LoopClock.nowMicros() - loop.takenMicros()) / 1_000)
                .put("sockets", sockets.size())
                .put(
                        "publishers",
                        sockets.stream().mapToInt(SocketInfo::publishers).sum())
                .put(
                        "subscribers",
                        sockets.stream().mapToInt(SocketInfo::subscribers).sum())
                .put("lastSecond", of(loop.lastSecond()))
                .put("lastMinute", of(loop.lastMinute()))
                .put("sinceStart", of(loop.sinceStart()));
    }

    private static JsonObject of(LoopWindow window) {
        double seconds = window.wallMicros() / 1e6;
        return new JsonObject()
                .put("seconds", rounded(seconds))
                .put("utilisation", rounded(window.utilisation()))
                .put("cpuShare", rounded(window.cpuShare()))
                .put("iterationsPerSecond", seconds == 0 ? 0 : Math.round(window.iterations() / seconds))
                .put("readingMicros", window.readingMicros())
                .put("handlingMicros", window.handlingMicros())
                .put("sendingMicros", window.sendingMicros())
                .put("otherMicros", window.otherMicros())
                .put("longestIterationMicros", window.longestIterationMicros())
                .put("longestDelayMicros", window.longestDelayMicros())
                .put("datagramsPerBurst", of(window.burstDatagrams()))
                .put("datagramsPerSend", of(window.sendDatagrams()))
                .put("forwardingMicros", of(window.forwardingMicros()));
    }

    private static JsonObject of(Distribution distribution) {
        JsonArray histogram = new JsonArray();
        for (int place = 0; place < distribution.counts().size(); place++) {
            long count = distribution.counts().get(place);
            if (count > 0) {
                histogram.add(
                        new JsonObject().put("from", Distribution.from(place)).put("count", count));
            }
        }
        return new JsonObject()
                .put("count", distribution.count())
                .put("mean", rounded(distribution.mean()))
                .put("p50", distribution.quantile(0.5))
                .put("p99", distribution.quantile(0.99))
                .put("max", distribution.greatest())
                .put("histogram", histogram);
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
