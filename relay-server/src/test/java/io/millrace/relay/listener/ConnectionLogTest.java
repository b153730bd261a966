package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLogTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.0 s",
        "99999, 0.0 s",
        "12345678, 12.3 s",
        "59999999, 59.9 s",
        "60000000, 1 min 0 s",
        "3599999999, 59 min 59 s",
        "3600000000, 1 h 0 min",
        "93784000000, 26 h 3 min"
    })
    void durationIsReadable(long micros, String text) {
        assertThat(ConnectionLog.duration(micros)).isEqualTo(text);
    }
}
