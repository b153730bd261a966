package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void versionOfUnpackagedClassesIsDevelopment() {
        assertThat(Main.version()).isEqualTo("development");
    }
}
