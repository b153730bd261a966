package io.millrace.relay.config;

/** Makes text from anywhere safe to print: control characters are escaped, long text is cut. */
final class OneLine {
    private static final int SHOWN = 60;
    /** What a decoder leaves in place of broken bytes. */
    private static final int REPLACEMENT = 0xfffd;

    private OneLine() {}

    static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                line.append("\\n");
            } else if (isInvisible(c)) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    /** The start of a text that has no bound of its own. */
    static String cut(String text) {
        return text.codePointCount(0, text.length()) <= SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "...";
    }

    /** Whether a text is clean already: nothing in it controls, breaks the line or is half a character. */
    static boolean isClean(String text) {
        return text.codePoints().noneMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            default -> c == REPLACEMENT;
        });
    }

    /** Also what reverses the writing direction or breaks lines without being a control character. */
    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
