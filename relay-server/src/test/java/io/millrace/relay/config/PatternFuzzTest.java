package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class PatternFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void anyTextIsARangeThatPrintsToItselfOrIsNone(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();

        AddressRange.parse(text)
                .ifPresent(range ->
                        assertThat(AddressRange.parse(range.toString())).contains(range));
        assertThat(AddressRange.allowedInPlaceOf(text)).isNotBlank();
    }

    @FuzzTest(maxDuration = "5s")
    void anyGlobFitsAnyNameOrNot(FuzzedDataProvider data) {
        String pattern = data.consumeString(Glob.MAX_LENGTH);
        String name = data.consumeRemainingAsString();

        Glob.parse(pattern).ifPresent(glob -> {
            boolean fits = glob.matches(name);
            if (!pattern.contains("*")) {
                assertThat(fits).isEqualTo(pattern.equals(name));
            }
            assertThat(glob.matches(pattern)).isTrue();
        });
    }
}
