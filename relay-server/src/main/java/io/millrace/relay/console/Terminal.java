package io.millrace.relay.console;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that standard output is, by its size. Java has no way to ask for that, so stty is asked, which every Unix
 * has; elsewhere there is none, and output is as for a file.
 */
record Terminal(int rows, int columns) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})\\s*");
    private static final int USUAL_ROWS = 24;
    private static final int USUAL_COLUMNS = 80;
    private static final int PATIENCE_SECONDS = 2;

    /** As it is now; null if standard output is a file or a pipe. */
    static @Nullable Terminal ofStandardOutput() {
        try {
            // stty looks at its standard input, so that is made of our standard output; and its answer comes on the
            // other.
            Process stty = new ProcessBuilder("sh", "-c", "stty size <&1 >&2")
                    .redirectInput(Redirect.PIPE)
                    .redirectOutput(Redirect.INHERIT)
                    .start();
            stty.getOutputStream().close();
            if (!stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return null;
            }
            String answer = new String(stty.getErrorStream().readNBytes(100), StandardCharsets.US_ASCII);
            return stty.exitValue() == 0 ? of(answer) : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** By rows and columns as stty prints them; those that it doesn't know are as usual. */
    static Terminal of(String size) {
        Matcher numbers = SIZE.matcher(size);
        int rows = numbers.matches() ? Integer.parseInt(numbers.group(1)) : 0;
        int columns = numbers.matches() ? Integer.parseInt(numbers.group(2)) : 0;
        return new Terminal(rows == 0 ? USUAL_ROWS : rows, columns == 0 ? USUAL_COLUMNS : columns);
    }
}
