package io.millrace.relay.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds blanks around passphrases: allowed by SRT, and mostly left there by a copy or an editor. */
final class PassphraseWarnings {
    private final List<String> lines = new ArrayList<>();

    private PassphraseWarnings() {}

    static List<String> of(RelayConfig config) {
        PassphraseWarnings warnings = new PassphraseWarnings();
        for (int i = 0; i < config.listeners().size(); i++) {
            ListenerConfig listener = config.listeners().get(i);
            String path = "listeners[" + i + "]";
            warnings.check(path, listener.passphrase());
            for (int j = 0; j < listener.withoutStreamId().size(); j++) {
                warnings.check(
                        path + ".withoutStreamId[" + j + "]",
                        listener.withoutStreamId().get(j).passphrase());
            }
        }
        List<AccessRuleConfig> rules = config.access().rules();
        for (int i = 0; i < rules.size(); i++) {
            warnings.check("access.rules[" + i + "]", rules.get(i).passphrase());
        }
        return List.copyOf(warnings.lines);
    }

    private void check(String path, @Nullable SecretReference passphrase) {
        if (passphrase != null && hasOuterBlank(passphrase)) {
            lines.add(path + ".passphrase begins or ends with a blank; remove it if it was not meant");
        }
    }

    private static boolean hasOuterBlank(SecretReference passphrase) {
        try {
            String text = passphrase.value();
            return !text.strip().equals(text);
        } catch (IOException e) {
            // It could be read when the configuration was loaded; who needs it says what is wrong now.
            return false;
        }
    }
}
