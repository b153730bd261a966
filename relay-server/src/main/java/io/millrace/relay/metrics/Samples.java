package io.millrace.relay.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the samples of one scrape. Names are without the suffix that the kind of metric brings along: {@code _total}
 * or {@code _info}. Labels are names and values in turn, the same names each time.
 */
final class Samples {
    private final Map<String, MetricSnapshot.Builder<?>> metrics = new LinkedHashMap<>();

    /** Of something that only grows. */
    void counter(String name, String help, double value, String... labels) {
        CounterSnapshot.Builder metric = (CounterSnapshot.Builder) metrics.computeIfAbsent(
                name, n -> CounterSnapshot.builder().name(n).help(help));
        metric.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(Labels.of(labels))
                .value(value)
                .build());
    }

    void gauge(String name, String help, double value, String... labels) {
        GaugeSnapshot.Builder metric = (GaugeSnapshot.Builder) metrics.computeIfAbsent(
                name, n -> GaugeSnapshot.builder().name(n).help(help));
        metric.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(Labels.of(labels))
                .value(value)
                .build());
    }

    void histogram(String name, String help, SampledHistogram histogram, String... labels) {
        HistogramSnapshot.Builder metric = (HistogramSnapshot.Builder) metrics.computeIfAbsent(
                name, n -> HistogramSnapshot.builder().name(n).help(help));
        metric.dataPoint(histogram.snapshot(Labels.of(labels)));
    }

    /** Facts, as labels of a sample that is always 1. */
    void info(String name, String help, String... labels) {
        metrics.put(
                name,
                InfoSnapshot.builder()
                        .name(name)
                        .help(help)
                        .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                                .labels(Labels.of(labels))
                                .build()));
    }

    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        metrics.values().forEach(metric -> all.metricSnapshot(metric.build()));
        return all.build();
    }
}
