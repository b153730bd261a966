package io.millrace.relay.http;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.srt.connection.ConnectionStatistics;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A connection as the API shows it: what it is, and its statistics by libsrt's names. */
final class ConnectionJson {
    /** What a connection may be for. */
    static final List<String> ROLES = Arrays.stream(ConnectionInfo.Role.values())
            .map(ConnectionJson::text)
            .toList();

    private ConnectionJson() {}

    static String role(ConnectionInfo connection) {
        return text(connection.facts().role());
    }

    private static String text(ConnectionInfo.Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    static JsonObject of(ConnectionInfo connection) {
        ConnectionInfo.Facts facts = connection.facts();
        JsonObject json = new JsonObject()
                .put("id", connection.id())
                .put("label", connection.label())
                .put("role", role(connection))
                .put("stream", facts.stream())
                .put("streamId", facts.streamId())
                .put("user", facts.user())
                .put("encryption", facts.encryption())
                .put("listener", facts.listener())
                .put("peer", LoggableAddress.of(facts.peer()))
                .put("local", LoggableAddress.of(facts.local()))
                .put("since", connection.since().toString())
                .put("srtVersion", facts.srtVersion())
                .put("latencyMillis", facts.latencyMillis())
                .put("join", join(connection.join()))
                .put("advice", LinkReportJson.advice(connection.advice()));
        ConnectionStatistics statistics = connection.statistics();
        if (statistics != null) {
            statistics.forEach((statistic, value) -> json.put(statistic.name(), number(value)));
        }
        return json;
    }

    private static @Nullable JsonObject join(ConnectionInfo.@Nullable Join join) {
        return join == null
                ? null
                : new JsonObject().put("mode", join.mode().text()).put("behindMillis", join.behindMillis());
    }

    /** Whole numbers without a fraction, others to a thousandth: counters must not look like 1.2E7. Null if it is none. */
    static @Nullable Number number(double value) {
        if (Double.isNaN(value)) {
            return null;
        }
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            return (long) value;
        }
        return Math.round(value * 1000) / 1000.0;
    }
}
