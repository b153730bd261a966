package io.millrace.relay.log;

import static java.util.Comparator.comparing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.millrace.relay.config.LogConfig;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * From which level on each logger writes: as the configuration says, until somebody changes one of them, for a time or for
 * good. Callable from any thread. The loggers belong to the process, so one of these does too.
 */
public final class LogLevels {
    /** For how long a level may be changed, at most. */
    public static final Duration MAX_DURATION = Duration.ofDays(1);

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogLevels.class);
    private static final String OWN_LOGGERS = "io.millrace";

    private final LoggerContext context;
    private final Vertx vertx;
    private final Clock clock;
    private final Map<String, Change> changes = new HashMap<>();
    private LogConfig config;

    /**
     * A logger.
     *
     * @param name a package, a class, or {@code ROOT} above all of them
     * @param level from which on it writes, by itself or as the package above it
     * @param changed whether it was changed since the start
     * @param until when the change ends; null for no change, and for one that stays
     */
    public record Entry(
            String name,
            LogConfig.Level level,
            boolean changed,
            @Nullable Instant until) {}

    private record Change(@Nullable Instant until, long timer) {}

    /** @param config which is in effect already */
    public LogLevels(LogConfig config, Vertx vertx, Clock clock) {
        this.config = config;
        this.vertx = vertx;
        this.clock = clock;
        context = (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    /** Sets what the configuration says. The libraries never say more than at INFO: their DEBUG would bury ours. */
    public static void apply(LogConfig config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(OWN_LOGGERS).setLevel(configured(OWN_LOGGERS, config));
            String root = org.slf4j.Logger.ROOT_LOGGER_NAME;
            context.getLogger(root).setLevel(configured(root, config));
        }
    }

    /** What the configuration says of a logger; null for what the logger above it has. */
    private static @Nullable Level configured(String name, LogConfig config) {
        Level level = Level.toLevel(config.level().name());
        return switch (name) {
            case OWN_LOGGERS -> level;
            case org.slf4j.Logger.ROOT_LOGGER_NAME -> level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO;
            default -> null;
        };
    }

    /** Takes a new configuration. What was changed since the start stays so. */
    public synchronized void configure(LogConfig changed) {
        config = changed;
        for (String name : List.of(OWN_LOGGERS, org.slf4j.Logger.ROOT_LOGGER_NAME)) {
            if (!changes.containsKey(name)) {
                context.getLogger(name).setLevel(configured(name, changed));
            }
        }
    }

    /** Every logger that there is so far: one is made when its class is used for the first time. */
    public synchronized List<Entry> all() {
        return context.getLoggerList().stream()
                .map(this::entry)
                .sorted(comparing(Entry::name))
                .toList();
    }

    /**
     * Changes a logger and all below it that have no level of their own.
     *
     * @param duration after which the change ends, from a second to {@link #MAX_DURATION}; null for never
     * @return the logger as it is now; empty if there is none of that name
     */
    public synchronized Optional<Entry> change(String name, LogConfig.Level level, @Nullable Duration duration) {
        // None is made for a name: whoever asks could have any number of them made.
        @Nullable Logger logger = context.exists(name);
        if (logger == null) {
            return Optional.empty();
        }
        forget(name);
        @Nullable Instant until = duration == null ? null : clock.instant().plus(duration);
        long timer = duration == null ? -1 : vertx.setTimer(duration.toMillis(), id -> end(name, id));
        changes.put(name, new Change(until, timer));
        String howLong = duration == null ? "" : " for " + duration.toSeconds() + " s";
        set(logger, Level.toLevel(level.name()), "log level of " + name + " changed to " + text(level) + howLong);
        return Optional.of(entry(logger));
    }

    /**
     * Gives a logger back the level that it has by the configuration.
     *
     * @return the logger as it is now; empty if there is none of that name
     */
    public synchronized Optional<Entry> reset(String name) {
        @Nullable Logger logger = context.exists(name);
        if (logger == null) {
            return Optional.empty();
        }
        if (forget(name)) {
            set(logger, configured(name, config), "log level of " + name + " is as configured again");
        }
        return Optional.of(entry(logger));
    }

    private synchronized void end(String name, long timer) {
        Change change = changes.get(name);
        // Another change may have come while this timer waited for the lock.
        if (change != null && change.timer == timer) {
            reset(name);
        }
    }

    private boolean forget(String name) {
        Change change = changes.remove(name);
        if (change != null && change.timer >= 0) {
            vertx.cancelTimer(change.timer);
        }
        return change != null;
    }

    /** The line comes before the change or after it, whichever of the two levels lets it through. */
    private static void set(Logger logger, @Nullable Level level, String line) {
        boolean before = LOG.isInfoEnabled();
        if (before) {
            LOG.info(line);
        }
        logger.setLevel(level);
        if (!before) {
            LOG.info(line);
        }
    }

    private Entry entry(Logger logger) {
        Change change = changes.get(logger.getName());
        return new Entry(
                logger.getName(),
                level(logger.getEffectiveLevel()),
                change != null,
                change == null ? null : change.until);
    }

    /** Only a Logback configuration of somebody's own has levels beyond these. */
    private static LogConfig.Level level(Level level) {
        if (level.isGreaterOrEqual(Level.ERROR)) {
            return LogConfig.Level.ERROR;
        }
        if (level.isGreaterOrEqual(Level.WARN)) {
            return LogConfig.Level.WARN;
        }
        return level.isGreaterOrEqual(Level.INFO) ? LogConfig.Level.INFO : LogConfig.Level.DEBUG;
    }

    private static String text(LogConfig.Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
