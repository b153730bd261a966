package io.millrace.relay.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.millrace.relay.config.LogConfig;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;

/** What a collector reads. */
class JsonLogTest {
    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void configure() throws Exception {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(getClass().getResource("/logback.xml"));
        LogFormat.apply(new LogConfig(LogConfig.Level.INFO, LogConfig.Format.JSON), context);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void lineIsAnObjectWithTimeLevelLoggerAndMessage() {
        LoggingEvent event = event("opened {}", null, "it");
        event.setInstant(Instant.parse("2026-01-01T12:00:00.120Z"));

        assertThat(line(event))
                .isEqualTo("{\"time\":\"2026-01-01T12:00:00.120Z\",\"level\":\"info\","
                        + "\"logger\":\"io.millrace.relay.stream.StreamLog\",\"message\":\"opened it\"}\n");
    }

    @Test
    void fieldsAreMembers() {
        LoggingEvent event = event("opened", null);
        event.addKeyValuePair(new KeyValuePair(LogField.CONNECTION, 7L));
        event.addKeyValuePair(new KeyValuePair(LogField.STREAM, "live"));
        event.addKeyValuePair(new KeyValuePair(LogField.LISTENER, "main"));
        event.addKeyValuePair(new KeyValuePair(LogField.PEER, "[2001:db8::7]:5000"));

        JsonObject json = new JsonObject(line(event));

        assertThat(json.getLong("connection")).isEqualTo(7);
        assertThat(json.getString("stream")).isEqualTo("live");
        assertThat(json.getString("listener")).isEqualTo("main");
        assertThat(json.getString("peer")).isEqualTo("[2001:db8::7]:5000");
    }

    @Test
    void stackTraceIsOneText() {
        Throwable cause = new IllegalArgumentException("inner");

        String line = line(event("failed", new IllegalStateException("broken\n{\"level\":\"info\"}", cause)));

        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(new JsonObject(line).getString("stackTrace"))
                .startsWith("java.lang.IllegalStateException: broken")
                .contains("\tat " + getClass().getName(), "Caused by: java.lang.IllegalArgumentException: inner");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nb",
                "x\",\"level\":\"error\",\"y\":\"",
                "\u001b[2Jgone",
                "\u202egnp.exe",
                "line\u2028two",
                "\u0085next",
                "\u007f",
                "back\\slash"
            })
    void textFromTheNetworkStaysOneValueThatPrintsInOneLine(String hostile) {
        LoggingEvent event = event("stream {}", null, hostile);
        event.addKeyValuePair(new KeyValuePair(LogField.STREAM, hostile));

        String line = line(event);

        assertThat(line.strip().codePoints())
                .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0x202e);
        JsonObject json = new JsonObject(line);
        assertThat(json.fieldNames()).containsExactly("time", "level", "logger", "message", "stream");
        assertThat(json.getString("message")).isEqualTo("stream " + hostile);
        assertThat(json.getString("stream")).isEqualTo(hostile);
    }

    @Test
    void letterOfAnyLanguageStaysReadable() {
        assertThat(line(event("Küche/カメラ 📷", null))).contains("Küche/カメラ 📷");
    }

    @Test
    void queueInFrontOfItStillNeverBlocks() {
        assertThat(queue().isNeverBlock()).isTrue();
        assertThat(queue().isStarted()).isTrue();
    }

    private LoggingEvent event(String message, Throwable thrown, Object... arguments) {
        Logger logger = context.getLogger("io.millrace.relay.stream.StreamLog");
        return new LoggingEvent("", logger, Level.INFO, message, thrown, arguments);
    }

    private AsyncAppender queue() {
        return (AsyncAppender) context.getLogger("ROOT").getAppender("ASYNC");
    }

    private String line(LoggingEvent event) {
        ConsoleAppender<ILoggingEvent> output = (ConsoleAppender<ILoggingEvent>) queue().getAppender("STDOUT");
        assertThat(List.of(output.getEncoder())).hasOnlyElementsOfType(JsonEncoder.class);
        return new String(output.getEncoder().encode(event), UTF_8);
    }
}
