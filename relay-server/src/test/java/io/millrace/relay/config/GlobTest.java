package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "live, live",
        "live/*, live/a",
        "live/*, live/",
        "*, live",
        "*a*, banana",
        "*/cam?, live/cam?",
        "**, a/b/c",
        "***, a/b/c",
        "live/**, live/a/b",
        "**/cam, a/b/cam",
        "**cam, cam",
        "a**b*c, a/x/b/yc-bc",
        "a**b*c, abc",
        "*/*, a/b",
        "[a-z], [a-z]",
        "a.c, a.c",
        "{a;b}$, {a;b}$",
        "\u4e2d*, \u4e2d\u56fd",
    })
    void fits(String glob, String name) {
        assertThat(glob(glob).matches(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "live, lively",
        "live, alive",
        "live, Live",
        "live, ''",
        "live/*, live",
        "live/*, live/a/b",
        "live/**, live",
        "*, a/b",
        "*/*, a",
        "*/*, a/b/c",
        "a**b*c, a/x/b/y/c",
        "a.c, abc",
        "[a-z], b",
        "cam?, cam1",
    })
    void doesNotFit(String glob, String name) {
        assertThat(glob(glob).matches(name)).isFalse();
    }

    @Test
    void asterisksFitNothingToo() {
        assertThat(glob("*").matches("")).isTrue();
        assertThat(Glob.EVERYTHING.matches("")).isTrue();
    }

    @Test
    void fitsWhatTheSameRegularExpressionFits() {
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            String glob = text(random, "ab/*", 1 + random.nextInt(8));
            String name = text(random, "ab/", random.nextInt(10));
            String regex = glob.replaceAll("\\*{2,}", "#").replace("*", "[^/]*").replace("#", ".*");

            assertThat(glob(glob).matches(name)).as("%s on %s", glob, name).isEqualTo(Pattern.matches(regex, name));
        }
    }

    private static String text(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*a", "**a", "*a**a", "a*a/**"})
    void hostileNameTakesNoLongerThanBothLengths(String part) {
        Glob glob = glob(part.repeat(Glob.MAX_LENGTH / part.length()));

        // What tries one way after the other would not be through within the age of the universe.
        assertTimeout(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 10; i++) {
                assertThat(glob.matches("a".repeat(256) + "b")).isFalse();
                assertThat(glob.matches("a/".repeat(128) + "b")).isFalse();
            }
        });
    }

    @Test
    void patternIsVisibleTextOfBoundedLength() {
        assertThat(Glob.parse("")).isEmpty();
        assertThat(Glob.parse(" ")).isEmpty();
        assertThat(Glob.parse("a\nb")).isEmpty();
        assertThat(Glob.parse("a\u2028b")).isEmpty();
        assertThat(Glob.parse("a".repeat(512))).isPresent();
        assertThat(Glob.parse("a".repeat(513))).isEmpty();
    }

    @Test
    void printedFormIsTheWrittenOne() {
        assertThat(glob("live/***")).hasToString("live/***").isEqualTo(glob("live/***"));
    }

    private static Glob glob(String text) {
        return Glob.parse(text).orElseThrow();
    }
}
