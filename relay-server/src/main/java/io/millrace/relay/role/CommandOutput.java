package io.millrace.relay.role;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.relay.log.LogField;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what a command says to the log: enough of it to find a fault by. The rest is read and forgotten. */
final class CommandOutput implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandOutput.class);
    private static final int MOST_LINES = 40;
    private static final int LONGEST_LINE = 500;

    private final String role;
    private final InputStream output;
    private final StringBuilder line = new StringBuilder();
    private int lines;

    CommandOutput(String role, InputStream output) {
        this.role = role;
        this.output = output;
    }

    /** Returns when the output has ended. */
    @Override
    public void run() {
        char[] some = new char[1024];
        try (Reader reader = new InputStreamReader(output, UTF_8)) {
            for (int length = reader.read(some); length >= 0; length = reader.read(some)) {
                for (int i = 0; i < length; i++) {
                    take(some[i]);
                }
            }
        } catch (IOException e) {
            LOG.debug("role {}: its command's output broke off", role, e);
        }
        endLine();
    }

    private void take(char next) {
        if (next == '\n') {
            endLine();
        } else if (line.length() < LONGEST_LINE) {
            line.append(Character.isISOControl(next) ? ' ' : next);
        }
    }

    private void endLine() {
        String text = line.toString().strip();
        line.setLength(0);
        if (!text.isEmpty() && lines < MOST_LINES) {
            lines++;
            LOG.atInfo().addKeyValue(LogField.LISTENER, role).log("role {}: its command says: {}", role, text);
        }
    }
}
