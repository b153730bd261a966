package io.millrace.relay.interop;

import static io.millrace.relay.interop.RelayProcess.publishing;
import static io.millrace.relay.interop.RelayProcess.requesting;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.interop.LatencyProbe.Delays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The relay passes on what arrives at once: from end to end it takes the latency of one leg, not of two. */
@Timeout(60)
class RelayLatencyIT {
    /** 2.6 Mbit/s. */
    private static final long INTERVAL_MICROS = 4_000;

    private static RelayProcess relay;

    @BeforeAll
    static void start() {
        relay = RelayProcess.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void aCleanStreamTakesTheLatencyOnce() throws Exception {
        int latencyMillis = 120;
        try (LatencyProbe probe = new LatencyProbe(
                relay,
                "clean",
                publishing(relay.port(), "clean", latencyMillis),
                requesting(relay.port(), "clean", latencyMillis))) {
            Delays delays = probe.measure(1_500, INTERVAL_MICROS);

            System.out.println("latency 120 ms, no loss: " + delays);
            assertThat(delays.millis(0.5)).as(delays.toString()).isBetween(119.0, 180.0);
            assertThat(delays.missing()).isZero();
        }
    }

    @Test
    void aStreamWithLossOnBothWaysTakesTheLatencyOnce() throws Exception {
        int latencyMillis = 250;
        try (ImpairmentProxy publishersWay = ImpairmentProxy.to(relay.port())
                        .loss(0.05)
                        .delayMillis(25)
                        .seed(5)
                        .start();
                ImpairmentProxy subscribersWay = ImpairmentProxy.to(relay.port())
                        .loss(0.05)
                        .delayMillis(25)
                        .seed(6)
                        .start();
                LatencyProbe probe = new LatencyProbe(
                        relay,
                        "lossy",
                        publishing(publishersWay.port(), "lossy", latencyMillis),
                        requesting(subscribersWay.port(), "lossy", latencyMillis))) {
            Delays delays = probe.measure(2_500, INTERVAL_MICROS);

            System.out.println("latency 250 ms, 5 % lost and 25 ms delay on each way: " + delays);
            // The latency, and the delay of both lines.
            assertThat(delays.millis(0.99)).as(delays.toString()).isBetween(250.0, 400.0);
            // That all of them come is for RelayInteropIT to see; here it would only make the quantile better.
            assertThat(delays.missing()).as(delays.toString()).isLessThan(12);
        }
    }
}
