package io.millrace.relay.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.relay.config.Node.Kind;
import io.millrace.relay.config.Node.Mapping;
import io.millrace.relay.config.Node.Scalar;
import io.millrace.relay.config.Node.Sequence;
import io.millrace.relay.config.Shape.Entries;
import io.millrace.relay.config.Shape.Keys;
import io.millrace.relay.config.Shape.Value;
import io.millrace.srt.crypto.Passphrase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One section while its record is bound: hands out values by key, with the default and the allowed values of each. A
 * value that is not allowed is noted and the default taken instead, so that one pass finds every error; a key that nobody
 * asks for is unknown. What was asked for is the section's {@link Shape}: whoever wants to know what there is to set binds
 * a section that is empty, and looks at that.
 */
final class Section {
    /** YAML knows more ways to write a number (octal, hexadecimal, base 60); each of them surprises somebody. */
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");

    /** Each costs about a nanosecond for every datagram of a stranger. */
    private static final int MAX_ADDRESS_RANGES = 1_000;

    private static final List<String> LIST_OR_NULL = List.of("array", "null");

    private static final Set<Kind> TEXTS = Set.of(Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN);

    private final String path;
    private final Mapping mapping;
    private final Problems problems;
    /** Whether entries are bound as well of lists that are empty, to learn their shape. */
    private final boolean describing;
    /** What was asked for so far. */
    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    private final Set<String> required = new LinkedHashSet<>();
    private boolean sound = true;

    private Section(String path, Mapping mapping, Problems problems, boolean describing) {
        this.path = path;
        this.mapping = mapping;
        this.problems = problems;
        this.describing = describing;
    }

    /** A section in which every key has its default. */
    static Section empty() {
        return new Section("", Mapping.empty(Origin.option("")), new Problems(), false);
    }

    /** Binds a whole tree. */
    static <T> T bind(Mapping root, Problems problems, Function<Section, T> binder) {
        return new Section("", root, problems, false).bind(binder);
    }

    /** What a binder asks for. */
    static Keys shape(Function<Section, ?> binder) {
        Section section = new Section("", Mapping.empty(Origin.option("")), new Problems(), true);
        Object unused = binder.apply(section);
        return section.shape();
    }

    static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    int integer(String key, int defaultValue, int min, int max) {
        return (int) longInteger(key, defaultValue, min, max);
    }

    long longInteger(String key, long defaultValue, long min, long max) {
        Map<String, @Nullable Object> keywords = keywords("type", "integer", "minimum", min, "maximum", max);
        String allowed = "a whole number from " + min + " to " + max;
        return number(key, defaultValue, keywords, allowed, n -> n >= min && n <= max);
    }

    int powerOfTwo(String key, int defaultValue, int min, int max) {
        List<Integer> powers =
                IntStream.iterate(min, n -> n <= max, n -> n * 2).boxed().toList();
        String allowed = "a power of two from " + min + " to " + max;
        return (int) number(
                key,
                defaultValue,
                keywords("enum", powers),
                allowed,
                n -> n >= min && n <= max && Long.bitCount(n) == 1);
    }

    private long number(
            String key,
            long defaultValue,
            Map<String, @Nullable Object> keywords,
            String allowed,
            LongPredicate isAllowed) {
        keywords.put("default", defaultValue);
        know(key, new Value(keywords));
        return scalar(
                key,
                Set.of(Kind.NUMBER),
                defaultValue,
                text -> allowed,
                text -> Optional.of(text)
                        .filter(WHOLE_NUMBER.asMatchPredicate())
                        .map(Long::valueOf)
                        .filter(isAllowed::test));
    }

