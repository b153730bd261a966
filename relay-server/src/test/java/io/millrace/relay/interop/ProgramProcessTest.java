package io.millrace.relay.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramProcessTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Test
    void aMissingProgramIsAFailureThatNamesItsPackage() {
        assertThatThrownBy(() -> ProgramProcess.start(List.of("no-such-program"), "some-tools", Redirect.PIPE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no-such-program")
                .hasMessageContaining("some-tools");
    }

    @Test
    void aProgramThatEndsUnconnectedIsAFailureWithItsLastMessages() {
        try (ProgramProcess process = shell("echo this is $((40 + 2)) >&2; exit 3", "up")) {
            assertThatThrownBy(() -> process.awaitConnected(TIMEOUT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("exit code 3")
                    .hasMessageContaining("this is 42");
        }
    }

    @Test
    void isConnectedWhenTheProgramSaysSoAndIsGoneAfterClose() {
        ProgramProcess process = shell("echo we are up; exec sleep 600", "are up");
        try (process) {
            process.awaitConnected(TIMEOUT);
            assertThat(process.isAlive()).isTrue();
        }

        assertThat(process.isAlive()).isFalse();
    }

    private static ProgramProcess shell(String script, String connectedMarker) {
        return ProgramProcess.start(List.of("sh", "-c", script), "dash", Redirect.PIPE, connectedMarker);
    }
}
