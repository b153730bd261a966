package io.millrace.relay.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.UUID;

/**
 * Has Vert.x measure its HTTP server, its HTTP clients and its worker pools. The datagrams of media don't pass through
 * anything of it.
 */
public final class VertxMeters {
    private VertxMeters() {}

    /** Starts event loops as {@link EventLoops#start} does, whose Vert.x measures into this registry. */
    public static EventLoops start(VertxOptions options, boolean preferNative, MeterRegistry registry) {
        options.setMetricsOptions(metricsOptions());
        return EventLoops.start(
                options, preferNative, builder -> builder.withMetrics(new MicrometerMetricsFactory(registry)));
    }

    private static MicrometerMetricsOptions metricsOptions() {
        return new MicrometerMetricsOptions()
                .setEnabled(true)
                // Vert.x keeps registries by name for the whole JVM, and would take another relay's of the same name.
                .setRegistryName(UUID.randomUUID().toString())
                // Not the method, which is any word that a client likes, nor the path: each would be a series for ever.
                .setLabels(EnumSet.of(Label.HTTP_CODE, Label.HTTP_ROUTE, Label.POOL_TYPE, Label.POOL_NAME))
                .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
                .addDisabledMetricsCategory(MetricsDomain.DATAGRAM_SOCKET)
                .addDisabledMetricsCategory(MetricsDomain.VERTICLES)
                .addDisabledMetricsCategory(MetricsDomain.NET_SERVER)
                .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT);
    }
}
