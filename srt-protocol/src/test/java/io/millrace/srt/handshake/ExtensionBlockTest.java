package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §3.2.1.3. The hexadecimal texts are what libsrt sends. */
class ExtensionBlockTest {
    @ParameterizedTest
    @CsvSource({
        "abc, 00050001 00636261",
        "abcd, 00050001 64636261",
        "abcde, 00050002 64636261 00000065",
        "'#!::r=live/x', 00050003 3a3a2123 696c3d72 782f6576",
        "'', 00050000"
    })
    void textIsPaddedAndEachWordReversed(String text, String bytes) {
        HandshakeExtensions extensions =
                new HandshakeExtensions(List.of(ExtensionBlock.ofText(ExtensionBlock.SID, text)));

        assertThat(BlockBytes.write(extensions)).isEqualTo(bytes);
        assertThat(BlockBytes.read(bytes).streamId()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Übertragung", "放送/一", "a", "😀=1,m=publish", "%23!::r=live/cam1"})
    void textOfAnyLengthSurvives(String text) {
        ExtensionBlock block = ExtensionBlock.ofText(ExtensionBlock.FILTER, text);

        assertThat(block.length() % 4).isZero();
        assertThat(block.text()).isEqualTo(text);
    }

    @Test
    void onlyZerosAtTheEndAreCutOff() {
        assertThat(BlockBytes.read("00050002 00630061 00000000").streamId()).isEqualTo("a\0c");
        assertThat(BlockBytes.read("00050001 00000000").streamId()).isEmpty();
    }

    @Test
    void bytesThatAreNotUtf8BecomeReplacementCharacters() {
        assertThat(BlockBytes.read("00050001 0061ff62").streamId()).isEqualTo("b\uFFFDa");
    }
}
