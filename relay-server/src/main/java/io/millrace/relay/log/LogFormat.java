package io.millrace.relay.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import io.millrace.relay.config.LogConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the format of the configuration to the log. */
public final class LogFormat {
    /** The names in {@code logback.xml}; somebody who replaces that file has other ones, and a format of its own. */
    private static final String QUEUE = "ASYNC";

    private static final String OUTPUT = "STDOUT";

    private LogFormat() {}

    /** Once, before anything is logged. */
    public static void apply(LogConfig config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            apply(config, context);
        }
    }

    static void apply(LogConfig config, LoggerContext context) {
        if (config.format() == LogConfig.Format.JSON && output(context) instanceof OutputStreamAppender<?> output) {
            JsonEncoder encoder = new JsonEncoder();
            encoder.setContext(context);
            encoder.start();
            @SuppressWarnings("unchecked") // all that a logger has are appenders of its events
            OutputStreamAppender<ILoggingEvent> events = (OutputStreamAppender<ILoggingEvent>) output;
            events.setEncoder(encoder);
        }
    }

    private static @Nullable Appender<?> output(LoggerContext context) {
        Appender<ILoggingEvent> queue =
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(QUEUE);
        return queue instanceof AppenderAttachable<?> attachable ? attachable.getAppender(OUTPUT) : null;
    }
}
