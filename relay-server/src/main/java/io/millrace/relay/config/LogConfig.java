package io.millrace.relay.config;

/**
 * What is logged.
 *
 * @param level the least severe level that is still written
 */
public record LogConfig(Level level) {
    /** From the least to the most that is written. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    static LogConfig bind(Section keys) {
        return new LogConfig(keys.choice("level", Level.INFO));
    }
}
