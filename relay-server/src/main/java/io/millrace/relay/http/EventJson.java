package io.millrace.relay.http;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.stats.Attempt;
import io.millrace.relay.stats.ConnectionEvent;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.StreamVerticle;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Events as the API tells them. */
final class EventJson {
    private EventJson() {}

    /**
     * What clients are told of an event, in this order.
     *
     * @param untold refusals since the last one that was told
     */
    static List<EventFrame> of(ConnectionEvent event, long untold) {
        if (event instanceof ConnectionEvent.Opened opened) {
            ConnectionInfo connection = opened.connection();
            EventFrame told = EventFrame.of(EventType.CONNECTION_OPENED, about(opened.time(), connection));
            return isPublisher(connection)
                    ? List.of(
                            told,
                            EventFrame.of(
                                    EventType.STREAM_PUBLISHED,
                                    stream(opened.time(), connection)
                                            .put(
                                                    "publisher",
                                                    LoggableAddress.of(
                                                            connection.facts().peer()))))
                    : List.of(told);
        }
        if (event instanceof ConnectionEvent.Closed closed) {
            ConnectionInfo connection = closed.connection();
            EventFrame told = EventFrame.of(
                    EventType.CONNECTION_CLOSED,
                    about(closed.time(), connection)
                            .put("reason", closed.reason())
                            .put("durationSeconds", closed.durationSeconds())
                            .put("bytes", closed.bytes()));
            return isPublisher(connection)
                    ? List.of(
                            EventFrame.of(
                                    EventType.STREAM_UNPUBLISHED,
                                    stream(closed.time(), connection).put("reason", closed.reason())),
                            told)
                    : List.of(told);
        }
        if (event instanceof ConnectionEvent.Refused refused) {
            return List.of(EventFrame.of(EventType.REFUSED, of(refused).put("untold", untold)));
        }
        throw new AssertionError(event);
    }

    private static boolean isPublisher(ConnectionInfo connection) {
        return connection.facts().role() == ConnectionInfo.Role.PUBLISHER;
    }

    private static JsonObject about(Instant time, ConnectionInfo connection) {
        ConnectionInfo.Facts facts = connection.facts();
        return new JsonObject()
                .put("time", time.toString())
                .put("connection", connection.id())
                .put("label", connection.label())
                .put("role", ConnectionJson.role(connection))
                .put("stream", facts.stream())
                .put("user", facts.user())
                .put("encryption", facts.encryption())
                .put("listener", facts.listener())
                .put("peer", LoggableAddress.of(facts.peer()));
    }

    private static JsonObject stream(Instant time, ConnectionInfo publisher) {
        return new JsonObject()
                .put("time", time.toString())
                .put("stream", publisher.facts().stream())
                .put("connection", publisher.id());
    }

    private static JsonObject of(ConnectionEvent.Refused refused) {
        Attempt.Caller caller = refused.caller();
        return new JsonObject()
                .put("time", refused.time().toString())
                .put("listener", caller.listener())
                .put("peer", LoggableAddress.of(caller.peer()))
                .put("streamId", caller.streamId())
                .put("action", AttemptJson.text(caller.action()))
                .put("stream", caller.stream())
                .put("user", caller.user())
                .put("code", refused.refusal().reason().code())
                .put("reason", refused.refusal().reason().name())
                .put("advice", refused.refusal().explanation());
    }

    /** How each stream is doing. */
    static EventFrame statistics(
            Instant time, Collection<StreamVerticle> streams, Collection<ConnectionInfo> connections) {
        Map<String, ConnectionInfo> publishers = StreamJson.publishers(connections);
        JsonArray list = new JsonArray();
        streams.stream()
                .sorted(Comparator.comparing(StreamVerticle::name))
                .forEach(stream -> list.add(new JsonObject()
                        .put("name", stream.name())
                        .put("bitRate", StreamJson.bitRate(stream, publishers.get(stream.name())))
                        .put("subscribers", stream.subscribers())));
        return EventFrame.of(
                EventType.STATISTICS,
                new JsonObject().put("time", time.toString()).put("streams", list));
    }
}
