package io.millrace.relay.config;

/**
 * What is measured for Prometheus.
 *
 * @param enabled whether there are metrics at all
 * @param streams whether each stream has metrics of its own
 * @param maxStreams of how many streams; all others share one set
 */
public record MetricsConfig(boolean enabled, boolean streams, int maxStreams) {
    static MetricsConfig bind(Section keys) {
        return new MetricsConfig(
                keys.flag("enabled", true), keys.flag("streams", true), keys.integer("maxStreams", 200, 1, 10_000));
    }
}
