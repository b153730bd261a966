package io.millrace.srt.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassphraseTest {
    @ParameterizedTest
    @ValueSource(strings = {"ten bytes!", "          ", "pässwörd"})
    void tenBytesOfUtf8AreEnough(String text) {
        assertThat(Passphrase.of(text).chars()).isEqualTo(text.toCharArray());
    }

    @Test
    void seventyNineBytesAreTheMost() {
        assertThat(Passphrase.of("x".repeat(79)).chars()).hasSize(79);
        assertThatIllegalArgumentException().isThrownBy(() -> Passphrase.of("x".repeat(80)));
        assertThatIllegalArgumentException().isThrownBy(() -> Passphrase.of("ä".repeat(40)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nine_byte", "half a pair \uD800"})
    void whatIsRefusedIsNotRepeated(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Passphrase.of(text))
                .withMessageNotContaining(text.isEmpty() ? "\"\"" : text)
                .withNoCause();
    }

    @Test
    void theTextIsNotShown() {
        assertThat(Passphrase.of("correct horse")).hasToString("Passphrase[...]");
    }

    @Test
    void equalTextsAreEqual() {
        assertThat(Passphrase.of("correct horse"))
                .isEqualTo(Passphrase.of("correct horse"))
                .hasSameHashCodeAs(Passphrase.of("correct horse"))
                .isNotEqualTo(Passphrase.of("correct horsf"))
                .isNotEqualTo(Passphrase.of("correct horse "));
    }

    @Test
    void aWipedPassphraseCannotBeUsed() {
        Passphrase passphrase = Passphrase.of("correct horse");
        passphrase.wipe();

        assertThatIllegalStateException().isThrownBy(passphrase::chars);
    }
}
