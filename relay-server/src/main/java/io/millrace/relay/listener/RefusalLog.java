package io.millrace.relay.listener;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.log.LogField;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator who was refused, why and what to do: at once the first time, and once a period how often it was
 * repeated. Players that are refused come back several times a second. Bounded, whoever calls.
 */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final int MAX_KEYS = 64;
    private static final int MAX_SUMMARIES = 8;

    private final String listener;
    private final Map<Key, Repetitions> recent = new LinkedHashMap<>();
    private long others;

    private record Key(InetAddress address, String streamId, Refusal refusal) {}

    private static final class Repetitions {
        long count;
    }

    RefusalLog(String listener) {
        this.listener = listener;
    }

    void refused(InetSocketAddress from, String streamId, Refusal refusal) {
        Key key = new Key(from.getAddress(), streamId, refusal);
        Repetitions repetitions = recent.get(key);
        if (repetitions != null) {
            repetitions.count++;
        } else if (recent.size() >= MAX_KEYS) {
            others++;
        } else {
            recent.put(key, new Repetitions());
            LOG.atInfo()
                    .addKeyValue(LogField.LISTENER, listener)
                    .addKeyValue(LogField.PEER, LoggableAddress.of(from))
                    .log(
                            "refused {} on {}, stream id {}: {} {}: {}",
                            LoggableAddress.of(from),
                            listener,
                            ConnectionLog.streamId(LoggableStreamId.of(streamId)),
                            refusal.reason().code(),
                            refusal.reason(),
                            refusal.explanation());
        }
    }

    /** Ends a period: says what was repeated in it, the most frequent first. */
    void summarise(int periodSeconds) {
        List<Map.Entry<Key, Repetitions>> repeated = recent.entrySet().stream()
                .filter(entry -> entry.getValue().count > 0)
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().count))
                .toList();
        for (int i = 0; i < repeated.size(); i++) {
            long count = repeated.get(i).getValue().count;
            if (i < MAX_SUMMARIES) {
                summarise(repeated.get(i).getKey(), count, periodSeconds);
            } else {
                others += count;
            }
        }
        if (others > 0) {
            LOG.atInfo()
                    .addKeyValue(LogField.LISTENER, listener)
                    .log(
                            "refused others on {}: {} times in {} s",
                            listener,
                            String.format(Locale.ROOT, "%,d", others),
                            periodSeconds);
        }
        // Who was still there keeps its entry for one more period, so that a steady storm is one line a period.
        recent.values().removeIf(repetitions -> repetitions.count == 0);
        recent.values().forEach(repetitions -> repetitions.count = 0);
        others = 0;
    }

    private void summarise(Key key, long count, int periodSeconds) {
        LOG.atInfo()
                .addKeyValue(LogField.LISTENER, listener)
                .addKeyValue(LogField.PEER, LoggableAddress.of(key.address()))
                .log(
                        "refused {} on {}, stream id {}: {} {}: {} more times in {} s",
                        LoggableAddress.of(key.address()),
                        listener,
                        ConnectionLog.streamId(LoggableStreamId.of(key.streamId())),
                        key.refusal().reason().code(),
                        key.refusal().reason(),
                        String.format(Locale.ROOT, "%,d", count),
                        periodSeconds);
    }
}
