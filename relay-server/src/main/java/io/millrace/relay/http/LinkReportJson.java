package io.millrace.relay.http;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.ConnectionInfo.Role;
import io.millrace.relay.stats.LinkAdvice;
import io.millrace.relay.stats.LinkReport;
import io.millrace.relay.stats.LinkSpread;
import io.millrace.relay.stats.Spread;
import io.millrace.srt.connection.ConnectionStatistics;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection's statistics over several times as the API shows them: libsrt's, by libsrt's names, and how those that matter
 * were spread.
 */
final class LinkReportJson {
    private LinkReportJson() {}

    static JsonObject of(ConnectionInfo connection) {
        LinkReport report = connection.meter().report();
        Role role = connection.facts().role();
        ConnectionStatistics newest = connection.statistics();
        JsonObject json = new JsonObject()
                .put("id", connection.id())
                .put("role", role.name().toLowerCase(Locale.ROOT))
                .put("stream", connection.facts().stream())
                .put("latencyMillis", connection.facts().latencyMillis())
                .put("advice", advice(connection.advice()));
        JsonObject interval = spreads(report.interval(), role);
        ConnectionStatistics changes = connection.interval();
        if (changes != null) {
            changes.forEach((statistic, value) -> interval.put(statistic.intervalName(), ConnectionJson.number(value)));
        }
        JsonObject sinceStart = spreads(report.sinceStart(), role)
                .put("since", connection.since().toString());
        if (newest != null) {
            newest.forEach((statistic, value) -> {
                if (statistic.accumulates()) {
                    sinceStart.put(statistic.name(), ConnectionJson.number(value));
                }
            });
        }
        return json.put("interval", interval)
                .put("tenSeconds", spreads(report.tenSeconds(), role))
                .put("sinceStart", sinceStart)
                .put("sinceMark", sinceMark(report.sinceMark(), newest, role));
    }

    static @Nullable JsonObject advice(@Nullable LinkAdvice advice) {
        return advice == null
                ? null
                : new JsonObject()
                        .put("sufficient", advice.sufficient())
                        .put("latencyMillis", advice.latencyMillis())
                        .put("overheadPercent", advice.overheadPercent())
                        .put("sentence", advice.sentence());
    }

    /** A publisher has a receive buffer here, a subscriber a send buffer. */
    static String bufferName(Role role) {
        return role == Role.PUBLISHER ? "receiveBufferMillis" : "sendBufferMillis";
    }

    private static @Nullable JsonObject sinceMark(
            LinkReport.@Nullable SinceMark mark, @Nullable ConnectionStatistics newest, Role role) {
        if (mark == null) {
            return null;
        }
        JsonObject json = spreads(mark.spread(), role).put("since", mark.mark().toString());
        ConnectionStatistics then = mark.statistics();
        if (newest != null) {
            ConnectionStatistics changes = then == null ? newest : newest.since(then);
            changes.forEach((statistic, value) -> {
                if (statistic.accumulates()) {
                    json.put(statistic.intervalName(), ConnectionJson.number(value));
                }
            });
        }
        return json;
    }

    private static JsonObject spreads(LinkSpread spread, Role role) {
        return new JsonObject()
                .put("seconds", ConnectionJson.number(spread.seconds()))
                .put("rttMillis", of(spread.rttMillis()))
                .put(bufferName(role), of(spread.bufferMillis()))
                .put("lostPackets", of(spread.lostPackets()))
                .put("lostPercent", of(spread.lostPercent()))
                .put("retransmittedPackets", of(spread.retransmittedPackets()))
                .put("retransmittedPercent", of(spread.retransmittedPercent()));
    }

    private static @Nullable JsonObject of(@Nullable Spread spread) {
        return spread == null
                ? null
                : new JsonObject()
                        .put("min", ConnectionJson.number(spread.min()))
                        .put("mean", ConnectionJson.number(spread.mean()))
                        .put("max", ConnectionJson.number(spread.max()))
                        .put("p95", ConnectionJson.number(spread.p95()));
    }
}
