package io.millrace.relay.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b", "\u009b", "\n", "\r", "\t", "\b", "\u007f", "\u0000", "\u202e", "\u2066", "\u200b", "\u2028",
                "\ud800", "\ue000", "\ufeff"
            })
    void whatIsNotToBeSeenBecomesAQuestionMark(String hostile) {
        assertThat(PrintableText.of("a" + hostile + "b")).isEqualTo("a?b");
    }

    @Test
    void textThatIsToBeSeenStays() {
        assertThat(PrintableText.of("live/cam 1 é 東京 🎥")).isEqualTo("live/cam 1 é 東京 🎥");
    }

    @Test
    void marksThatPileUpAreLeftOut() {
        assertThat(PrintableText.of("a" + "\u0301".repeat(500) + "b")).isEqualTo("a\u0301\u0301b");
    }

    @Test
    void widthIsInColumnsOfATerminal() {
        assertThat(PrintableText.columns("cam")).isEqualTo(3);
        assertThat(PrintableText.columns("東京")).isEqualTo(4);
        assertThat(PrintableText.columns("e\u0301")).isEqualTo(1);
    }

    @Test
    void whatIsTooLongIsCutAndSaysSo() {
        assertThat(PrintableText.cut("live/camera", 11)).isEqualTo("live/camera");
        assertThat(PrintableText.cut("live/camera", 10)).isEqualTo("live/came…");
        assertThat(PrintableText.cut("東京東京", 6)).isEqualTo("東京…");
        assertThat(PrintableText.cut("live", 1)).isEqualTo("…");
        assertThat(PrintableText.cut("live", 0)).isEmpty();
    }

    @Test
    void sentencesAreBrokenAtBlanks() {
        assertThat(PrintableText.wrap("one two three", 7)).containsExactly("one two", "three");
        assertThat(PrintableText.wrap("incomprehensible", 5)).containsExactly("inco…");
    }
}
