package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.stats.ConnectionInfo.Role;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.connection.TestStatistics;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionDirectoryTest {
    private final ConnectionDirectory directory = new ConnectionDirectory(2, new HistoryMemory(0));

    @Test
    void placesAreTakenUpToTheMaximum() {
        assertThat(directory.takePlace()).isTrue();
        assertThat(directory.takePlace()).isTrue();
        assertThat(directory.takePlace()).isFalse();
        assertThat(directory.takePlace()).isFalse();

        directory.givePlaceBack();

        assertThat(directory.takePlace()).isTrue();
        assertThat(directory.takePlace()).isFalse();
    }

    @Test
    void closedConnectionGivesItsPlaceBackOnce() {
        directory.takePlace();
        ConnectionInfo first = directory.opened(facts("a"), why -> {});
        directory.takePlace();
        directory.opened(facts("b"), why -> {});

        directory.closed(first);
        directory.closed(first);

        assertThat(directory.takePlace()).isTrue();
        assertThat(directory.takePlace()).isFalse();
    }

    @Test
    void openConnectionsAreListedOldestFirst() {
        ConnectionInfo first = directory.opened(facts("a"), why -> {});
        ConnectionInfo second = directory.opened(facts("b"), why -> {});
        ConnectionInfo third = directory.opened(facts("c"), why -> {});
        directory.closed(second);

        assertThat(directory.connections()).containsExactly(first, third);
        assertThat(third.id()).isGreaterThan(first.id());
    }

    @Test
    void totalsKeepWhatClosedConnectionsHaveCounted() {
        ConnectionInfo first = directory.opened(facts("a"), why -> {});
        ConnectionInfo second = directory.opened(facts("b"), why -> {});
        first.update(TestStatistics.of(Statistic.pktRecvTotal, 3));
        second.update(TestStatistics.of(Statistic.pktRecvTotal, 4));
        first.update(TestStatistics.of(Statistic.pktRecvTotal, 5));

        directory.closed(first);
        directory.closed(first);

        assertThat(directory.totals().value(Statistic.pktRecvTotal)).isEqualTo(9);
        second.update(TestStatistics.of(Statistic.pktRecvTotal, 10));
        assertThat(directory.totals().value(Statistic.pktRecvTotal)).isEqualTo(15);
        directory.closed(second);
        assertThat(directory.totals().value(Statistic.pktRecvTotal)).isEqualTo(15);
    }

    @Test
    void totalsNeverGetLessWhileConnectionsClose() throws Exception {
        ConnectionDirectory shared = new ConnectionDirectory(10_000, new HistoryMemory(0));
        List<ConnectionInfo> open = IntStream.range(0, 10_000)
                .mapToObj(i -> shared.opened(facts("a"), why -> {}))
                .toList();
        open.forEach(connection -> connection.update(TestStatistics.of(Statistic.pktRecvTotal, 1)));
        Thread closing = new Thread(() -> open.forEach(shared::closed));

        closing.start();
        while (closing.isAlive()) {
            assertThat(shared.totals().value(Statistic.pktRecvTotal)).isEqualTo(10_000);
        }

        assertThat(shared.connections()).isEmpty();
    }

    @Test
    void connectionHasNoStatisticsBeforeTheFirstSnapshot() {
        assertThat(directory.opened(facts("a"), why -> {}).statistics()).isNull();
    }

    @Test
    void placesAreNeverExceededFromManyThreads() {
        ConnectionDirectory shared = new ConnectionDirectory(10, new HistoryMemory(0));
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        IntStream.range(0, 100_000).parallel().forEach(i -> {
            if (shared.takePlace()) {
                most.accumulateAndGet(held.incrementAndGet(), Math::max);
                held.decrementAndGet();
                shared.givePlaceBack();
            }
        });

        assertThat(most).hasValueLessThanOrEqualTo(10);
        assertThat(IntStream.range(0, 20).filter(i -> shared.takePlace()).count())
                .isEqualTo(10);
    }

    private static ConnectionInfo.Facts facts(String stream) {
        InetSocketAddress peer = new InetSocketAddress("192.0.2.1", 5000);
        InetSocketAddress local = new InetSocketAddress("192.0.2.2", 8890);
        return new ConnectionInfo.Facts(
                Role.SUBSCRIBER, "main", stream, "#!::r=" + stream, null, "none", peer, local, "1.5.5", 120);
    }
}
