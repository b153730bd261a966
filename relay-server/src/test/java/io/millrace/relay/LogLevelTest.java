package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.config.LogConfig;
import io.millrace.relay.config.LogConfig.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLevelTest {
    private final Logger own = LoggerFactory.getLogger("io.millrace.relay.stream.SomeClass");
    private final Logger library = LoggerFactory.getLogger("io.vertx.SomeClass");

    @AfterEach
    void restore() {
        LogLevel.apply(new LogConfig(Level.INFO));
    }

    @Test
    void debugIsForOurOwnLoggersOnly() {
        LogLevel.apply(new LogConfig(Level.DEBUG));

        assertThat(own.isDebugEnabled()).isTrue();
        assertThat(library.isDebugEnabled()).isFalse();
        assertThat(library.isInfoEnabled()).isTrue();
    }

    @Test
    void errorSilencesEverythingElse() {
        LogLevel.apply(new LogConfig(Level.ERROR));

        assertThat(own.isWarnEnabled()).isFalse();
        assertThat(library.isWarnEnabled()).isFalse();
        assertThat(library.isErrorEnabled()).isTrue();
    }
}
