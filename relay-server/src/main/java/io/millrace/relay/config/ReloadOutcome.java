package io.millrace.relay.config;

import java.util.List;

/**
 * What came of reading the configuration again.
 *
 * @param errors what is wrong with it; then nothing was changed
 * @param changed keys that have another value than before, and apply from now on
 * @param needRestart keys that have another value than at the start, and apply after the next one
 */
public record ReloadOutcome(List<ConfigurationError> errors, List<String> changed, List<String> needRestart) {
    public ReloadOutcome {
        errors = List.copyOf(errors);
        changed = List.copyOf(changed);
        needRestart = List.copyOf(needRestart);
    }

    /** Nothing was changed, for these reasons. */
    public static ReloadOutcome refused(List<ConfigurationError> errors) {
        return new ReloadOutcome(errors, List.of(), List.of());
    }

    public boolean applied() {
        return errors.isEmpty();
    }
}
