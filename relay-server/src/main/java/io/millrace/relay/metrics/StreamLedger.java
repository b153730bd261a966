package io.millrace.relay.metrics;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.ConnectionTotals;
import io.millrace.srt.connection.ConnectionStatistics;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps account of what each stream's connections have counted, for a bounded number of streams, and of all others
 * together. It books how much the connections' totals have grown: so no account is ever less than before, although
 * connections come and go, and streams find and lose accounts of their own. Callable from any thread.
 */
final class StreamLedger {
    /** What the others are called. A stream of that name is one of them. */
    static final String OTHERS = "(others)";

    private final int maximum;
    private final Map<Long, Booked> booked = new HashMap<>();
    private final Map<String, ConnectionTotals> accounts = new HashMap<>();
    private final ConnectionTotals others = new ConnectionTotals();

    /** A connection, and up to where its totals are booked. */
    private static final class Booked {
        private final ConnectionInfo connection;
        private @Nullable ConnectionStatistics upTo;

        Booked(ConnectionInfo connection) {
            this.connection = connection;
        }
    }

    /** @param maximum streams with an account of their own */
    StreamLedger(int maximum) {
        this.maximum = maximum;
    }

    /**
     * Books what was counted since the last time.
     *
     * @param open all open connections
     * @param streams names of the streams there are; others lose their accounts
     */
    synchronized void book(Collection<ConnectionInfo> open, Collection<String> streams) {
        Set<Long> ids = new HashSet<>();
        for (ConnectionInfo connection : open) {
            ids.add(connection.id());
            booked.computeIfAbsent(connection.id(), id -> new Booked(connection));
        }
        for (Iterator<Booked> all = booked.values().iterator(); all.hasNext(); ) {
            Booked each = all.next();
            ConnectionStatistics now = each.connection.statistics();
            account(each.connection.facts().stream()).addGrowth(each.upTo, now);
            each.upTo = now;
            // It was closed, and its last snapshot was published before that.
            if (!ids.contains(each.connection.id())) {
                all.remove();
            }
        }
        Set<String> kept = new HashSet<>(streams);
        booked.values().forEach(each -> kept.add(each.connection.facts().stream()));
        accounts.keySet().retainAll(kept);
    }

    /** Whether the stream has an account of its own. */
    synchronized boolean has(String stream) {
        return accounts.containsKey(stream);
    }

    /** Hands over each stream's account and that of the others, last. */
    synchronized void forEach(BiConsumer<String, ConnectionTotals> consumer) {
        accounts.forEach(consumer);
        consumer.accept(OTHERS, others);
    }

    private ConnectionTotals account(String stream) {
        ConnectionTotals own = accounts.get(stream);
        if (own != null) {
            return own;
        }
        if (accounts.size() >= maximum || stream.equals(OTHERS)) {
            return others;
        }
        ConnectionTotals opened = new ConnectionTotals();
        accounts.put(stream, opened);
        return opened;
    }
}
