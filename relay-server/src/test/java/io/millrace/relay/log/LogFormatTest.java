package io.millrace.relay.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.status.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the configuration of the logs that is built in makes of a message. */
class LogFormatTest {
    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void configure() throws Exception {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(getClass().getResource("/logback.xml"));
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void configurationIsAcceptedWithoutWarning() {
        assertThat(context.getStatusManager().getCopyOfStatusList()).allMatch(s -> s.getLevel() == Status.INFO);
    }

    @Test
    void lineHasTimeLevelShortLoggerAndMessage() {
        assertThat(line("subscriber opened"))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) INFO  StreamLog"
                        + " subscriber opened\\R");
    }

    @Test
    void messageFromTheNetworkCannotForgeALine() {
        assertThat(line("stream a\r\nb\nc").strip()).endsWith("stream a b c");
    }

    @Test
    void messageFromTheNetworkCannotMoveTheCursorOrTurnTheText() {
        assertThat(line("stream a\u001b[2Jb\u0085c\u2028d\u202ee\u2066f\u007fg (h)")
                        .strip())
                .endsWith("stream a [2Jb c d e f g (h)");
    }

    @Test
    void callerNeverWaitsForWhoReadsTheLog() {
        assertThat(queue().isNeverBlock()).isTrue();
    }

    private AsyncAppender queue() {
        return (AsyncAppender) context.getLogger("ROOT").getAppender("ASYNC");
    }

    private String line(String message) {
        ConsoleAppender<ILoggingEvent> appender = (ConsoleAppender<ILoggingEvent>) queue().getAppender("STDOUT");
        ch.qos.logback.classic.Logger logger = context.getLogger("io.millrace.relay.stream.StreamLog");
        LoggingEvent event =
                new LoggingEvent("", logger, ch.qos.logback.classic.Level.INFO, message, null, new Object[0]);
        return new String(appender.getEncoder().encode(event), UTF_8);
    }
}
