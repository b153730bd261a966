package io.millrace.relay.stats;

import io.millrace.relay.stats.ConnectionInfo.Role;
import io.millrace.srt.connection.LegSample;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection whose samples a test makes up, ten a second in virtual time. */
final class SampledLink {
    static final long START = 1_800_000_000L;

    final ConnectionInfo info;
    final LegSample sample = new LegSample();
    private final LegReading reading = new LegReading();
    private long nowMicros = 5_000_000;
    private long epochSecond = START;

    SampledLink(ConnectionInfo info) {
        this.info = info;
    }

    static SampledLink of(Role role, long historyBytes) {
        ConnectionDirectory directory = new ConnectionDirectory(1, new HistoryMemory(historyBytes));
        return new SampledLink(directory.opened(facts(role, "live"), why -> {}));
    }

    static ConnectionInfo.Facts facts(Role role, String stream) {
        InetSocketAddress peer = new InetSocketAddress("192.0.2.1", 5000);
        InetSocketAddress local = new InetSocketAddress("192.0.2.2", 8890);
        return new ConnectionInfo.Facts(
                role, "main", stream, "#!::r=" + stream, null, "none", peer, local, "1.5.5", 120);
    }

    LinkMeter meter() {
        return info.meter();
    }

    /** A tenth of a second in which so many packets of 1000 bytes came across, with these losses, all recovered. */
    void tick(int packets, int lost) {
        nowMicros += 100_000;
        sample.packets += packets;
        sample.bytes += packets * 1000L;
        sample.uniquePackets += packets;
        sample.uniqueBytes += packets * 1000L;
        sample.lostPackets += lost;
        sample.retransmittedPackets += lost;
        sample.packets += lost;
        sample.bytes += lost * 1000L;
        info.samples().add(nowMicros, sample);
    }

    /** A second of such. */
    @Nullable
    LinkSecond second(int rttMicros, int packets, int lost) {
        sample.rttMicros = rttMicros;
        for (int i = 0; i < 10; i++) {
            tick(packets / 10, i == 0 ? lost : 0);
        }
        return passed();
    }

    @Nullable
    LinkSecond passed() {
        return info.meter().secondPassed(reading, ++epochSecond);
    }
}
