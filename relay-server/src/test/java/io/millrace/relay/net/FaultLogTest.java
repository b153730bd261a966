package io.millrace.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FaultLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(FaultLog.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final FaultLog log = new FaultLog();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
        logger.setAdditive(true);
    }

    @Test
    void oneBugIsLoggedOnceAMinuteWithWhatWasLeftOut() {
        for (int second = 0; second <= 60; second++) {
            log.report(second * 1_000_000L, "testing", bug());
        }
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Bug while testing; the socket goes on",
                        "Bug while testing; the socket goes on. 59 more since the last report");
        assertThat(logged.list).allMatch(event -> event.getThrowableProxy() != null);
    }

    @Test
    void anotherPlaceIsLoggedAtOnce() {
        for (int i = 0; i < 3; i++) {
            log.report(0, "testing", bug());
            log.report(0, "testing", otherBug());
        }
        assertThat(logged.list).hasSize(2);
    }

    private static RuntimeException bug() {
        return new IllegalStateException("bug");
    }

    private static RuntimeException otherBug() {
        return new IllegalStateException("bug");
    }
}
