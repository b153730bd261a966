package io.millrace.relay.log;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** What was logged and is not written yet. */
public final class LogQueue {
    private LogQueue() {}

    /** Writes it, as the last act before the program ends: nothing is logged after this. */
    public static void flush() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
