package io.millrace.relay.stats;

import io.millrace.srt.connection.ConnectionStatistics;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a connection has been doing over several times.
 *
 * @param interval the last second
 * @param tenSeconds the last ten of them
 * @param sinceMark null where no mark was set
 */
public record LinkReport(
        LinkSpread interval,
        LinkSpread tenSeconds,
        LinkSpread sinceStart,
        @Nullable SinceMark sinceMark) {
    /**
     * @param mark when it was set
     * @param statistics those at that time, to within a second; null if there were none yet
     */
    public record SinceMark(Instant mark, @Nullable ConnectionStatistics statistics, LinkSpread spread) {}
}
