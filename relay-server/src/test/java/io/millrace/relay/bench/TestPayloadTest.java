package io.millrace.relay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TestPayloadTest {
    @Test
    void saysWhoSentItWhen() {
        byte[] payload = TestPayload.create(3, 123_456_789_012L, 987_654_321_000L);

        assertThat(payload).hasSize(1316);
        assertThat(TestPayload.isIntact(payload, 3)).isTrue();
        assertThat(TestPayload.number(payload)).isEqualTo(123_456_789_012L);
        assertThat(TestPayload.sentMicros(payload)).isEqualTo(987_654_321_000L);
    }

    @Test
    void oneChangedBitAnywhereIsNoticed() {
        byte[] payload = TestPayload.create(3, 7, 8);
        for (int at = 0; at < payload.length; at++) {
            payload[at] ^= 1;
            assertThat(TestPayload.isIntact(payload, 3)).as("byte %d", at).isFalse();
            payload[at] ^= 1;
        }
    }

    @Test
    void anotherStreamsPayloadIsNotIntact() {
        assertThat(TestPayload.isIntact(TestPayload.create(3, 7, 8), 4)).isFalse();
    }

    @Test
    void aPayloadCutShortIsNotIntact() {
        byte[] payload = TestPayload.create(3, 7, 8);
        byte[] cut = Arrays.copyOf(payload, payload.length - 1);

        assertThat(TestPayload.isIntact(cut, 3)).isFalse();
    }

    @Test
    void isAnUnbrokenTransportStream() {
        int counter = -1;
        for (long number = 0; number < 20; number++) {
            byte[] payload = TestPayload.create(0, number, 0);
            for (int at = 0; at < payload.length; at += 188) {
                assertThat(payload[at]).isEqualTo((byte) 0x47);
                if (counter >= 0) {
                    assertThat(payload[at + 3] & 15).isEqualTo((counter + 1) & 15);
                }
                counter = payload[at + 3] & 15;
            }
        }
    }
}
