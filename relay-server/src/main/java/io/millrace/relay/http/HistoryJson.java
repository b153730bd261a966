package io.millrace.relay.http;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.ConnectionQuantity;
import io.millrace.relay.stats.HistoryRows;
import io.millrace.relay.stats.StreamHistory;
import io.millrace.relay.stats.StreamQuantity;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Histories as the API shows them: an array of times, and for each quantity an array of its values at these times. */
final class HistoryJson {
    private static final String NO_MEMORY =
            "there was no memory to keep as much as there should be; raise limits.historyMebibytes";

    private HistoryJson() {}

    static JsonObject of(String stream, StreamHistory history, HistoryQuery query) {
        HistoryRows rows = history.between(query.resolution(), query.from(), query.to());
        JsonObject json = new JsonObject()
                .put("stream", stream)
                .put("resolution", query.resolutionText())
                .put("missing", history.lacksMemory(query.resolution()) ? NO_MEMORY : null)
                .put("time", times(rows));
        for (StreamQuantity quantity : StreamQuantity.values()) {
            json.put(quantity.name(), values(rows, quantity));
        }
        return json;
    }

    static JsonObject of(ConnectionInfo connection, HistoryQuery query) {
        HistoryRows rows = connection.meter().history(query.from(), query.to());
        JsonObject json = new JsonObject()
                .put("connection", connection.id())
                .put("stream", connection.facts().stream())
                .put("resolution", query.resolutionText())
                .put("missing", connection.meter().lacksMemory() ? NO_MEMORY : null)
                .put("time", times(rows));
        for (ConnectionQuantity quantity : ConnectionQuantity.values()) {
            json.put(name(quantity, connection), values(rows, quantity));
        }
        return json;
    }

    private static String name(ConnectionQuantity quantity, ConnectionInfo connection) {
        return quantity == ConnectionQuantity.bufferMillis
                ? LinkReportJson.bufferName(connection.facts().role())
                : quantity.name();
    }

    private static JsonArray times(HistoryRows rows) {
        JsonArray times = new JsonArray();
        for (int row = 0; row < rows.size(); row++) {
            times.add(Instant.ofEpochSecond(rows.epochSecond(row)).toString());
        }
        return times;
    }

    private static JsonArray values(HistoryRows rows, Enum<?> quantity) {
        JsonArray values = new JsonArray();
        for (int row = 0; row < rows.size(); row++) {
            values.add(ConnectionJson.number(rows.value(row, quantity)));
        }
        return values;
    }
}
