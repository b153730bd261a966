package io.millrace.relay.stream;

import static io.millrace.relay.stream.SimulatedRelay.MILLI;
import static io.millrace.relay.stream.SimulatedRelay.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.Statistic;
import io.millrace.srt.simulation.LinkProfile;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole relay in virtual time: publisher, relay, three subscribers, and a bad network between all of them. Every run
 * repeats from its seed; {@code -Dmillrace.simulation.seeds=5000} makes many more of them.
 */
@Tag("any-jdk")
class RelaySimulationTest {
    private static final int PACKETS = 1_500;
    private static final long INTERVAL_MICROS = MILLI;

    static LongStream seeds() {
        return LongStream.range(0, Integer.getInteger("millrace.simulation.seeds", 100));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatArrivesIsExactAndInOrderAndOnTimeWhateverTheNetworkDoes(long seed) {
        Random random = new Random(seed);
        int roundTripMillis = random.nextInt(601);
        int latencyMillis = 20 + random.nextInt(5 * roundTripMillis + 100);
        LinkProfile ingest = anyLink(random, roundTripMillis / 2);
        SimulatedRelay relay = new SimulatedRelay(seed, latencyMillis, 0, ingest, 0);
        LinkProfile[] links = {
            anyLink(random, roundTripMillis / 2), anyLink(random, random.nextInt(300)), LinkProfile.delay(MILLI)
        };
        for (LinkProfile link : links) {
            relay.viewer(link, 0);
        }
        relay.awaitConnected();
        relay.publish(PACKETS, INTERVAL_MICROS);

        for (int i = 0; i < links.length; i++) {
            SimulatedRelay.Viewer viewer = relay.viewers.get(i);
            assertThat(viewer.damaged).as("damaged, viewer %d", i).isZero();
            assertThat(viewer.isInOrder()).as("in order, viewer %d", i).isTrue();
            long shortest = ingest.delayMicros() + links[i].delayMicros() + latencyMillis * MILLI;
            // A time base is as late as the packet that set it, and a tick late is in time.
            long slack = worstJitter(ingest) + worstJitter(links[i]) + 10 * MILLI;
            // While a run of losses lasts, nothing newer tells that a packet is late, and it is delivered all the same.
            slack += longestRun(ingest) + longestRun(links[i]);
            assertThat(viewer.maxDelayMicros).as("delay, viewer %d", i).isLessThanOrEqualTo(shortest + slack);
            // The first acknowledgements may still be under way: early is what would break a player's clock.
            assertThat(viewer.minDelayMicros)
                    .as("never early, viewer %d", i)
                    .isGreaterThanOrEqualTo(shortest - worstJitter(ingest) - worstJitter(links[i]) - MILLI);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsMissingWithFivePercentLossEverywhereAndALatencyOfFourRoundTrips(long seed) {
        Random random = new Random(seed);
        int roundTripMillis = 20 + random.nextInt(281);
        LinkProfile link = LinkProfile.delay(roundTripMillis * MILLI / 2).withLoss(0.05);
        SimulatedRelay relay = new SimulatedRelay(seed, Math.max(120, 4 * roundTripMillis), 0, link, 0);
        for (int i = 0; i < 3; i++) {
            relay.viewer(link, 0);
        }
        relay.awaitConnected();
        relay.publish(PACKETS, INTERVAL_MICROS);
        // The stream goes on, as a live one does: what was lost is noticed by what follows.
        int judged = relay.published();
        relay.publish(50, INTERVAL_MICROS);

        for (SimulatedRelay.Viewer viewer : relay.viewers) {
            assertThat(viewer.missingBefore(judged)).isZero();
            assertThat(viewer.isInOrder()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoBeginsInThePastMissesNothingOnALossyLineAndCatchesUp(long seed) {
        LinkProfile line = LinkProfile.delay(20 * MILLI).withLoss(0.02);
        SimulatedRelay relay = new SimulatedRelay(seed, 400, 0, LinkProfile.delay(MILLI), 0);
        SimulatedRelay.Viewer early = relay.viewer(LinkProfile.delay(20 * MILLI), 0);
        relay.awaitConnected();
        int first = 400;
        long joinMicros = relay.simulation.nowMicros() + 1_600 * MILLI;
        relay.simulation.after(1_600 * MILLI, () -> relay.joiner(line, first));
        relay.publish(4_000, INTERVAL_MICROS);
        int judged = relay.published() - 50;

        SimulatedRelay.Viewer late = relay.viewers.get(1);
        assertThat(late.damaged).isZero();
        assertThat(late.numbers.stream().filter(number -> number < judged))
                .containsExactlyElementsOf(
                        IntStream.range(first, judged).boxed().toList());
        // Half the latency after its connection opened, which takes two round trips, and 250 ms more for each answer
        // lost.
        assertThat((late.receivedMicros.get(0) - joinMicros) % (250 * MILLI))
                .as("first received after %d us", late.receivedMicros.get(0) - joinMicros)
                .isLessThan(150 * MILLI);
        long earlyMicros = early.receivedMicros.get(early.numbers.indexOf(judged - 1));
        long lateMicros = late.receivedMicros.get(late.numbers.indexOf(judged - 1));
        assertThat(lateMicros - earlyMicros).isBetween(-10 * MILLI, 10 * MILLI);
    }

    @Test
    void retransmissionsCostLittleMoreThanTheLosses() {
        LinkProfile link = LinkProfile.delay(25 * MILLI).withLoss(0.05);
        SimulatedRelay relay = new SimulatedRelay(1, 250, 0, link, 0);
        relay.viewer(link, 0);
        relay.awaitConnected();
        relay.publish(20_000, INTERVAL_MICROS);

        double lost = relay.egress().value(Statistic.pktSndLossTotal);
        double retransmitted = relay.egress().value(Statistic.pktRetransTotal);
        double sent = relay.egress().value(Statistic.pktSentUniqueTotal);
        assertThat(lost / sent).as("reported").isLessThan(0.30);
        // 5 % are lost here, and 5 % of what comes from the publisher is late and looks lost.
        assertThat(retransmitted / sent).as("retransmitted").isBetween(0.05, 0.15);
    }

    @Test
    void threeHoursPassWithoutAGlitchAcrossTwoWrapsOfTheTimestamp() {
        LinkProfile link = LinkProfile.delay(20 * MILLI).withLoss(0.01).withJitter(2 * MILLI);
        SimulatedRelay relay = new SimulatedRelay(7, 200, 0, link, 0);
        for (int i = 0; i < 3; i++) {
            relay.viewer(link, 0);
        }
        relay.awaitConnected();
        int packets = 3 * 3600 * 10;
        relay.publish(packets, 100 * MILLI);
        int judged = relay.published();
        relay.publish(20, 100 * MILLI);

        for (SimulatedRelay.Viewer viewer : relay.viewers) {
            assertThat(viewer.missingBefore(judged)).isZero();
            assertThat(viewer.isInOrder()).isTrue();
            assertThat(viewer.maxDelayMicros - viewer.minDelayMicros).isLessThan(10 * MILLI);
        }
    }

    @Test
    void clocksThatDriftApartBy200PpmAreFollowed() {
        LinkProfile link = LinkProfile.delay(20 * MILLI).withLoss(0.01);
        SimulatedRelay relay = new SimulatedRelay(8, 200, 0, link, 200);
        relay.viewer(link, 0);
        relay.viewer(link, -200);
        relay.viewer(link, 200);
        relay.awaitConnected();
        relay.publish(3600 * 50, 20 * MILLI);
        int judged = relay.published();
        relay.publish(20, 20 * MILLI);

        // Unfollowed, an hour of it would be 720 ms.
        for (SimulatedRelay.Viewer viewer : relay.viewers) {
            assertThat(viewer.missingBefore(judged)).isZero();
            assertThat(viewer.minDelayMicros).isGreaterThan(220 * MILLI);
            assertThat(viewer.maxDelayMicros).isLessThan(260 * MILLI);
        }
    }

    @Test
    void anOutageOfOneLegCostsThatLegAloneAndIsOverWithIt() {
        LinkProfile good = LinkProfile.delay(10 * MILLI);
        SimulatedRelay relay = new SimulatedRelay(9, 400, 0, good, 0);
        SimulatedRelay.Viewer healthy = relay.viewer(good, 0);
        long start = relay.simulation.nowMicros();
        SimulatedRelay.Viewer cut = relay.viewer(good.withOutage(start + 5 * SECOND, start + 8 * SECOND), 0);
        relay.awaitConnected();
        relay.publish(15_000, INTERVAL_MICROS);

        assertThat(healthy.missing()).isZero();
        // 3 s without a packet, of which the last 400 ms are recovered.
        assertThat(cut.missing()).isBetween(2_000, 3_000);
        assertThat(cut.isInOrder()).isTrue();
    }

    private static LinkProfile anyLink(Random random, int delayMillis) {
        LinkProfile link = LinkProfile.delay(delayMillis * MILLI);
        double loss = random.nextInt(21) / 100.0;
        link = random.nextBoolean() ? link.withLoss(loss) : link.withBursts(loss, 1 + random.nextInt(20));
        if (random.nextBoolean()) {
            link = link.withJitter(random.nextInt(20) * MILLI);
        }
        if (random.nextBoolean()) {
            link = link.withReordering(0.05, 1 + random.nextInt(20) * MILLI);
        }
        return random.nextBoolean() ? link.withDuplication(0.05) : link;
    }

    private static long longestRun(LinkProfile link) {
        return link.burst() > 1 ? (long) (15 * link.burst()) * INTERVAL_MICROS : 0;
    }

    private static long worstJitter(LinkProfile link) {
        return link.jitterMicros() + link.reorderMicros();
    }
}
