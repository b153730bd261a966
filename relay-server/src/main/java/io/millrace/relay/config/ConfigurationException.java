package io.millrace.relay.config;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** A configuration that can't be used. It knows all that is wrong with it, so that it can be put right at once. */
public final class ConfigurationException extends Exception {
    private final transient List<ConfigurationError> errors;

    ConfigurationException(List<ConfigurationError> errors) {
        super(errors.stream().map(ConfigurationError::toString).collect(joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** In the order of the file, then of the environment and the command line; never empty. */
    public List<ConfigurationError> errors() {
        return errors;
    }
}
