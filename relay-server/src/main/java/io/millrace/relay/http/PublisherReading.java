package io.millrace.relay.http;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.packet.DataHeader;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of a publisher at one moment, as numbers that any reader takes: finite, and not below 0. */
final class PublisherReading {
    /** What is less is no media; and the values below mean something else to those who read them. */
    private static final int LEAST_KILOBITS = 2;

    private final ConnectionInfo connection;
    private final Instant now;
    private final @Nullable ConnectionStatistics newest;
    private final @Nullable ConnectionStatistics interval;

    PublisherReading(ConnectionInfo connection, Instant now) {
        this.connection = connection;
        this.now = now;
        // In this order the newest is not older than the interval.
        interval = connection.interval();
        newest = connection.statistics();
    }

    ConnectionInfo.Facts facts() {
        return connection.facts();
    }

    Instant since() {
        return connection.since();
    }

    /** Whether its bit rate is known: not in the first second. */
    boolean isMeasured() {
        return interval != null;
    }

    /** Kilobits of payload per second over the last second: 0 while there is none or it is not known, and never 1. */
    long kilobits() {
        long kilobits = bits() / 1_000;
        return kilobits < LEAST_KILOBITS ? 0 : kilobits;
    }

    /** Bits of payload per second over the last second; 0 where they are not known. */
    long bits() {
        if (interval == null) {
            return 0;
        }
        double all = finite(interval.value(Statistic.byteRecvTotal));
        double payload = finite(interval.value(Statistic.byteRecvUniqueTotal)
                - DataHeader.COUNTED_LENGTH * interval.value(Statistic.pktRecvUniqueTotal));
        // The rate is of all that came: headers, and what came twice.
        return all == 0 ? 0 : Math.round(finite(interval.value(Statistic.mbpsRecvRate)) * 1e6 * payload / all);
    }

    /** As it is now, to a thousandth. */
    double value(Statistic statistic) {
        return newest == null ? 0 : Math.round(finite(newest.value(statistic)) * 1_000) / 1_000.0;
    }

    /** As it is now, as a whole number. */
    long whole(Statistic statistic) {
        return newest == null ? 0 : Math.round(finite(newest.value(statistic)));
    }

    /** The same for readers that have 32 bits for it, and would take nothing at all instead of more. */
    int small(Statistic statistic) {
        return (int) Math.min(Integer.MAX_VALUE, whole(statistic));
    }

    long uptimeSeconds() {
        return Math.max(0, Duration.between(since(), now).toSeconds());
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? Math.max(0, value) : 0;
    }
}
