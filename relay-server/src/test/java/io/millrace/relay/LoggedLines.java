package io.millrace.relay;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a class logs while a test listens; nothing of it is printed. */
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Listens from now on to a logger and those below it. */
    public LoggedLines(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
        logger.setAdditive(false);
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getFormattedMessage());
    }

    /** The messages so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Forgets the messages so far. */
    public void clear() {
        lines.clear();
    }

    @Override
    public void close() {
        logger.setAdditive(true);
        logger.detachAppender(this);
        stop();
    }
}
