package io.millrace.srt.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.4, sender. */
class SendBufferTest {
    private final SendBuffer buffer = new SendBuffer(4);

    @Test
    void anEmptyBufferHasNothing() {
        assertThat(buffer.arrivalEnd()).isZero();
        assertThat(buffer.oldestArrival()).isZero();
        assertThat(buffer.settledEnd()).isZero();
        assertThat(buffer.payloadAt(0)).isNull();
    }

    @Test
    void payloadsHaveTheirPositionsInOrder() {
        append(3);

        for (int position = 0; position < 3; position++) {
            assertThat(buffer.positionOfArrival(position)).isEqualTo(position);
            assertThat(buffer.payloadAt(position).position()).isEqualTo(position);
            assertThat(buffer.payloadAt(position).originMicros()).isEqualTo(1_000 + position);
            assertThat(buffer.payloadAt(position).bytes()).containsExactly(position);
        }
        assertThat(buffer.payloadAt(3)).isNull();
        assertThat(buffer.settledEnd()).isEqualTo(3);
    }

    @Test
    void theOldestIsForgottenWhenItIsFull() {
        append(6);

        assertThat(buffer.oldestArrival()).isEqualTo(2);
        assertThat(buffer.positionOfArrival(1)).isEqualTo(-1);
        assertThat(buffer.payloadAt(1)).isNull();
        assertThat(buffer.positionOfArrival(2)).isEqualTo(2);
        assertThat(buffer.payloadAt(2)).isNotNull();
        assertThat(buffer.payloadAt(5)).isNotNull();
        assertThat(buffer.payloadAt(6)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 100, -4})
    void theCapacityIsAPowerOfTwo(int capacity) {
        assertThatThrownBy(() -> new SendBuffer(capacity)).isInstanceOf(IllegalArgumentException.class);
    }

    private void append(int payloads) {
        for (int i = 0; i < payloads; i++) {
            buffer.append(1_000 + i, new byte[] {(byte) i});
        }
    }
}
