package io.millrace.relay.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.console.TextTable.Column;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private final TextTable table = new TextTable(List.of(
            Column.number("ID", ""),
            Column.text("LABEL", 4),
            Column.text("STREAM", 6),
            Column.number("RATE", "Mbit/s")));

    @Test
    void numbersStandToTheRightUnderTheirUnits() {
        table.row(List.of("7", "b", "live/cam1", "6.02"));
        table.row(List.of("12", "", "x", "112.50"));

        assertThat(table.lines(TextTable.ANY_WIDTH))
                .containsExactly(
                        "ID  LABEL  STREAM       RATE",
                        "                      Mbit/s",
                        " 7  b      live/cam1    6.02",
                        "12         x          112.50");
    }

    @Test
    void columnWithNothingInItIsLeftOut() {
        table.row(List.of("7", "", "live/cam1", "6.02"));

        assertThat(table.lines(TextTable.ANY_WIDTH).get(0)).isEqualTo("ID  STREAM       RATE");
    }

    @Test
    void gapsShrinkFirstThenTheWidestText() {
        table.row(List.of("7", "camera", "live/cam1", "6.02"));

        assertThat(table.lines(27)).last().isEqualTo(" 7 camera live/cam1   6.02");
        assertThat(table.lines(24)).last().isEqualTo(" 7 camera live/c…   6.02");
        assertThat(table.lines(23)).allMatch(line -> PrintableText.columns(line) <= 23);
    }

    @Test
    void whatMayNotBeCutIsWhole() {
        table.row(List.of("7", "camera", "live/cam1", "6.02"));

        assertThat(table.lines(5)).last().isEqualTo(" 7 cam… live/…   6.02");
    }

    @Test
    void wideLettersTakeTwoColumns() {
        table.row(List.of("1", "", "東京", "1.00"));
        table.row(List.of("2", "", "tokyo", "1.00"));

        assertThat(table.lines(TextTable.ANY_WIDTH)).endsWith(" 1  東京      1.00", " 2  tokyo     1.00");
    }

    @Test
    void namesCantControlTheTerminal() {
        table.row(List.of("1", "\u001b[2J", "a\nb\u202e", "1.00"));

        assertThat(table.lines(TextTable.ANY_WIDTH)).last().isEqualTo(" 1  ?[2J   a?b?      1.00");
    }

    @Test
    void withoutRowsThereAreTheNames() {
        assertThat(table.lines(80)).hasSize(2).first().isEqualTo("ID  LABEL  STREAM    RATE");
    }
}
