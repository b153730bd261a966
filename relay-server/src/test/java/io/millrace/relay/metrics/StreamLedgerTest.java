package io.millrace.relay.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.HistoryMemory;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.connection.TestStatistics;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamLedgerTest {
    private final ConnectionDirectory directory = new ConnectionDirectory(100, new HistoryMemory(0));
    private final StreamLedger ledger = new StreamLedger(2);

    @Test
    void streamKeepsWhatItsClosedConnectionsHaveCounted() {
        ConnectionInfo first = open("a", 10);
        book("a");
        counts(first, 15);
        directory.closed(first);
        open("a", 1);

        book("a");

        assertThat(accounts()).containsEntry("a", 16.0);
        book("a");
        assertThat(accounts()).containsEntry("a", 16.0);
    }

    @Test
    void streamsBeyondTheMaximumAreBookedTogether() {
        open("a", 1);
        open("b", 2);
        open("c", 4);
        open("d", 8);

        book("a", "b", "c", "d");

        assertThat(accounts()).isEqualTo(Map.of("a", 1.0, "b", 2.0, "(others)", 12.0));
        assertThat(ledger.has("a")).isTrue();
        assertThat(ledger.has("c")).isFalse();
    }

    @Test
    void othersNeverGetLessWhenOneOfThemFindsAnAccountOfItsOwn() {
        ConnectionInfo ended = open("a", 1);
        open("b", 2);
        ConnectionInfo other = open("c", 4);
        book("a", "b", "c");
        directory.closed(ended);
        book("b", "c");

        counts(other, 7);
        book("b", "c");

        assertThat(accounts()).isEqualTo(Map.of("b", 2.0, "c", 3.0, "(others)", 4.0));
    }

    @Test
    void streamThatWaitsForItsPublisherKeepsItsAccount() {
        directory.closed(open("a", 1));
        ConnectionInfo publisher = open("a", 5);
        book("a");
        directory.closed(publisher);

        book("a");
        assertThat(accounts()).containsEntry("a", 5.0);

        book();
        assertThat(accounts()).doesNotContainKey("a");
    }

    @Test
    void streamThatIsCalledLikeTheOthersIsOneOfThem() {
        open("(others)", 3);

        book("(others)");

        assertThat(accounts()).isEqualTo(Map.of("(others)", 3.0));
        assertThat(ledger.has("(others)")).isFalse();
    }

    private void book(String... streams) {
        ledger.book(directory.connections(), List.of(streams));
    }

    private Map<String, Double> accounts() {
        Map<String, Double> accounts = new HashMap<>();
        ledger.forEach((stream, totals) -> accounts.put(stream, totals.value(Statistic.byteRecvTotal)));
        return accounts;
    }

    private ConnectionInfo open(String stream, double bytes) {
        InetSocketAddress anywhere = new InetSocketAddress("127.0.0.1", 1);
        ConnectionInfo connection = directory.opened(
                new ConnectionInfo.Facts(
                        ConnectionInfo.Role.PUBLISHER,
                        "main",
                        stream,
                        "",
                        null,
                        "none",
                        anywhere,
                        anywhere,
                        "1.5.5",
                        120),
                why -> {});
        counts(connection, bytes);
        return connection;
    }

    private static void counts(ConnectionInfo connection, double bytes) {
        connection.update(TestStatistics.of(Statistic.byteRecvTotal, bytes));
    }
}
