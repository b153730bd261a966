package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.Compatibility;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of other servers, for programs that switch scenes by them. Each is there while {@code http.compatibility}
 * has it.
 *
 * <p>A stream is found by its name and by {@code publish/NAME}, which is what srt-live-server's users know it by. For a name
 * that itself begins with {@code publish/} there is only the latter, so that no stream can be taken for another one.
 */
final class CompatibilityApi {
    private static final String PUBLISH = "publish/";
    private static final String OK = "ok";

    private final Supplier<RelayConfig> config;
    private final ConnectionDirectory connections;

    CompatibilityApi(Supplier<RelayConfig> config, ConnectionDirectory connections) {
        this.config = config;
        this.connections = connections;
    }

    void addTo(ApiRoutes routes) {
        routes.foreign("/stats", ApiScope.READ, only(Compatibility.SLS, Compatibility.BELABOX))
                .handler(this::publishers);
        routes.foreign("/stats/:stream", ApiScope.READ, only(Compatibility.OPENIRL))
                .handler(this::openIrl);
        routes.foreign("/manage/srt_receiver_stats", ApiScope.READ, only(Compatibility.NIMBLE))
                .handler(request -> JsonAnswer.build(request, () -> CompatibilityJson.nimbleReceivers(readings())));
        routes.foreign("/manage/rtmp_status", ApiScope.READ, only(Compatibility.NIMBLE))
                .handler(request -> JsonAnswer.build(request, () -> CompatibilityJson.nimbleStreams(readings())));
    }

    private SecurityPolicyHandler only(Compatibility... servers) {
        return request -> {
            if (Arrays.stream(servers).anyMatch(this::isOn)) {
                request.next();
            } else {
                Problem.notFound("this is there while http.compatibility has "
                                + Arrays.stream(servers)
                                        .map(server -> server.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(" or ")))
                        .send(request);
            }
        };
    }

    private boolean isOn(Compatibility server) {
        return config.get().http().compatibility().contains(server);
    }

    /** All of them, or the one that is asked for, by what it is asked for. */
    private void publishers(RoutingContext request) {
        String key = request.queryParams().get("publisher");
        JsonAnswer.build(request, () -> {
            JsonObject publishers = new JsonObject();
            if (key == null) {
                readings().forEach(publisher -> {
                    JsonObject shape = shape(publisher);
                    String name = publisher.facts().stream();
                    if (!name.startsWith(PUBLISH)) {
                        publishers.put(name, shape);
                    }
                    publishers.put(PUBLISH + name, shape);
                });
            } else {
                PublisherReading publisher = reading(key);
                if (publisher != null) {
                    publishers.put(key, shape(publisher));
                }
            }
            return new JsonObject().put("publishers", publishers).put("status", OK);
        });
    }

    /** Where two servers have the same path, what their readers need of both; the bit rate means what SLS means by it. */
    private JsonObject shape(PublisherReading publisher) {
        JsonObject shape = new JsonObject();
        if (isOn(Compatibility.BELABOX)) {
            shape.mergeIn(CompatibilityJson.belabox(publisher));
        }
        if (isOn(Compatibility.SLS)) {
            shape.mergeIn(CompatibilityJson.sls(publisher));
        }
        return shape;
    }

    /** A stream that nobody publishes has no publisher in the answer, and readers take that for its end. */
    private void openIrl(RoutingContext request) {
        String key = PathParameter.text(request, "stream");
        boolean legacy = "1".equals(request.queryParams().get("legacy"));
        JsonAnswer.build(request, () -> {
            PublisherReading publisher = reading(key);
            JsonObject answer = new JsonObject().put("status", OK);
            if (legacy) {
                JsonObject publishers = new JsonObject();
                if (publisher != null) {
                    publishers.put("live", CompatibilityJson.sls(publisher));
                }
                answer.put("publishers", publishers);
            } else if (publisher != null) {
                answer.put("publisher", CompatibilityJson.openIrl(publisher));
            }
            return publisher == null ? answer.put("message", "nobody publishes this stream") : answer;
        });
    }

    private @Nullable PublisherReading reading(String key) {
        String name = key.startsWith(PUBLISH) ? key.substring(PUBLISH.length()) : key;
        ConnectionInfo publisher = connections.publisherOf(name);
        return publisher == null ? null : new PublisherReading(publisher, Instant.now());
    }

    /** Of every publisher, by the names of the streams. */
    private Collection<PublisherReading> readings() {
        Instant now = Instant.now();
        return new TreeMap<>(StreamJson.publishers(connections.connections()))
                .values().stream()
                        .map(publisher -> new PublisherReading(publisher, now))
                        .toList();
    }
}
