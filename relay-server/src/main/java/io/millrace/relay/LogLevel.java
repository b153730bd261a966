package io.millrace.relay;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.millrace.relay.config.LogConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the level of the configuration to the loggers. */
final class LogLevel {
    private static final String OWN_LOGGERS = "io.millrace";

    private LogLevel() {}

    /** The libraries never say more than at INFO: their DEBUG would bury ours. */
    static void apply(LogConfig config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Level level = Level.toLevel(config.level().name());
            context.getLogger(OWN_LOGGERS).setLevel(level);
            context.getLogger(Logger.ROOT_LOGGER_NAME)
                    .setLevel(level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO);
        }
    }
}
