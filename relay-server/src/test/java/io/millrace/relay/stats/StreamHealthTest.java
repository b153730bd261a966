package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.stats.ConnectionInfo.Role;
import io.millrace.relay.stats.StreamHealth.State;
import io.millrace.relay.ts.IndicatorState;
import io.millrace.relay.ts.TsIndicator;
import io.millrace.relay.ts.TsSnapshot;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamHealthTest {
    private static final long PLENTY = 1 << 20;
    private static final int RTT_MICROS = 20_000;

    private final SampledLink publisher = SampledLink.of(Role.PUBLISHER, PLENTY);
    private final SampledLink subscriber = SampledLink.of(Role.SUBSCRIBER, PLENTY);

    @Test
    void steadyStreamIsGoodAndSaysNothing() {
        seconds(20, 500, 0);

        assertThat(health(content(TsSnapshot.State.MPEG_TS))).isEqualTo(new StreamHealth(State.GOOD, List.of()));
    }

    @Test
    void streamThatHasJustBegunIsNotCalledSilent() {
        seconds(1, 0, 0);

        assertThat(health(null).state()).isEqualTo(State.GOOD);
    }

    @Test
    void publisherThatSendsNothingIsBadWhateverTheStreamWasLikeBefore() {
        seconds(20, 500, 0);
        seconds(3, 0, 0);

        StreamHealth health = health(content(TsSnapshot.State.MPEG_TS, TsIndicator.PAT));
        assertThat(health.state()).isEqualTo(State.BAD);
        assertThat(health.reasons()).singleElement().asString().contains("sends nothing");
    }

    @Test
    void streamWithoutPublisherIsBadAndTellsWhoWaits() {
        StreamHealth health = StreamHealth.of(
                new StreamHealth.Signs(false, null, List.of(subscriber.info, subscriber.info), true, null));

        assertThat(health.state()).isEqualTo(State.BAD);
        assertThat(health.reasons()).singleElement().asString().contains("Nobody publishes", "2 subscribers wait");
    }

    @Test
    void lossThatWasRecoveredIsFairOnceItIsNotable() {
        seconds(10, 1_000, 15);
        assertThat(health(null).state()).isEqualTo(State.GOOD);

        seconds(10, 1_000, 25);
        StreamHealth health = health(null);
        assertThat(health.state()).isEqualTo(State.FAIR);
        assertThat(health.reasons()).anySatisfy(reason -> assertThat(reason).contains("2.5 %", "recovered"));
    }

    @Test
    void packetLostForGoodIsBadForTenSecondsAndExplainsTheGapInTheStream() {
        seconds(5, 500, 0);
        publisher.sample.droppedPackets += 1;
        seconds(1, 500, 1);

        StreamHealth health = health(content(TsSnapshot.State.MPEG_TS, TsIndicator.CONTINUITY));
        assertThat(health.state()).isEqualTo(State.BAD);
        assertThat(health.reasons())
                .singleElement()
                .asString()
                .startsWith("1 packet was lost for good in the last 10 s.");
        seconds(10, 500, 0);
        assertThat(health(content(TsSnapshot.State.MPEG_TS)).state()).isEqualTo(State.GOOD);
    }

    @Test
    void lossIsNotCalledRecoveredWherePartOfItWasNot() {
        publisher.sample.droppedPackets += 5;
        seconds(10, 1_000, 50);

        assertThat(health(null).reasons())
                .anySatisfy(reason -> assertThat(reason).contains("on their way in the last 10 s: look"))
                .noneSatisfy(reason -> assertThat(reason).contains("recovered"));
    }

    @Test
    void latencyThatIsTooLittleIsFairInTheWordsOfTheAdviser() {
        for (int i = 0; i < 20; i++) {
            publisher.second(100_000, 500, 0);
        }

        StreamHealth health = health(null);
        assertThat(health.state()).isEqualTo(State.FAIR);
        assertThat(health.reasons()).singleElement().asString().contains("set at least 300 ms");
    }

    @Test
    void bitRateThatFellIsFairAndThatCollapsedIsBadAgainstTheMinuteBefore() {
        seconds(60, 500, 0);
        seconds(3, 150, 0);
        assertThat(health(null).state()).isEqualTo(State.FAIR);
        assertThat(health(null).reasons()).singleElement().asString().contains("from 4.0 to 1.2 Mbit/s");

        seconds(3, 20, 0);
        assertThat(health(null).state()).isEqualTo(State.BAD);

        seconds(60, 20, 0);
        assertThat(health(null).state()).as("usual by now").isEqualTo(State.GOOD);
    }

    @Test
    void indicatorsOfTheFirstPriorityAreBadThoseOfTheSecondFairAndTheWorstComesFirst() {
        seconds(20, 500, 0);

        StreamHealth fair = health(content(TsSnapshot.State.MPEG_TS, TsIndicator.PCR_REPETITION));
        assertThat(fair.state()).isEqualTo(State.FAIR);
        StreamHealth bad = health(content(TsSnapshot.State.MPEG_TS, TsIndicator.PCR_REPETITION, TsIndicator.PAT));
        assertThat(bad.state()).isEqualTo(State.BAD);
        assertThat(bad.reasons()).hasSize(2).first().asString().contains("1.3");
    }

    @Test
    void whatIsNotMpegTsIsFair() {
        seconds(20, 500, 0);

        StreamHealth health = health(content(TsSnapshot.State.NOT_MPEG_TS));
        assertThat(health.state()).isEqualTo(State.FAIR);
        assertThat(health.reasons()).singleElement().asString().contains("not MPEG-TS");
    }

    @Test
    void subscriberThatMissesPacketsIsNamed() {
        seconds(20, 500, 0);
        subscriber.second(RTT_MICROS, 500, 0);
        subscriber.sample.droppedPackets += 7;
        subscriber.second(RTT_MICROS, 500, 0);

        StreamHealth health = health(null);
        assertThat(health.state()).isEqualTo(State.FAIR);
        assertThat(health.reasons()).singleElement().asString().contains("1 of 1", "192.0.2.1:5000 (7)");
    }

    @Test
    void whatIsNotLookedAtIsSaidAndIsNoFault() {
        seconds(20, 500, 0);
        StreamHealth health = StreamHealth.of(new StreamHealth.Signs(true, publisher.info, List.of(), false, null));

        assertThat(health.state()).isEqualTo(State.GOOD);
        assertThat(health.reasons()).singleElement().asString().contains("streams.analysis");
    }

    private void seconds(int seconds, int packets, int lost) {
        for (int i = 0; i < seconds; i++) {
            publisher.second(RTT_MICROS, packets, lost);
        }
    }

    private StreamHealth health(@Nullable TsSnapshot content) {
        return StreamHealth.of(new StreamHealth.Signs(true, publisher.info, List.of(subscriber.info), true, content));
    }

    private static TsSnapshot content(TsSnapshot.State state, TsIndicator... failing) {
        List<TsIndicator> failed = List.of(failing);
        List<IndicatorState> indicators = Stream.of(TsIndicator.values())
                .filter(indicator -> indicator.priority() > 0)
                .map(indicator -> new IndicatorState(indicator, 1, 1, failed.contains(indicator)))
                .toList();
        return new TsSnapshot(
                state,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                true,
                0,
                List.of(),
                List.of(),
                List.of(),
                indicators,
                List.of(),
                null);
    }
}
