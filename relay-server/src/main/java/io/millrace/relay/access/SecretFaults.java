package io.millrace.relay.access;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator which secret of the configuration can't be used, at most once a minute for each: callers may come many
 * times a second. Callable from any thread.
 */
public final class SecretFaults {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFaults.class);
    private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clockNanos;
    /** When each key was reported; as bounded as the configuration that has the keys. */
    private final Map<String, Long> reported = new ConcurrentHashMap<>();

    public SecretFaults() {
        this(System::nanoTime);
    }

    /** @param clockNanos never goes back; starts anywhere */
    SecretFaults(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
    }

    /** @param key of the configuration, with all that is above it */
    public void report(String key, IOException fault) {
        long now = clockNanos.getAsLong();
        Long before = reported.putIfAbsent(key, now);
        if (before == null || (now - before >= REPEAT_NANOS && reported.replace(key, before, now))) {
            LOG.error("{} can't be used: {}; callers that need it don't get in by it", key, fault.getMessage());
        }
    }
}
