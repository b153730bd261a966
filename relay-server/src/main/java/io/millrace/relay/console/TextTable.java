package io.millrace.relay.console;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Rows in columns, under names and units. Where they don't fit, the widest of the columns that may be cut is cut first. A
 * column that has nothing in any row is left out.
 */
final class TextTable {
    static final int ANY_WIDTH = Integer.MAX_VALUE;

    private static final int ROOMY = 2;
    private static final int NARROW = 1;

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param unit of its numbers; empty for a column of texts
     * @param leastWidth to which it may be cut
     */
    record Column(String name, String unit, boolean toTheRight, int leastWidth) {
        /** Numbers, which are never cut. */
        static Column number(String name, String unit) {
            return new Column(name, unit, true, ANY_WIDTH);
        }

        /** Words of ours, which are never cut. */
        static Column word(String name) {
            return new Column(name, "", false, ANY_WIDTH);
        }

        /** Names and addresses. */
        static Column text(String name, int leastWidth) {
            return new Column(name, "", false, leastWidth);
        }
    }

    TextTable(List<Column> columns) {
        this.columns = columns;
    }

    /** Adds a row of as many texts as there are columns; they may be of any characters. */
    void row(List<String> cells) {
        rows.add(cells.stream().map(PrintableText::of).toList());
    }

    /** The names, the units, and the rows, in lines of so many columns of a terminal. */
    List<String> lines(int width) {
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            if (rows.isEmpty() || rows.stream().anyMatch(row -> !row.get(column).isEmpty())) {
                shown.add(i);
            }
        }
        int[] widths = shown.stream().mapToInt(this::naturalWidth).toArray();
        int gap = sum(widths) + ROOMY * (widths.length - 1) <= width ? ROOMY : NARROW;
        shrink(widths, shown, width - gap * (widths.length - 1));
        List<String> lines = new ArrayList<>();
        lines.add(line(shown.stream().map(i -> columns.get(i).name()).toList(), shown, widths, gap));
        if (columns.stream().anyMatch(column -> !column.unit().isEmpty())) {
            lines.add(line(shown.stream().map(i -> columns.get(i).unit()).toList(), shown, widths, gap));
        }
        rows.forEach(row -> lines.add(line(shown.stream().map(row::get).toList(), shown, widths, gap)));
        return lines;
    }

    private int naturalWidth(int column) {
        ToIntFunction<String> width = PrintableText::columns;
        int head = Math.max(
                width.applyAsInt(columns.get(column).name()),
                width.applyAsInt(columns.get(column).unit()));
        return Math.max(
                head,
                rows.stream().map(row -> row.get(column)).mapToInt(width).max().orElse(0));
    }

    private void shrink(int[] widths, List<Integer> shown, int room) {
        for (int excess = sum(widths) - room; excess > 0; excess--) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                boolean mayBeCut = widths[i] > columns.get(shown.get(i)).leastWidth();
                if (mayBeCut && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private String line(List<String> cells, List<Integer> shown, int[] widths, int gap) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = PrintableText.cut(cells.get(i), widths[i]);
            String blanks = " ".repeat(widths[i] - PrintableText.columns(cell));
            line.append(i == 0 ? "" : " ".repeat(gap));
            line.append(columns.get(shown.get(i)).toTheRight() ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }

    private static int sum(int[] widths) {
        int sum = 0;
        for (int width : widths) {
            sum += width;
        }
        return sum;
    }
}
