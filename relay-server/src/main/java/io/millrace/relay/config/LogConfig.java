package io.millrace.relay.config;

/**
 * What is logged.
 *
 * @param level the least severe level that is still written
 * @param format how it is written
 */
public record LogConfig(Level level, Format format) {
    /** From the least to the most that is written. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    /** How messages are written. */
    public enum Format {
        /** A line each, for people. */
        TEXT,
        /** A JSON object in a line each, for programs. */
        JSON
    }

    static LogConfig bind(Section keys) {
        return new LogConfig(keys.choice("level", Level.INFO), keys.choice("format", Format.TEXT));
    }
}
