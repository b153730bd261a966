package io.millrace.relay.config;

/**
 * One thing that is wrong with a configuration, and what would be right.
 *
 * @param source the file, the variable of the environment, or the option of the command line
 * @param line line in the file, from 1; 0 when there is none to name
 * @param path key with all that is above it, such as {@code listeners[0].port}; empty for the file as a whole
 * @param problem what was found
 * @param allowed what may be there
 */
public record ConfigurationError(String source, int line, String path, String problem, String allowed) {
    /** The error as one line for people: {@code FILE:LINE: KEY.PATH: found VALUE; allowed: WHAT}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(source);
        if (line > 0) {
            text.append(':').append(line);
        }
        if (!path.isEmpty()) {
            text.append(": ").append(path);
        }
        return OneLine.of(text.append(": ") + problem + "; allowed: " + allowed);
    }
}
