package io.millrace.relay.console;

import java.util.ArrayList;
import java.util.List;

/**
 * Text from elsewhere as a terminal may have it: on one line, and without what moves the cursor, changes colours or turns
 * the direction of writing. Widths are columns of a terminal; most letters take one, East Asian ones and emoji two.
 */
final class PrintableText {
    private static final int MAX_MARKS = 2;
    private static final String CUT = "…";

    private PrintableText() {}

    /** The text with a question mark in place of everything that is not to be seen, and letters with few marks on them. */
    static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        int marks = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            marks = isMark(codePoint) ? marks + 1 : 0;
            if (marks <= MAX_MARKS) {
                printable.appendCodePoint(isVisible(codePoint) ? codePoint : '?');
            }
        }
        return printable.toString();
    }

    /** How many columns a printable text takes. */
    static int columns(String text) {
        return text.codePoints().map(PrintableText::columns).sum();
    }

    /** A printable text, or as much of its beginning as fits with an ellipsis. */
    static String cut(String text, int columns) {
        if (columns(text) <= columns) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int left = columns - 1;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            left -= columns(codePoint);
            if (left < 0) {
                break;
            }
            cut.appendCodePoint(codePoint);
            i += Character.charCount(codePoint);
        }
        return columns < 1 ? "" : cut.append(CUT).toString();
    }

    /** A printable text in lines that fit, broken at blanks. */
    static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String fitting = cut(word, columns);
            if (!line.isEmpty() && columns(line.toString()) + 1 + columns(fitting) > columns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(fitting);
        }
        lines.add(line.toString());
        return lines;
    }

    private static int columns(int codePoint) {
        return isMark(codePoint) ? 0 : isWide(codePoint) ? 2 : 1;
    }

    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /** Unicode's East Asian Width, wide and full, by and large. */
    private static boolean isWide(int codePoint) {
        return isIn(codePoint, 0x1100, 0x115f)
                || isIn(codePoint, 0x2e80, 0x303e)
                || isIn(codePoint, 0x3041, 0xa4cf)
                || isIn(codePoint, 0xac00, 0xd7a3)
                || isIn(codePoint, 0xf900, 0xfaff)
                || isIn(codePoint, 0xfe30, 0xfe6f)
                || isIn(codePoint, 0xff00, 0xff60)
                || isIn(codePoint, 0xffe0, 0xffe6)
                || isIn(codePoint, 0x1f300, 0x1faff)
                || isIn(codePoint, 0x20000, 0x3fffd);
    }

    private static boolean isIn(int codePoint, int first, int last) {
        return codePoint >= first && codePoint <= last;
    }
}