    boolean flag(String key, boolean defaultValue) {
        know(key, new Value(keywords("type", "boolean", "default", defaultValue)));
        return scalar(key, Set.of(Kind.BOOLEAN), defaultValue, text -> "true, false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    /** One of the constants of an enum, in lower case. */
    <E extends Enum<E>> E choice(String key, E defaultValue) {
        Class<E> type = defaultValue.getDeclaringClass();
        List<String> names = names(type);
        Map<String, @Nullable Object> keywords = keywords("enum", names, "default", name(defaultValue));
        know(key, new Value(keywords));
        return scalar(key, TEXTS, defaultValue, text -> String.join(", ", names), text -> constant(type, text));
    }

    private static <E extends Enum<E>> Optional<E> constant(Class<E> type, String text) {
        return Stream.of(type.getEnumConstants())
                .filter(constant -> name(constant).equals(text))
                .findFirst();
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type) {
        return Stream.of(type.getEnumConstants()).map(Section::name).toList();
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    String text(String key, String defaultValue, TextForm form) {
        return parsed(key, defaultValue, form, Optional::of);
    }

    /** A text whose default is that there is none. */
    @Nullable
    String optionalText(String key, TextForm form) {
        return optional(key, form, Optional::of);
    }

    /** A text with a meaning whose default is that there is none. */
    <T> @Nullable T optional(String key, TextForm form, Function<String, Optional<T>> parse) {
        know(key, new Value(orNull(form.keywords())));
        if (isNothing(mapping.values().get(key))) {
            return null;
        }
        Optional<T> none = Optional.empty();
        return scalar(key, TEXTS, none, form.allowedInPlaceOf(), text -> {
                    Optional<T> parsed = parsed(text, form, parse);
                    return parsed.isPresent() ? Optional.of(parsed) : Optional.empty();
                })
                .orElse(null);
    }

    /** A text with a meaning that must be there. */
    <T> T required(String key, T inPlaceOfARefused, TextForm form, Function<String, Optional<T>> parse) {
        know(key, new Value(new LinkedHashMap<>(form.keywords())));
        required.add(key);
        if (!mapping.values().containsKey(key)) {
            refuse(key, "nothing", form.allowedInPlaceOf().apply(""));
        }
        return scalar(key, TEXTS, inPlaceOfARefused, form.allowedInPlaceOf(), text -> parsed(text, form, parse));
    }

    /** A text with a meaning. Numbers and the like are texts too here: a stream may be called 007. */
    <T> T parsed(String key, T defaultValue, TextForm form, Function<String, Optional<T>> parse) {
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>(form.keywords());
        keywords.put("default", defaultValue.toString());
        know(key, new Value(keywords));
        return scalar(key, TEXTS, defaultValue, form.allowedInPlaceOf(), text -> parsed(text, form, parse));
    }

    private static <T> Optional<T> parsed(String text, TextForm form, Function<String, Optional<T>> parse) {
        return form.fits(text) ? parse.apply(text) : Optional.empty();
    }

    private static boolean isNothing(@Nullable Node value) {
        return value == null || (value instanceof Scalar scalar && scalar.kind() == Kind.NOTHING);
    }

    /** A passphrase of SRT, null by default. */
    @Nullable
    SecretReference passphrase(String key) {
        int min = Passphrase.MIN_BYTES;
        int max = Passphrase.MAX_BYTES;
        String allowed = min + " to " + max + " bytes of UTF-8";
        return secret(key, TextForm.ofBytes(min, max, allowed).where(Section::isPassphrase));
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
        Map<String, @Nullable Object> keywords = keywords("type", LIST_OR_NULL, "maxItems", MAX_ADDRESS_RANGES);
        List<AddressRange> ranges = texts(key, List.of(), AddressRange.FORM, AddressRange::parse, keywords);
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
     * @param form of the secret itself
     */
    @Nullable
    SecretReference secret(String key, TextForm form) {
        know(key, new Value(orNull(SecretReference.keywords(form))));
        @Nullable Node value = mapping.values().get(key);
        if (value == null || isNothing(value)) {
            return null;
        }
        String allowed = form.allowedInPlaceOf().apply("");
        if (!(value instanceof Scalar scalar)) {
            refuse(key, value.shown(), allowed);
            return null;
        }
        SecretReference reference = SecretReference.of(scalar.text());
        String allowedHere = allowed + ", as it is or as env:NAME or file:/path";
        try {
            String secret = reference.value();
            if (!form.fits(secret)) {
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
    <T> List<T> texts(String key, List<T> defaultValue, TextForm form, Function<String, Optional<T>> parse) {
        return texts(key, defaultValue, form, parse, keywords("type", LIST_OR_NULL));
    }

    /** @param keywords what JSON schema says of the list beside its entries */
    private <T> List<T> texts(
            String key,
            List<T> defaultValue,
            TextForm form,
            Function<String, Optional<T>> parse,
            Map<String, @Nullable Object> keywords) {
        keywords.put("default", defaultValue.stream().map(Section::written).toList());
        know(key, new Entries(new Value(new LinkedHashMap<>(form.keywords())), keywords));
        @Nullable Node value = mapping.values().get(key);
        if (value == null || isNothing(value)) {
            return defaultValue;
        }
        if (!(value instanceof Sequence sequence)) {
            refuse(
                    key,
                    value.shown(),
                    "a list, each entry " + form.allowedInPlaceOf().apply(""));
            return defaultValue;
        }
        List<T> parsed = new ArrayList<>();
        for (Node item : sequence.items()) {
            Optional<T> entry = item instanceof Scalar scalar && scalar.kind() != Kind.NOTHING
                    ? parsed(scalar.text(), form, parse)
                    : Optional.empty();
            if (entry.isEmpty()) {
                sound = false;
                String allowed = allowed(item, form.allowedInPlaceOf());
                problems.add(item.origin(), child(path, key), "found " + item.shown(), allowed);
            }
            entry.ifPresent(parsed::add);
        }
        return parsed;
    }

    private static String written(Object entry) {
        return entry instanceof Enum<?> constant && constant.toString().equals(constant.name())
                ? name(constant)
                : entry.toString();
    }

    /** A list of constants of an enum, in lower case, each at most once. */
    <E extends Enum<E>> List<E> choices(String key, List<E> defaultValue, Class<E> type) {
        List<String> names = names(type);
        String allowed = String.join(", ", names);
        List<E> chosen = texts(
                key,
                defaultValue,
                TextForm.oneOf(names, "one of " + allowed),
                text -> constant(type, text),
                keywords("type", LIST_OR_NULL, "uniqueItems", true));
        if (Set.copyOf(chosen).size() < chosen.size()) {
            refuse(key, "an entry twice", "each of " + allowed + " at most once");
        }
        return chosen;
    }

    private <T> T scalar(
            String key,
            Set<Kind> kinds,
            T defaultValue,
            Function<String, String> allowedInPlaceOf,
            Function<String, Optional<T>> parse) {
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
        Section section = item(mapping.values().get(key), child(path, key));
        T bound = section.bind(binder);
        know(key, section.shape());
        return bound;
    }

    /** A list of sections, which may be empty and is so by default. */
    <T> List<T> sections(String key, Function<Section, T> binder) {
        @Nullable Node value = mapping.values().get(key);
        boolean empty = isNothing(value)
                || (value instanceof Sequence sequence && sequence.items().isEmpty());
        if (!empty) {
            return list(key, binder);
        }
        Section example = item(null, child(path, key) + "[0]");
        if (describing) {
            example.bind(binder);
        }
        know(key, new Entries(example.shape(), keywords("type", LIST_OR_NULL, "default", List.of())));
        return List.of();
    }

    /** A list of sections, one or more; without the key it is one section in which every key has its default. */
    <T> List<T> list(String key, Function<Section, T> binder) {
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
            Section section = item(item, child(path, key) + "[" + bound.size() + "]");
            bound.add(section.bind(binder));
            know(key, new Entries(section.shape(), keywords("type", "array", "minItems", 1)));
        }
        return bound;
    }

    private Section item(@Nullable Node value, String itemPath) {
        if (value instanceof Mapping section) {
            return new Section(itemPath, section, problems, describing);
        }
        if (value != null) {
            sound = false;
            problems.add(value.origin(), itemPath, "found " + value.shown(), "keys with values");
        }
        return new Section(itemPath, Mapping.empty(mapping.origin()), problems, describing);
    }

    private <T> T bind(Function<Section, T> binder) {
        T bound = binder.apply(this);
        mapping.values().forEach((key, value) -> {
            if (!shapes.containsKey(key)) {
                problems.addUnknownKey(value.origin(), path, key, shapes.keySet());
            }
        });
        return bound;
    }

    private Keys shape() {
        return new Keys(shapes, required);
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

    private void know(String key, Shape shape) {
        shapes.put(key, shape);
        problems.know(child(path, key));
    }

    /** @param namesAndValues in turn */
    private static Map<String, @Nullable Object> keywords(Object... namesAndValues) {
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            keywords.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return keywords;
    }

    /** The same for a value that may be null, and is so by default. */
    private static Map<String, @Nullable Object> orNull(Map<String, Object> keywords) {
        Map<String, @Nullable Object> nullable = new LinkedHashMap<>(keywords);
        nullable.computeIfPresent("type", (name, type) -> withNull(type));
        nullable.put("default", null);
        return nullable;
    }

    private static List<Object> withNull(Object type) {
        List<Object> types = new ArrayList<>(type instanceof List<?> several ? several : List.of(type));
        types.add("null");
        return types;
    }
}
