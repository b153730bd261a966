package io.millrace.relay.listener;

import io.millrace.relay.access.GrantLimits;
import io.millrace.relay.stats.ConnectionInfo.Role;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.packet.DataHeader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Watches over what a connection was granted. Asked once a second, on the connection's loop. */
final class LinkLimits {
    /** A frame that takes the rate of a second must not end an encoder's stream. */
    private static final long WINDOW_MICROS = 10_000_000;

    private final GrantLimits limits;
    private final Role role;
    private final long openedMicros;
    private long windowMicros;
    private long windowBytes;

    LinkLimits(GrantLimits limits, Role role, long openedMicros) {
        this.limits = limits;
        this.role = role;
        this.openedMicros = openedMicros;
        windowMicros = openedMicros;
    }

    /**
     * Why the connection has to end now, for the log; null if it may go on.
     *
     * @param payloadBytes that it has carried, as {@link #payloadBytes} counts them
     */
    @Nullable
    String exceeded(long nowMicros, long payloadBytes) {
        if (limits.durationSeconds() > 0 && nowMicros - openedMicros >= limits.durationSeconds() * 1_000_000) {
            return "it was granted " + limits.durationSeconds() + " s, and they are over";
        }
        if (role == Role.PUBLISHER && limits.bitRate() > 0 && nowMicros - windowMicros >= WINDOW_MICROS) {
            long bitRate = (payloadBytes - windowBytes) * 8_000_000 / (nowMicros - windowMicros);
            windowMicros = nowMicros;
            windowBytes = payloadBytes;
            if (bitRate > limits.bitRate()) {
                return String.format(
                        Locale.ROOT,
                        "it sent %,d bit/s, and was granted %,d; lower the encoder's bit rate or raise the limit",
                        bitRate,
                        limits.bitRate());
            }
        }
        return null;
    }

    /** Bytes of media that a connection has carried, each once and without headers. */
    static long payloadBytes(ConnectionStatistics statistics, Role role) {
        double bytes = role == Role.PUBLISHER
                ? statistics.value(Statistic.byteRecvUniqueTotal)
                        - DataHeader.COUNTED_LENGTH * statistics.value(Statistic.pktRecvUniqueTotal)
                : statistics.value(Statistic.byteSentUniqueTotal)
                        - DataHeader.COUNTED_LENGTH * statistics.value(Statistic.pktSentUniqueTotal);
        return (long) bytes;
    }
}
