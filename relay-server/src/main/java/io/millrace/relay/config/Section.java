package io.millrace.relay.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.relay.config.Node.Kind;
import io.millrace.relay.config.Node.Mapping;
import io.millrace.relay.config.Node.Scalar;
import io.millrace.relay.config.Node.Sequence;
import io.millrace.srt.crypto.Passphrase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One section while its record is bound: hands out values by key, with the default and the allowed values of each. A
 * value that is not allowed is noted and the default taken instead, so that one pass finds every error; a key that nobody
 * asks for is unknown.
 */
final class Section {
    /** YAML knows more ways to write a number (octal, hexadecimal, base 60); each of them surprises somebody. */
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");

    /** Each costs about a nanosecond for every datagram of a stranger. */
    private static final int MAX_ADDRESS_RANGES = 1_000;

    private static final Set<Kind> TEXTS = Set.of(Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN);

    private final String path;
    private final Mapping mapping;
    private final Problems problems;
    private final Set<String> asked = new LinkedHashSet<>();
    private boolean sound = true;

    private Section(String path, Mapping mapping, Problems problems) {
        this.path = path;
        this.mapping = mapping;
        this.problems = problems;
    }

    /** A section in which every key has its default. */
    static Section empty() {
        return new Section("", Mapping.empty(Origin.option("")), new Problems());
    }

    /** Binds a whole tree. */
    static <T> T bind(Mapping root, Problems problems, Function<Section, T> binder) {
        return new Section("", root, problems).bind(binder);
    }

    static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    int integer(String key, int defaultValue, int min, int max) {
        return (int) longInteger(key, defaultValue, min, max);
    }

    long longInteger(String key, long defaultValue, long min, long max) {
        return number(key, defaultValue, "a whole number from " + min + " to " + max, n -> n >= min && n <= max);
    }

    int powerOfTwo(String key, int defaultValue, int min, int max) {
        String allowed = "a power of two from " + min + " to " + max;
        return (int) number(key, defaultValue, allowed, n -> n >= min && n <= max && Long.bitCount(n) == 1);
    }

    private long number(String key, long defaultValue, String allowed, Predicate<Long> isAllowed) {
        return scalar(
                key,
                Set.of(Kind.NUMBER),
                defaultValue,
                text -> allowed,
                text -> Optional.of(text)
                        .filter(WHOLE_NUMBER.asMatchPredicate())
                        .map(Long::valueOf)
                        .filter(isAllowed));
    }

