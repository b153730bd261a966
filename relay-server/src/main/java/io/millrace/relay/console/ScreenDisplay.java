package io.millrace.relay.console;

import java.io.PrintWriter;
import java.util.List;

/** The terminal's second screen, drawn anew each time; what was on it before is there again at the end. */
final class ScreenDisplay implements WatchDisplay {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[0m\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String ERASE_REST_OF_LINE = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";

    private final PrintWriter out;
    private final WatchScreen screen;
    private final boolean coloured;
    private Terminal terminal;

    /** @param terminal as it is now */
    ScreenDisplay(PrintWriter out, WatchScreen screen, Terminal terminal, boolean coloured) {
        this.out = out;
        this.screen = screen;
        this.terminal = terminal;
        this.coloured = coloured;
        out.print(ENTER);
        out.flush();
    }

    @Override
    public void show(Observation observation) {
        Terminal now = Terminal.ofStandardOutput();
        if (now != null) {
            terminal = now;
        }
        List<ScreenLine> lines = screen.lines(observation, terminal);
        StringBuilder frame = new StringBuilder(HOME);
        for (int i = 0; i < lines.size(); i++) {
            // No line break after the last: on the last row it would scroll.
            frame.append(i == 0 ? "" : "\r\n")
                    .append(lines.get(i).text(coloured))
                    .append(ERASE_REST_OF_LINE);
        }
        out.print(frame.append(ERASE_BELOW));
        out.flush();
    }

    @Override
    public void close() {
        out.print(LEAVE);
        out.flush();
    }
}
