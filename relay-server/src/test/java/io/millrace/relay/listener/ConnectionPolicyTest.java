package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.TestConfig;
import io.millrace.relay.access.GrantLimits;
import io.millrace.srt.connection.ConnectionSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionPolicyTest {
    /** What the subscriber is offered follows from the rule, our latency (120), the publisher's and its own wish. */
    @ParameterizedTest
    @CsvSource({
        "max,     120,  120,  120",
        "max,     400,  120,  400",
        "max,     120,  900,  900",
        "max+80,  400,  120,  480",
        "max+80,  120,  120,  200",
        "max+80,  400,  900,  900",
        "sum,     400,  120,  520",
        "sum,     400,    0,  520",
        "sum,     400,  900, 1300",
        "sum,   60000, 9000, 65535"
    })
    void subscriberIsOfferedWhatTheRuleSays(String rule, int publisherMillis, int askedMillis, int offeredMillis) {
        ConnectionPolicy policy = new ConnectionPolicy(TestConfig.of("streams.latency=" + rule));

        assertThat(policy.forSubscriber(publisherMillis, askedMillis, GrantLimits.NONE)
                        .offer()
                        .sendLatencyMillis())
                .isEqualTo(offeredMillis);
    }

    @Test
    void publisherIsOfferedTheRelaysLatencyAndAskedForNone() {
        ConnectionSettings settings =
                new ConnectionPolicy(TestConfig.of("srt.latencyMillis=250")).forPublisher(GrantLimits.NONE);

        assertThat(settings.offer().receiveLatencyMillis()).isEqualTo(250);
        assertThat(settings.offer().sendLatencyMillis()).isZero();
    }

    @Test
    void everyConnectionHasTheConfiguredBounds() {
        ConnectionPolicy policy = new ConnectionPolicy(TestConfig.of(
                "srt.mss=1400",
                "srt.flowWindowPackets=512",
                "srt.peerIdleTimeoutMillis=2000",
                "srt.maxBandwidth=1000000",
                "srt.retransmitPercent=30"));

        ConnectionSettings settings = policy.forSubscriber(120, 120, GrantLimits.NONE);

        assertThat(settings.offer().maximumSegmentSize()).isEqualTo(1400);
        assertThat(settings.offer().flowWindow()).isEqualTo(512);
        assertThat(settings.peerIdleTimeoutMicros()).isEqualTo(2_000_000);
        assertThat(settings.bandwidth().maximumBytesPerSecond()).isEqualTo(1_000_000);
        assertThat(settings.bandwidth().retransmitPercent()).isEqualTo(30);
        assertThat(policy.forPublisher(GrantLimits.NONE).offer().flowWindow()).isEqualTo(512);
    }
}
