package io.millrace.relay.config;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a text of the configuration must be written. The pattern is looked at when the text is bound and is what the JSON
 * schema has of it, so an editor never complains of what the relay takes; what no pattern can say is left to the predicate.
 *
 * @param pattern of the whole text, in what Java and ECMAScript have in common
 * @param values the only ones that there are; empty for any that fits the pattern
 * @param isAllowed of a text that fits the pattern
 * @param allowedInPlaceOf says what may be there, knowing what was found
 */
record TextForm(
        Pattern pattern, List<String> values, Predicate<String> isAllowed, Function<String, String> allowedInPlaceOf) {
    /** A text that prints on one line, without bounds of its own: no control characters and no separators of lines. */
    static final String CLEAN = "[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]";

    /** Like this, and nothing else about it. */
    static TextForm of(String regex, String allowed) {
        return new TextForm(Pattern.compile(regex), List.of(), text -> true, text -> allowed);
    }

    /** One of a few words. */
    static TextForm oneOf(List<String> words, String allowed) {
        String regex = words.stream().map(Pattern::quote).collect(joining("|"));
        return new TextForm(Pattern.compile(regex), List.copyOf(words), text -> true, text -> allowed);
    }

    /**
     * Any text of so many bytes of UTF-8. The pattern counts characters, of which one has up to four bytes.
     *
     * @param max {@link Integer#MAX_VALUE} for no bound
     */
    static TextForm ofBytes(int min, int max, String allowed) {
        String most = max == Integer.MAX_VALUE ? "" : String.valueOf(max);
        String ascii = "[\\u0000-\\u007f]{" + min + "," + most + "}";
        String other = "(?=[\\s\\S]*[^\\u0000-\\u007f])[\\s\\S]{" + (min + 3) / 4 + "," + most + "}";
        return of(ascii + "|" + other, allowed).where(text -> {
            int bytes = Section.utf8Bytes(text);
            return bytes >= min && bytes <= max;
        });
    }

    /** The same with one condition more. */
    TextForm where(Predicate<String> condition) {
        return new TextForm(pattern, values, isAllowed.and(condition), allowedInPlaceOf);
    }

    /** The same with other words for what is allowed. */
    TextForm said(String allowed) {
        return said(text -> allowed);
    }

    /** @param allowedInPlaceOf knows what was found */
    TextForm said(Function<String, String> allowedInPlaceOf) {
        return new TextForm(pattern, values, isAllowed, allowedInPlaceOf);
    }

    boolean fits(String text) {
        return pattern.matcher(text).matches() && isAllowed.test(text);
    }

    /** What JSON schema says of such a text. YAML takes some of them for numbers or true and false, as in a name of 007. */
    Map<String, Object> keywords() {
        Map<String, Object> keywords = new LinkedHashMap<>();
        if (!values.isEmpty()) {
            keywords.put("enum", values);
            return keywords;
        }
        // Whether it may be, or begin like, a word of letters: then nothing keeps it from being "true" or a number.
        Matcher word = pattern.matcher("true");
        boolean bare = word.matches() || word.hitEnd();
        keywords.put("type", bare ? List.of("string", "number", "boolean") : "string");
        keywords.put("pattern", "^(?:" + pattern.pattern() + ")$");
        return keywords;
    }
}
