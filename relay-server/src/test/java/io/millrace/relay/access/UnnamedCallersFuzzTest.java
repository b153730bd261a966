package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.relay.TestConfig;
import io.millrace.relay.config.RelayConfig;
import java.net.InetAddress;

class UnnamedCallersFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyStreamThatTheConfigurationTakesIsAStream(FuzzedDataProvider data) {
        RelayConfig config;
        try {
            config = TestConfig.of("listeners[0].stream=" + data.consumeRemainingAsString());
        } catch (IllegalArgumentException e) {
            return;
        }
        UnnamedCallers callers = new UnnamedCallers(config.listeners().get(0), 0);

        if (config.listeners().get(0).stream() != null) {
            assertThat(callers.byAddressOrPort(InetAddress.getLoopbackAddress()))
                    .isNotNull();
        }
    }
}
