package io.millrace.srt.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KmStateTest {
    @ParameterizedTest
    @CsvSource({
        "00000000, UNSECURED",
        "01000000, SECURING",
        "02000000, SECURED",
        "03000000, NO_SECRET",
        "04000000, BAD_SECRET",
        "05000000, BAD_CRYPTO_MODE",
        "00000003, NO_SECRET",
        "00000004, BAD_SECRET",
        "00000005, BAD_CRYPTO_MODE"
    })
    void bothByteOrdersAreRead(String content, KmState state) {
        assertThat(KmState.read(ByteBuffer.wrap(CryptoVectors.hex(content)))).isEqualTo(state);
    }

    /** CVE-2026-55868: an answer that was trusted to be one word. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "04",
                "040000",
                "0400000000",
                "0400000000000000",
                "00000006",
                "06000000",
                "04000004",
                "00040000",
                "FFFFFFFF"
            })
    void anythingElseIsNoState(String content) {
        assertThat(KmState.read(ByteBuffer.wrap(CryptoVectors.hex(content)))).isNull();
    }

    @Test
    void aStateIsWrittenAsLibsrtDoes() {
        ByteBuffer to = ByteBuffer.allocate(KmState.LENGTH);

        KmState.BAD_SECRET.write(to);

        assertThat(to.array()).containsExactly(4, 0, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsRead(KmState state) {
        ByteBuffer to = ByteBuffer.allocate(KmState.LENGTH);
        state.write(to);

        assertThat(KmState.read(to.flip())).isEqualTo(state);
    }
}
