package io.millrace.relay.console;

/**
 * A line of the screen.
 *
 * @param text printable, and not wider than the terminal
 */
record ScreenLine(String text, Style style) {
    private static final String END = "\u001b[0m";

    /** How it stands out, by ECMA-48's select graphic rendition. */
    enum Style {
        PLAIN(""),
        HEADING("\u001b[1m"),
        GOOD("\u001b[32m"),
        ALARM("\u001b[1;31m");

        private final String begin;

        Style(String begin) {
            this.begin = begin;
        }
    }

    /** With its style, as far as that needs colours only if there are to be some. */
    String text(boolean coloured) {
        boolean styled = style != Style.PLAIN && (coloured || style == Style.HEADING);
        return styled ? style.begin + text + END : text;
    }
}
