package io.millrace.relay.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.relay.access.Notifications;
import io.millrace.relay.config.MetricsConfig;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.VertxMeters;
import io.millrace.relay.role.ClusterView;
import io.millrace.relay.role.Drain;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stream.StreamDirectory;
import io.millrace.relay.stream.StreamVerticle;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.VertxOptions;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What Prometheus is told of this node. */
public final class Metrics implements AutoCloseable {
    private static final int OBSERVATION_MILLIS = 1_000;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ProcessMetrics process = new ProcessMetrics(registry);
    private final ConnectionMetrics connectionMetrics = new ConnectionMetrics();
    private final StreamMetrics streamMetrics;

    public Metrics(MetricsConfig config) {
        streamMetrics = new StreamMetrics(config);
    }

    /** Starts event loops as {@link EventLoops#start} does, whose Vert.x is measured as well. */
    public EventLoops startLoops(VertxOptions options, boolean preferNative) {
        return VertxMeters.start(options, preferNative, registry);
    }

    /** From now on tells of these, and looks at the connections every second as long as Vert.x runs. */
    public void observe(
            Supplier<RelayConfig> config,
            EventLoops loops,
            StreamDirectory streams,
            ConnectionDirectory connections,
            SocketDirectory sockets,
            AttemptLog attempts,
            Supplier<Notifications> notifications,
            ClusterView cluster,
            Drain drain) {
        var unused = loops.vertx().deployVerticle(new Observation(streams, connections));
        MultiCollector collector = () -> {
            Samples samples = new Samples();
            Collection<ConnectionInfo> open = connections.connections();
            streamMetrics.collect(samples, streams.streams(), open);
            collectViewers(samples, streams);
            connectionMetrics.collect(samples, open);
            TrafficMetrics.collect(samples, "millrace_", connections.totals());
            ListenerMetrics.collectAttempts(samples, attempts.counts());
            ListenerMetrics.collectTotals(samples, sockets.totals());
            ListenerMetrics.collectState(samples, sockets.sockets());
            LoopMetrics.collect(samples, loops.statistics());
            collectNotifications(samples, notifications.get().counts());
            ClusterMetrics.collect(samples, cluster);
            collectDrain(samples, drain.status());
            ProcessMetrics.collect(samples);
            collectConfiguration(samples, config.get());
            return samples.snapshots();
        };
        registry.getPrometheusRegistry().register(collector);
    }

    /** All metrics in Prometheus' text format. Takes milliseconds: not for an event loop. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        process.close();
        registry.close();
    }

    /** A verticle, so that its timer ends with those of all others when Vert.x is about to be closed. */
    private final class Observation extends VerticleBase {
        private final StreamDirectory streams;
        private final ConnectionDirectory connections;

        Observation(StreamDirectory streams, ConnectionDirectory connections) {
            this.streams = streams;
            this.connections = connections;
        }

        @Override
        public Future<?> start() {
            vertx.setPeriodic(OBSERVATION_MILLIS, id -> vertx.executeBlocking(this::look));
            return Future.succeededFuture();
        }

        private @Nullable Void look() {
            Collection<ConnectionInfo> open = connections.connections();
            connectionMetrics.observe(open);
            streamMetrics.observe(streams.streams(), open);
            return null;
        }
    }

    private static void collectViewers(Samples samples, StreamDirectory streams) {
        samples.gauge(
                "millrace_http_viewers",
                "Those who are sent streams over HTTP",
                streams.streams().stream().mapToInt(StreamVerticle::viewers).sum());
        samples.counter(
                "millrace_http_viewer_skips",
                "How often media was left out for one of them who read too slowly",
                streams.slowViewerSkips());
    }

    private static void collectDrain(Samples samples, Drain.Status status) {
        boolean isDraining = status.phase() != Drain.Phase.SERVING;
        samples.gauge("millrace_draining", "1 while the node is being drained, or is drained", isDraining ? 1 : 0);
        String name = "millrace_drain_remaining_connections";
        String help = "Callers that a node that is being drained still has; 0 otherwise";
        samples.gauge(name, help, isDraining ? status.viewers() : 0, "role", "subscriber");
        samples.gauge(name, help, isDraining ? status.publishers() : 0, "role", "publisher");
    }

    private static void collectNotifications(Samples samples, Notifications.Counts counts) {
        String name = "millrace_notifications";
        String help = "Notifications by what became of them: dropped are those for which there was no room";
        samples.counter(name, help, counts.sent(), "result", "sent");
        samples.counter(name, help, counts.failed(), "result", "failed");
        samples.counter(name, help, counts.dropped(), "result", "dropped");
        samples.gauge("millrace_notifications_pending", "Notifications that are not delivered yet", counts.pending());
    }

    private static void collectConfiguration(Samples samples, RelayConfig config) {
        @Nullable String version = Metrics.class.getPackage().getImplementationVersion();
        samples.info("millrace_build", "Version of the program", "version", version == null ? "development" : version);
        samples.gauge(
                "millrace_limit_connections",
                "Most open connections (limits.connections)",
                config.limits().connections());
        samples.gauge(
                "millrace_limit_publishers",
                "Most publishers (limits.publishers)",
                config.limits().publishers());
        samples.gauge(
                "millrace_limit_subscribers_per_stream",
                "Most subscribers of one stream (limits.subscribersPerStream)",
                config.limits().subscribersPerStream());
        samples.gauge(
                "millrace_limit_send_wait_seconds",
                "Wait for the turn to be sent to from which on new requests are refused (limits.delayMillis); 0 for any",
                config.limits().delayMillis() / 1e3);
        samples.gauge(
                "millrace_socket_receive_buffer_wanted_bytes",
                "Receive buffer that is asked of the kernel for each socket (transport.receiveBufferBytes)",
                config.transport().receiveBufferBytes());
        samples.gauge(
                "millrace_socket_send_buffer_wanted_bytes",
                "Send buffer that is asked of the kernel for each socket (transport.sendBufferBytes)",
                config.transport().sendBufferBytes());
    }
}
