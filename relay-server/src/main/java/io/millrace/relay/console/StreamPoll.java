package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Asks the API for all that it tells of one stream, again and again. */
final class StreamPoll {
    private static final int HISTORY_SECONDS = 60;
    private static final int MAX_REFUSALS = 20;
    private static final int SEARCHED_ATTEMPTS = 1_000;
    /** They are looked for in a long list, so not every time. */
    private static final int POLLS_BETWEEN_REFUSALS = 3;

    private final ApiClient api;
    private final String name;
    private final RecentCounters counters = new RecentCounters();
    private List<JsonNode> refusals = List.of();
    private int polls;
    /** The relay's newest second, by its own clock, which may not be ours; empty before the first. */
    private String newestSecond = "";

    StreamPoll(ApiClient api, String name) {
        this.api = api;
        this.name = name;
    }

    StreamSnapshot next() throws ApiException {
        String path = "/api/v1/streams/" + ApiClient.encoded(name);
        JsonNode stream = ifThere(path);
        JsonNode connections = stream.isObject()
                ? api.get("/api/v1/connections?stream=" + ApiClient.encoded(name))
                : JsonNodeFactory.instance.arrayNode();
        JsonNode publisher = stream.path("publisherConnection");
        JsonNode statistics = publisher.isIntegralNumber()
                ? ifThere("/api/v1/connections/" + publisher.asLong() + "/statistics")
                : MissingNode.getInstance();
        JsonNode history = ifThere(path + "/history" + lastMinute());
        newestSecond =
                history.path("time").path(history.path("time").size() - 1).asText(newestSecond);
        if (polls++ % POLLS_BETWEEN_REFUSALS == 0) {
            refusals = refusals();
        }
        return new StreamSnapshot(stream, connections, statistics, history, refusals, recent(connections));
    }

    /** For a relay that may have been started anew. */
    void startAgain() {
        counters.clear();
        polls = 0;
        newestSecond = "";
    }

    private List<Leg> recent(JsonNode connections) {
        List<Leg> legs = ConnectionsCommand.sorted(connections, ConnectionOrder.ID);
        counters.add(legs);
        return legs.stream().map(counters::recent).sorted(Leg.BY_TROUBLE).toList();
    }

    private List<JsonNode> refusals() throws ApiException {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode attempt : api.get("/api/v1/attempts?result=refused&limit=" + SEARCHED_ATTEMPTS)) {
            if (attempt.path("stream").asText("").equals(name) && found.size() < MAX_REFUSALS) {
                found.add(attempt);
            }
        }
        return List.copyOf(found);
    }

    private String lastMinute() {
        try {
            return newestSecond.isEmpty()
                    ? ""
                    : "?from="
                            + ApiClient.encoded(Instant.parse(newestSecond)
                                    .minusSeconds(HISTORY_SECONDS - 1)
                                    .toString());
        } catch (DateTimeParseException e) {
            return "";
        }
    }

    private JsonNode ifThere(String path) throws ApiException {
        try {
            return api.get(path);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }
}
