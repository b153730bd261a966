package io.millrace.relay.listener;

import io.millrace.relay.stats.ClusterStrayCounts;
import io.millrace.relay.stats.StrayLookup;
import java.util.Map;

/** Counts and bounds what one socket passes on between peers and other nodes. */
final class ForwardMeter {
    /** Both directions together: 200 Mbit/s of media, or a tenth of a processor. */
    static final int DATAGRAMS_PER_SECOND = 20_000;

    private int left = DATAGRAMS_PER_SECOND;
    private long forwarded;
    private long returned;
    private long dropped;

    /** Whether one more datagram may pass in this second. */
    boolean mayPass() {
        return left-- > 0;
    }

    void forwarded() {
        forwarded++;
    }

    void returned() {
        returned++;
    }

    void dropped() {
        dropped++;
    }

    void secondPassed() {
        left = DATAGRAMS_PER_SECOND;
    }

    ClusterStrayCounts counts(Map<StrayLookup, Long> lookups) {
        return new ClusterStrayCounts(lookups, forwarded, returned, dropped);
    }
}
