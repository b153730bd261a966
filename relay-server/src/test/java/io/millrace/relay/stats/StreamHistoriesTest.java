package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.stats.ConnectionInfo.Role;
import io.millrace.relay.stats.StreamHistory.Resolution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StreamHistoriesTest {
    private static final long START = SampledLink.START;
    private static final long PLENTY = 1 << 24;

    private HistoryMemory memory = new HistoryMemory(PLENTY);
    private StreamHistories histories = new StreamHistories(memory);
    private final ConnectionDirectory directory = new ConnectionDirectory(100, new HistoryMemory(PLENTY));
    private final List<SampledLink> links = new ArrayList<>();
    private StatisticsCollector collector = new StatisticsCollector(directory, histories, new AttemptLog(1));
    private long now = START;

    @Test
    void secondHasThePublishersLegAndTheSumOfTheSubscribers() {
        SampledLink publisher = open(Role.PUBLISHER, "live");
        open(Role.SUBSCRIBER, "live");
        open(Role.SUBSCRIBER, "live");
        open(Role.PUBLISHER, "other");
        publisher.sample.bufferMicros = 30_000;
        seconds(1, 20_000, 500, 10);

        HistoryRows rows = rows("live", Resolution.SECOND);
        assertThat(rows.size()).isEqualTo(1);
        assertThat(rows.epochSecond(0)).isEqualTo(START + 1);
        assertThat(rows.value(0, StreamQuantity.inBitsPerSecond)).isEqualTo(510 * 8000f);
        assertThat(rows.value(0, StreamQuantity.inRetransmittedBitsPerSecond)).isEqualTo(10 * 8000f);
        assertThat(rows.value(0, StreamQuantity.outBitsPerSecond)).isEqualTo(2 * 510 * 8000f);
        assertThat(rows.value(0, StreamQuantity.outRetransmittedBitsPerSecond)).isEqualTo(2 * 10 * 8000f);
        assertThat(rows.value(0, StreamQuantity.subscribers)).isEqualTo(2);
        assertThat(rows.value(0, StreamQuantity.lostPackets)).isEqualTo(10);
        assertThat(rows.value(0, StreamQuantity.retransmittedPackets)).isEqualTo(10);
        assertThat(rows.value(0, StreamQuantity.droppedPackets)).isZero();
        assertThat(rows.value(0, StreamQuantity.rttMeanMillis)).isEqualTo(20);
        assertThat(rows.value(0, StreamQuantity.rttMaxMillis)).isEqualTo(20);
        assertThat(rows.value(0, StreamQuantity.bufferMillis)).isEqualTo(30);
    }

    @Test
    void tenSecondsAreOneRowAtTheirEnd() {
        open(Role.PUBLISHER, "live");
        seconds(14, 20_000, 500, 10);
        SampledLink subscriber = open(Role.SUBSCRIBER, "live");
        seconds(1, 40_000, 1_000, 0);
        close(subscriber);
        seconds(5, 60_000, 500, 0);
        HistoryRows rows = rows("live", Resolution.TEN_SECONDS);

        assertThat(rows.size()).isEqualTo(2);
        assertThat(rows.epochSecond(0)).isEqualTo(START + 10);
        assertThat(rows.value(0, StreamQuantity.inBitsPerSecond)).isEqualTo(510 * 8000f);
        assertThat(rows.value(0, StreamQuantity.inRetransmittedBitsPerSecond)).isEqualTo(10 * 8000f);
        assertThat(rows.value(0, StreamQuantity.lostPackets)).isEqualTo(100);
        assertThat(rows.value(0, StreamQuantity.rttMeanMillis)).isEqualTo(20);
        assertThat(rows.epochSecond(1)).isEqualTo(START + 20);
        assertThat(rows.value(1, StreamQuantity.inBitsPerSecond))
                .isEqualTo((4 * 510 + 1 * 1_000 + 5 * 500) * 8000f / 10);
        assertThat(rows.value(1, StreamQuantity.outBitsPerSecond)).isEqualTo(1_000 * 8000f / 10);
        assertThat(rows.value(1, StreamQuantity.subscribers)).isEqualTo(1);
        assertThat(rows.value(1, StreamQuantity.lostPackets)).isEqualTo(40);
        assertThat(rows.value(1, StreamQuantity.rttMeanMillis)).isEqualTo(42);
        assertThat(rows.value(1, StreamQuantity.rttMaxMillis)).isEqualTo(60);
    }

    @Test
    void streamThatWaitsForItsPublisherHasNoRoundTripTime() {
        open(Role.SUBSCRIBER, "live");
        seconds(10, 20_000, 0, 0);

        for (Resolution resolution : Resolution.values()) {
            HistoryRows rows = rows("live", resolution);
            assertThat(rows.size()).isPositive();
            assertThat(rows.value(0, StreamQuantity.rttMeanMillis)).isNaN();
            assertThat(rows.value(0, StreamQuantity.rttMaxMillis)).isNaN();
            assertThat(rows.value(0, StreamQuantity.inBitsPerSecond)).isZero();
        }
    }

    @Test
    void historyOutlivesThePublisherForADay() {
        SampledLink first = open(Role.PUBLISHER, "live");
        seconds(5, 20_000, 500, 0);
        close(first);
        seconds(3, 0, 0, 0);
        open(Role.PUBLISHER, "live");
        seconds(5, 20_000, 500, 0);

        assertThat(times(rows("live", Resolution.SECOND)))
                .containsExactly(
                        START + 1,
                        START + 2,
                        START + 3,
                        START + 4,
                        START + 5,
                        START + 9,
                        START + 10,
                        START + 11,
                        START + 12,
                        START + 13);
        close(links.get(0));
        now += 24 * 3600 - 1;
        seconds(1, 0, 0, 0);
        assertThat(histories.of("live")).isNotNull();
        seconds(1, 0, 0, 0);
        assertThat(histories.of("live")).isNull();
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void streamsThatEndedAreListedTheLastToEndFirst() {
        SampledLink first = open(Role.PUBLISHER, "first");
        SampledLink second = open(Role.PUBLISHER, "second");
        open(Role.PUBLISHER, "live");
        seconds(5, 20_000, 500, 0);
        assertThat(histories.ended(10)).isEmpty();

        close(first);
        seconds(5, 20_000, 500, 0);
        close(second);
        seconds(5, 20_000, 500, 0);

        assertThat(histories.ended(10))
                .containsExactly(
                        new StreamHistories.Ended("second", Instant.ofEpochSecond(START + 10)),
                        new StreamHistories.Ended("first", Instant.ofEpochSecond(START + 5)));
        assertThat(histories.ended(1)).extracting(StreamHistories.Ended::stream).containsExactly("second");
    }

    @Test
    void dayOfAStreamIsBounded() {
        SampledLink publisher = open(Role.PUBLISHER, "live");
        for (int i = 0; i < 26 * 3600; i++) {
            publisher.tick(10, 0);
            collector.secondPassed(Instant.ofEpochSecond(++now));
        }

        assertThat(rows("live", Resolution.SECOND).size()).isBetween(900, 960);
        assertThat(rows("live", Resolution.TEN_SECONDS).size()).isBetween(8640, 9000);
        assertThat(memory.takenBytes()).isLessThan(520 * 1024);
    }

    @Test
    void endedStreamsMakeRoomForThoseThatLive() {
        memory = new HistoryMemory(3L * StreamHistory.GREATEST_STEP_BYTES);
        histories = new StreamHistories(memory);
        collector = new StatisticsCollector(directory, histories, new AttemptLog(1));
        for (String name : List.of("a", "b", "c", "d", "e")) {
            SampledLink link = open(Role.PUBLISHER, name);
            seconds(20, 20_000, 10, 0);
            close(link);
            seconds(1, 0, 0, 0);
        }

        assertThat(histories.of("a")).isNull();
        assertThat(histories.of("b")).isNull();
        assertThat(rows("e", Resolution.SECOND).size()).isEqualTo(20);
        assertThat(memory.takenBytes()).isLessThanOrEqualTo(3L * StreamHistory.GREATEST_STEP_BYTES);
    }

    @Test
    void newestStreamsGoWithoutWhereAllMemoryIsTaken() {
        memory = new HistoryMemory(StreamHistory.GREATEST_STEP_BYTES);
        histories = new StreamHistories(memory);
        collector = new StatisticsCollector(directory, histories, new AttemptLog(1));
        open(Role.PUBLISHER, "first");
        seconds(20, 20_000, 10, 0);
        SampledLink second = open(Role.PUBLISHER, "second");
        seconds(20, 20_000, 10, 0);

        assertThat(rows("first", Resolution.SECOND).size()).isEqualTo(40);
        assertThat(rows("second", Resolution.SECOND).size()).isZero();
        assertThat(Objects.requireNonNull(histories.of("second")).lacksMemory(Resolution.SECOND))
                .isTrue();
        close(second);
        seconds(1, 20_000, 10, 0);
        assertThat(histories.of("second")).as("a name without rows").isNull();
        assertThat(histories.size()).isEqualTo(1);
    }

    @Test
    void memoryOfAClosedConnectionsHistoryIsGivenBack() {
        HistoryMemory ofConnections = new HistoryMemory(PLENTY);
        ConnectionDirectory other = new ConnectionDirectory(10, ofConnections);
        collector = new StatisticsCollector(other, histories, new AttemptLog(1));
        SampledLink link = new SampledLink(other.opened(SampledLink.facts(Role.PUBLISHER, "live"), why -> {}));
        link.tick(10, 0);
        collector.secondPassed(Instant.ofEpochSecond(START));
        assertThat(ofConnections.takenBytes()).isPositive();

        other.closed(link.info);
        collector.secondPassed(Instant.ofEpochSecond(START + 1));

        assertThat(ofConnections.takenBytes()).isZero();
    }

    private SampledLink open(Role role, String stream) {
        SampledLink link = new SampledLink(directory.opened(SampledLink.facts(role, stream), why -> {}));
        links.add(link);
        return link;
    }

    private void close(SampledLink link) {
        links.remove(link);
        directory.closed(link.info);
    }

    private void seconds(int seconds, int rttMicros, int packets, int lost) {
        for (int i = 0; i < seconds; i++) {
            for (SampledLink link : links) {
                link.sample.rttMicros = rttMicros;
                for (int tick = 0; tick < 10; tick++) {
                    link.tick(packets / 10, tick == 0 ? lost : 0);
                }
            }
            collector.secondPassed(Instant.ofEpochSecond(++now));
        }
    }

    private HistoryRows rows(String stream, Resolution resolution) {
        return Objects.requireNonNull(histories.of(stream)).between(resolution, Instant.MIN, Instant.MAX);
    }

    private static List<Long> times(HistoryRows rows) {
        List<Long> times = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            times.add(rows.epochSecond(row));
        }
        return times;
    }
}
