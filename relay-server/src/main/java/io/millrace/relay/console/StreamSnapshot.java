package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that the API tells of a stream at one time. What it doesn't have is a node of no content.
 *
 * @param connections the stream's, each with its statistics
 * @param statistics of the publisher's connection over several times
 * @param history of the stream, the last minute
 * @param refusals of callers who wanted it, newest first
 * @param recent the connections with their counters of the last ten seconds, who has trouble first
 */
record StreamSnapshot(
        JsonNode stream,
        JsonNode connections,
        JsonNode statistics,
        JsonNode history,
        List<JsonNode> refusals,
        List<Leg> recent) {
    StreamState state() {
        return StreamState.of(stream);
    }

    Optional<Leg> publisher() {
        return recent.stream().filter(Leg::publisher).findFirst();
    }

    List<Leg> subscribers() {
        return recent.stream().filter(leg -> !leg.publisher()).toList();
    }

    /** What the publisher's connection is, for what a {@link Leg} doesn't have. */
    JsonNode publisherConnection() {
        for (JsonNode connection : connections) {
            if (connection.path("role").asText("").equals("publisher")) {
                return connection;
            }
        }
        return JsonNodeFactory.instance.objectNode();
    }

    /** A quantity of the history, oldest first; not a number where it was not measured. */
    List<Double> history(String quantity) {
        List<Double> values = new ArrayList<>();
        history.path(quantity).forEach(value -> values.add(value.isNumber() ? value.asDouble() : Double.NaN));
        return values;
    }

    /** For programs: what the API has, by its names. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("state", state().word());
        json.set("stream", stream.isObject() ? stream : JsonNodeFactory.instance.nullNode());
        json.set("statistics", statistics.isObject() ? statistics : JsonNodeFactory.instance.nullNode());
        json.set("connections", connections);
        json.putArray("refusals").addAll(refusals);
        return json;
    }
}