    boolean flag(String key, boolean defaultValue) {
        return scalar(key, Set.of(Kind.BOOLEAN), defaultValue, text -> "true, false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    /** One of the constants of an enum, in lower case. */
    <E extends Enum<E>> E choice(String key, E defaultValue) {
        E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
        String allowed = Stream.of(constants).map(Section::name).collect(Collectors.joining(", "));
        return parsed(
                key,
                defaultValue,
                text -> Stream.of(constants)
                        .filter(constant -> name(constant).equals(text))
                        .findFirst(),
                allowed);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    String text(String key, String defaultValue, Predicate<String> isAllowed, String allowed) {
        return parsed(key, defaultValue, text -> Optional.of(text).filter(isAllowed), allowed);
    }

    /** A text whose default is that there is none. */
    @Nullable
    String optionalText(String key, Predicate<String> isAllowed, String allowed) {
        return optional(key, text -> Optional.of(text).filter(isAllowed), allowed);
    }

    /** A text with a meaning whose default is that there is none. */
    <T> @Nullable T optional(String key, Function<String, Optional<T>> parse, String allowed) {
        return optional(key, parse, text -> allowed);
    }

    /** @param allowedInPlaceOf says what may be there, knowing what was found */
    <T> @Nullable T optional(
            String key, Function<String, Optional<T>> parse, Function<String, String> allowedInPlaceOf) {
        know(key);
        if (isNothing(mapping.values().get(key))) {
            return null;
        }
        Optional<T> none = Optional.empty();
        return scalar(key, TEXTS, none, allowedInPlaceOf, text -> {
                    Optional<T> parsed = parse.apply(text);
                    return parsed.isPresent() ? Optional.of(parsed) : Optional.empty();
                })
                .orElse(null);
    }

    /** A text with a meaning that must be there. */
    <T> T required(String key, T inPlaceOfARefused, Function<String, Optional<T>> parse, String allowed) {
        if (!mapping.values().containsKey(key)) {
            know(key);
            refuse(key, "nothing", allowed);
        }
        return parsed(key, inPlaceOfARefused, parse, allowed);
    }

    private static boolean isNothing(@Nullable Node value) {
        return value == null || (value instanceof Scalar scalar && scalar.kind() == Kind.NOTHING);
    }

    /** A passphrase of SRT, null by default. */
    @Nullable
    SecretReference passphrase(String key) {
        return secret(
                key, Section::isPassphrase, Passphrase.MIN_BYTES + " to " + Passphrase.MAX_BYTES + " bytes of UTF-8");
    }

    private static boolean isPassphrase(String text) {
        try {
            Passphrase.of(text).wipe();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static int utf8Bytes(String text) {
        return text.getBytes(UTF_8).length;
    }

    /** A list of address ranges, empty by default and not longer than what each caller's address may be held against. */
    List<AddressRange> addressRanges(String key) {
        List<AddressRange> ranges = texts(key, List.of(), AddressRange::parse, AddressRange::allowedInPlaceOf);
        if (ranges.size() > MAX_ADDRESS_RANGES) {
            refuse(
                    key,
                    ranges.size() + " addresses and ranges",
                    "at most " + MAX_ADDRESS_RANGES
                            + " of them, since every caller is compared with each; leave longer lists to a firewall");
        }
        return ranges;
    }

    /**
     * A secret, null by default. It is looked up now, so that a missing one stops the start; no error shows it.
     *
     * @param isAllowed of the secret itself
     */
    @Nullable
    SecretReference secret(String key, Predicate<String> isAllowed, String allowed) {
        know(key);
        @Nullable Node value = mapping.values().get(key);
        if (value == null || isNothing(value)) {
            return null;
        }
        if (!(value instanceof Scalar scalar)) {
            refuse(key, value.shown(), allowed);
            return null;
        }
        SecretReference reference = SecretReference.of(scalar.text());
        String allowedHere = allowed + ", as it is or as env:NAME or file:/path";
        try {
            String secret = reference.value();
            if (!isAllowed.test(secret)) {
                refuse(key, reference + ", a text of " + utf8Bytes(secret) + " bytes", allowedHere);
                return null;
            }
        } catch (IOException e) {
            refuse(key, reference + ", but " + e.getMessage(), allowedHere);
            return null;
        }
        return reference;
    }

    /** A list of texts, which may be empty. */
    <T> List<T> texts(String key, List<T> defaultValue, Function<String, Optional<T>> parse, String allowed) {
        return texts(key, defaultValue, parse, text -> allowed);
    }

    private <T> List<T> texts(
            String key,
            List<T> defaultValue,
            Function<String, Optional<T>> parse,
            Function<String, String> allowedInPlaceOf) {
        know(key);
        @Nullable Node value = mapping.values().get(key);
        if (value == null || isNothing(value)) {
            return defaultValue;
        }
        if (!(value instanceof Sequence sequence)) {
            refuse(key, value.shown(), "a list, each entry " + allowedInPlaceOf.apply(""));
            return defaultValue;
        }
        List<T> parsed = new ArrayList<>();
        for (Node item : sequence.items()) {
            Optional<T> entry = item instanceof Scalar scalar && scalar.kind() != Kind.NOTHING
                    ? parse.apply(scalar.text())
                    : Optional.empty();
            if (entry.isEmpty()) {
                sound = false;
                problems.add(item.origin(), child(path, key), "found " + item.shown(), allowed(item, allowedInPlaceOf));
            }
            entry.ifPresent(parsed::add);
        }
        return parsed;
    }

    /** A list of constants of an enum, in lower case, each at most once. */
    <E extends Enum<E>> List<E> choices(String key, List<E> defaultValue, Class<E> type) {
        String allowed = Stream.of(type.getEnumConstants()).map(Section::name).collect(Collectors.joining(", "));
        List<E> chosen = texts(
                key,
                defaultValue,
                text -> Stream.of(type.getEnumConstants())
                        .filter(constant -> name(constant).equals(text))
                        .findFirst(),
                "one of " + allowed);
        if (Set.copyOf(chosen).size() < chosen.size()) {
            refuse(key, "an entry twice", "each of " + allowed + " at most once");
        }
        return chosen;
    }

    /** A text with a meaning. Numbers and the like are texts too here: a stream may be called 007. */
    <T> T parsed(String key, T defaultValue, Function<String, Optional<T>> parse, String allowed) {
        return scalar(key, TEXTS, defaultValue, text -> allowed, parse);
    }

    private <T> T scalar(
            String key,
            Set<Kind> kinds,
            T defaultValue,
            Function<String, String> allowedInPlaceOf,
            Function<String, Optional<T>> parse) {
        know(key);
        @Nullable Node value = mapping.values().get(key);
        if (value == null) {
            return defaultValue;
        }
        Optional<T> parsed = value instanceof Scalar scalar && kinds.contains(scalar.kind())
                ? parse.apply(scalar.text())
                : Optional.empty();
        if (parsed.isEmpty()) {
            refuse(key, value.shown(), allowed(value, allowedInPlaceOf));
        }
        return parsed.orElse(defaultValue);
    }

    private static String allowed(Node found, Function<String, String> allowedInPlaceOf) {
        return allowedInPlaceOf.apply(found instanceof Scalar scalar ? scalar.text() : "");
    }

    <T> T section(String key, Function<Section, T> binder) {
        know(key);
        return bindItem(mapping.values().get(key), child(path, key)).bind(binder);
    }

    /** A list of sections, which may be empty and is so by default. */
    <T> List<T> sections(String key, Function<Section, T> binder) {
        @Nullable Node value = mapping.values().get(key);
        boolean empty = isNothing(value)
                || (value instanceof Sequence sequence && sequence.items().isEmpty());
        if (empty) {
            know(key);
            return List.of();
        }
        return list(key, binder);
    }

    /** A list of sections, one or more; without the key it is one section in which every key has its default. */
    <T> List<T> list(String key, Function<Section, T> binder) {
        know(key);
        @Nullable Node value = mapping.values().get(key);
        List<@Nullable Node> items = new ArrayList<>();
        if (value instanceof Sequence sequence && !sequence.items().isEmpty()) {
            items.addAll(sequence.items());
        } else {
            if (value != null) {
                refuse(key, value.shown(), "a list with at least one entry");
            }
            items.add(null);
        }
        List<T> bound = new ArrayList<>();
        for (@Nullable Node item : items) {
            bound.add(
                    bindItem(item, child(path, key) + "[" + bound.size() + "]").bind(binder));
        }
        return bound;
    }

    private Section bindItem(@Nullable Node value, String itemPath) {
        if (value instanceof Mapping section) {
            return new Section(itemPath, section, problems);
        }
        if (value != null) {
            sound = false;
            problems.add(value.origin(), itemPath, "found " + value.shown(), "keys with values");
        }
        return new Section(itemPath, Mapping.empty(mapping.origin()), problems);
    }

    private <T> T bind(Function<Section, T> binder) {
        T bound = binder.apply(this);
        mapping.values().forEach((key, value) -> {
            if (!asked.contains(key)) {
                problems.addUnknownKey(value.origin(), path, key, asked);
            }
        });
        return bound;
    }

    /** Whether nothing was refused so far. */
    boolean isSound() {
        return sound;
    }

    void refuse(String key, String found, String allowed) {
        sound = false;
        @Nullable Node value = mapping.values().get(key);
        Origin origin = value == null ? mapping.origin() : value.origin();
        problems.add(origin, child(path, key), "found " + found, allowed);
    }

    private void know(String key) {
        asked.add(key);
        problems.know(child(path, key));
    }
}
