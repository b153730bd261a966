package io.millrace.relay.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.LoggedLines;
import io.millrace.relay.config.LogConfig;
import io.millrace.relay.config.LogConfig.Format;
import io.millrace.relay.config.LogConfig.Level;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLevelsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String PACKAGE = "io.millrace.relay.stream";
    private static final LogConfig INFO = config(Level.INFO);

    private static Vertx vertx;

    private final Logger own = LoggerFactory.getLogger(PACKAGE + ".SomeClass");
    private final Logger library = LoggerFactory.getLogger("io.vertx.SomeClass");
    private final LogLevels levels = new LogLevels(INFO, vertx, Clock.fixed(NOW, ZoneOffset.UTC));
    private LoggedLines logged;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void listen() {
        logged = new LoggedLines(LogLevels.class.getName());
    }

    @AfterEach
    void restore() {
        List.of(PACKAGE, "io.millrace", "ROOT").forEach(levels::reset);
        LogLevels.apply(INFO);
        logged.close();
    }

    @Test
    void debugIsForOurOwnLoggersOnly() {
        LogLevels.apply(config(Level.DEBUG));

        assertThat(own.isDebugEnabled()).isTrue();
        assertThat(library.isDebugEnabled()).isFalse();
        assertThat(library.isInfoEnabled()).isTrue();
    }

    @Test
    void errorSilencesEverythingElse() {
        LogLevels.apply(config(Level.ERROR));

        assertThat(own.isWarnEnabled()).isFalse();
        assertThat(library.isWarnEnabled()).isFalse();
        assertThat(library.isErrorEnabled()).isTrue();
    }

    @Test
    void changeIsForAPackageAndAllBelowIt() {
        assertThat(levels.change(PACKAGE, Level.DEBUG, null))
                .contains(new LogLevels.Entry(PACKAGE, Level.DEBUG, true, null));

        assertThat(own.isDebugEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("io.millrace.relay.net.SomeClass").isDebugEnabled())
                .isFalse();
        assertThat(logged.lines()).containsExactly("log level of " + PACKAGE + " changed to debug");
    }

    @Test
    void changeForATimeSaysWhenItEnds() {
        assertThat(levels.change(PACKAGE, Level.WARN, Duration.ofSeconds(600)))
                .contains(new LogLevels.Entry(PACKAGE, Level.WARN, true, NOW.plusSeconds(600)));
        assertThat(logged.lines()).containsExactly("log level of " + PACKAGE + " changed to warn for 600 s");
    }

    @Test
    void changeForATimeEnds() {
        levels.change(PACKAGE, Level.DEBUG, Duration.ofMillis(1));

        await().atMost(Duration.ofSeconds(10)).until(() -> !own.isDebugEnabled());
        assertThat(levels.all()).filteredOn(LogLevels.Entry::changed).isEmpty();
        assertThat(logged.lines()).last().isEqualTo("log level of " + PACKAGE + " is as configured again");
    }

    @Test
    void laterChangeIsNotEndedByTheTimerOfAnEarlierOne() {
        levels.change(PACKAGE, Level.DEBUG, Duration.ofMillis(1));
        levels.change(PACKAGE, Level.DEBUG, null);
        levels.change("io.millrace", Level.DEBUG, Duration.ofMillis(20));

        await().atMost(Duration.ofSeconds(10))
                .until(() -> logged.lines().contains("log level of io.millrace is as configured again"));
        assertThat(own.isDebugEnabled()).isTrue();
    }

    @Test
    void resetGivesBackWhatIsConfigured() {
        levels.change(PACKAGE, Level.DEBUG, null);
        levels.change("io.millrace", Level.ERROR, null);

        assertThat(levels.reset(PACKAGE)).contains(new LogLevels.Entry(PACKAGE, Level.ERROR, false, null));
        assertThat(levels.reset("io.millrace")).contains(new LogLevels.Entry("io.millrace", Level.INFO, false, null));
        assertThat(own.isInfoEnabled()).isTrue();
        assertThat(own.isDebugEnabled()).isFalse();
    }

    @Test
    void changeThatSilencesTheLogIsItsLastLine() {
        levels.change("io.millrace", Level.ERROR, null);
        assertThat(logged.lines()).containsExactly("log level of io.millrace changed to error");

        levels.reset("io.millrace");
        assertThat(logged.lines()).last().isEqualTo("log level of io.millrace is as configured again");
    }

    @Test
    void newConfigurationLeavesWhatWasChangedAndIsWhatAResetGoesBackTo() {
        levels.change("io.millrace", Level.WARN, null);
        levels.configure(config(Level.DEBUG));

        assertThat(own.isInfoEnabled()).isFalse();
        levels.reset("io.millrace");
        assertThat(own.isDebugEnabled()).isTrue();
    }

    @Test
    void nameThatNobodyLogsUnderIsNoLogger() {
        assertThat(levels.change("io.millrace.nothing", Level.DEBUG, null)).isEmpty();
        assertThat(levels.reset("io.millrace.nothing")).isEmpty();
        assertThat(levels.all()).extracting(LogLevels.Entry::name).doesNotContain("io.millrace.nothing");
    }

    @Test
    void listHasPackagesClassesAndTheRoot() {
        assertThat(levels.all())
                .contains(
                        new LogLevels.Entry("ROOT", Level.INFO, false, null),
                        new LogLevels.Entry(PACKAGE, Level.INFO, false, null),
                        new LogLevels.Entry(PACKAGE + ".SomeClass", Level.INFO, false, null));
    }

    private static LogConfig config(Level level) {
        return new LogConfig(level, Format.TEXT);
    }
}
