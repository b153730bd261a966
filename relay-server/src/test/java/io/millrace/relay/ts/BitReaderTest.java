package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BitReaderTest {
    @Test
    void golombCodesAreReadAsTheStandardListsThem() {
        // 1 010 011 00100 00101 00110 00111, ue(v) 0 to 6.
        BitReader codes = reader(0b1010_0110, 0b0100_0010, 0b1001_1000, 0b1110_0000);

        for (int value = 0; value < 7; value++) {
            assertThat(codes.unsignedGolomb()).isEqualTo(value);
        }
        assertThat(codes.isExhausted()).isFalse();
    }

    @Test
    void signedGolombCodesAlternate() {
        BitReader codes = reader(0b1010_0110, 0b0100_0010, 0b1000_0000);

        assertThat(new int[] {
                    codes.signedGolomb(),
                    codes.signedGolomb(),
                    codes.signedGolomb(),
                    codes.signedGolomb(),
                    codes.signedGolomb()
                })
                .containsExactly(0, 1, -1, 2, -2);
    }

    @Test
    void beyondTheEndThereAreZerosAndItSaysSo() {
        BitReader bits = reader(0xFF);

        assertThat(bits.bits(12)).isEqualTo(0xFF0);
        assertThat(bits.isExhausted()).isTrue();
    }

    @Test
    void codeThatDoesNotEndIsNoneAndEndsTheReading() {
        BitReader zeros = reader(0, 0, 0, 0, 0, 0, 0xFF);

        assertThat(zeros.unsignedGolomb()).isZero();
        assertThat(zeros.isExhausted()).isTrue();
        assertThat(zeros.unsignedGolomb()).isZero();
    }

    private static BitReader reader(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return new BitReader(bytes, 0, bytes.length);
    }
}
