package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.net.UdpStatistics;
import io.millrace.srt.endpoint.Discarded;
import io.millrace.srt.packet.Malformed;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SocketDirectoryTest {
    private final SocketDirectory directory = new SocketDirectory();

    @Test
    void totalsKeepWhatClosedSocketsHaveCounted() {
        directory.update("one", socket("a", 1));
        directory.update("two", socket("a", 2));
        directory.update("three", socket("b", 10));

        directory.closed("two");
        directory.closed("two");
        directory.update("one", socket("a", 5));

        assertThat(directory.totals()).extracting(ListenerTotals::listener).containsExactly("a", "b");
        ListenerTotals a = directory.totals().get(0);
        assertThat(a.datagramsIn()).isEqualTo(7);
        assertThat(a.receiveDrops()).isEqualTo(7);
        assertThat(a.strays()).isEqualTo(strays(7));
        assertThat(a.malformed()).hasSize(Malformed.values().length).containsEntry(Malformed.TOO_SHORT, 7L);
        assertThat(a.discarded()).hasSize(Discarded.values().length).containsEntry(Discarded.BAD_COOKIE, 0L);

        directory.closed("one");
        directory.closed("three");
        assertThat(directory.sockets()).isEmpty();
        assertThat(directory.totals()).extracting(ListenerTotals::bytesOut).containsExactly(7L, 10L);
    }

    private static StrayCounts strays(long count) {
        return new StrayCounts(
                count, count, count, new ClusterStrayCounts(Map.of(StrayLookup.ENDED, count), count, count, count));
    }

    private static SocketInfo socket(String listener, long count) {
        return new SocketInfo(
                listener,
                new InetSocketAddress("127.0.0.1", 1),
                0,
                0,
                0,
                0,
                false,
                1,
                1,
                new UdpStatistics(
                        count, count, count, count, count, count, count, count, count, OptionalLong.of(count)),
                strays(count),
                Map.of(Malformed.TOO_SHORT, count),
                Map.of());
    }
}
