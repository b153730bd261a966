package io.millrace.srt;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Spares a fuzz test Jazzer's instrumentation where it only replays the committed inputs: that takes no time, and the
 * instrumentation a third of the module's whole test run. With {@code JAZZER_FUZZ=1} in the environment it stays.
 */
public final class ReplayWithoutInstrumentation implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        if (System.getenv("JAZZER_FUZZ") == null) {
            System.setProperty("jazzer.hooks", "false");
        }
    }
}
