package io.millrace.relay.listener;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.log.LogField;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells the operator of each connection twice: when it opened, and when it ended, with why and what went over it. By the
 * log, and by JFR.
 */
final class ConnectionLog {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLog.class);

    private ConnectionLog() {}

    static void opened(ConnectionInfo connection) {
        ConnectionInfo.Facts facts = connection.facts();
        about(connection)
                .log(
                        "{} opened at {}, stream id {}, SRT {}, encryption {}, latency {} ms",
                        who(connection),
                        LoggableAddress.of(facts.local()),
                        streamId(facts.streamId()),
                        facts.srtVersion(),
                        facts.encryption(),
                        facts.latencyMillis());
        ConnectionOpened event = new ConnectionOpened();
        if (event.isEnabled()) {
            event.connection = connection.id();
            event.role = role(facts);
            event.stream = facts.stream();
            event.peer = LoggableAddress.of(facts.peer());
            event.commit();
        }
    }

    static void closed(ConnectionInfo connection, long durationMicros, String why, ConnectionStatistics end) {
        boolean publisher = connection.facts().role() == ConnectionInfo.Role.PUBLISHER;
        about(connection)
                .log(
                        "{} closed after {}: {}; {}",
                        who(connection),
                        duration(durationMicros),
                        why,
                        publisher ? received(end) : sent(end));
        ConnectionClosed event = new ConnectionClosed();
        if (event.isEnabled()) {
            event.connection = connection.id();
            event.role = role(connection.facts());
            event.stream = connection.facts().stream();
            event.reason = why;
            event.connected = durationMicros;
            event.commit();
        }
    }

    /** To a tenth of a second below a minute, else in the two greatest units. */
    static String duration(long micros) {
        long seconds = micros / 1_000_000;
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%d.%d s", seconds, micros / 100_000 % 10);
        }
        long minutes = seconds / 60;
        return minutes < 60
                ? minutes + " min " + seconds % 60 + " s"
                : String.format(Locale.ROOT, "%,d h %d min", minutes / 60, minutes % 60);
    }

    /** What stands in a line for a stream id that is safe to print. */
    static String streamId(String loggable) {
        return loggable.isEmpty() ? "(none)" : loggable;
    }

    private static LoggingEventBuilder about(ConnectionInfo connection) {
        ConnectionInfo.Facts facts = connection.facts();
        return LOG.atInfo()
                .addKeyValue(LogField.CONNECTION, connection.id())
                .addKeyValue(LogField.STREAM, facts.stream())
                .addKeyValue(LogField.LISTENER, facts.listener())
                .addKeyValue(LogField.PEER, LoggableAddress.of(facts.peer()));
    }

    private static String who(ConnectionInfo connection) {
        ConnectionInfo.Facts facts = connection.facts();
        return String.format(
                Locale.ROOT,
                "%s #%d of \"%s\" from %s on %s",
                role(facts),
                connection.id(),
                facts.stream(),
                LoggableAddress.of(facts.peer()),
                facts.listener());
    }

    private static String role(ConnectionInfo.Facts facts) {
        return facts.role().name().toLowerCase(Locale.ROOT);
    }

    private static String received(ConnectionStatistics end) {
        return String.format(
                Locale.ROOT,
                "received %,.0f bytes in %,.0f packets, %,.0f lost on the way, %,.0f of them not recovered",
                end.value(Statistic.byteRecvUniqueTotal),
                end.value(Statistic.pktRecvUniqueTotal),
                end.value(Statistic.pktRcvLossTotal),
                end.value(Statistic.pktRcvDropTotal));
    }

    private static String sent(ConnectionStatistics end) {
        return String.format(
                Locale.ROOT,
                "sent %,.0f bytes in %,.0f packets, %,.0f reported lost, %,.0f retransmitted, %,.0f dropped too late",
                end.value(Statistic.byteSentUniqueTotal),
                end.value(Statistic.pktSentUniqueTotal),
                end.value(Statistic.pktSndLossTotal),
                end.value(Statistic.pktRetransTotal),
                end.value(Statistic.pktSndDropTotal)
                        + end.value(Statistic.pktLappedTotal)
                        + end.value(Statistic.pktShedTotal));
    }
}
