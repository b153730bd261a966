package io.millrace.relay.stream;

import static io.millrace.relay.stream.SimulatedRelay.MILLI;
import static io.millrace.relay.stream.SimulatedRelay.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.simulation.LinkProfile;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A whole relay in virtual time: publisher, relay, three subscribers, and a bad network between all of them. */
class RelaySimulationTest {
    @Test
    void explore() {
        for (int margin : new int[] {0, 20, 50}) {
            for (int mult : new int[] {3, 4, 5}) {
                int missing = 0;
                int total = 0;
                long t = System.nanoTime();
                int runs = 300;
                int badRuns = 0;
                for (int seed = 0; seed < runs; seed++) {
                    LinkProfile link = LinkProfile.delay(25 * MILLI).withLoss(0.05);
                    SimulatedRelay relay = new SimulatedRelay(seed, 50 * mult, margin, link, 0);
                    for (int i = 0; i < 3; i++) {
                        relay.viewer(link, 0);
                    }
                    relay.awaitConnected();
                    relay.publish(2000, MILLI);
                    int bad = 0;
                    for (SimulatedRelay.Viewer viewer : relay.viewers) {
                        missing += viewer.missing();
                        bad += viewer.missing();
                        total += 2000;
                        assertThat(viewer.isInOrder()).isTrue();
                        assertThat(viewer.damaged).isZero();
                    }
                    badRuns += bad > 0 ? 1 : 0;
                }
                System.out.printf(
                        "margin %d latency %d: missing %d of %d, bad runs %d/%d, %.1f s%n",
                        margin, 50 * mult, missing, total, badRuns, runs, (System.nanoTime() - t) / 1e9);
            }
        }
    }
}
