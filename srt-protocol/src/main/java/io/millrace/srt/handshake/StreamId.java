package io.millrace.srt.handshake;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stream id in the standard syntax: keys and their values, in their order. draft-sharabayko-srt Appendix B.
 *
 * <pre>
 * #!::u=admin,r=live/cam1,m=publish       a flat list
 * #!:{r=live/cam1,auth={user=bob}}        nested blocks; the inner key is "auth.user" here
 * </pre>
 *
 * <p>The syntax has no escape: a pair is split at its first '=', and a value ends at the next comma. A piece without
 * '=' is kept as a key without a value, so that one odd piece does not cost a caller its connection. Of a key that comes
 * twice, the first counts. Values are what the caller sent, control characters and secrets too.
 */
public final class StreamId {
    /** Longest stream id that SRT carries, in bytes of UTF-8. */
    public static final int MAX_BYTES = 512;

    static final int MAX_KEYS = 64;
    static final int MAX_DEPTH = 8;

    private static final String FLAT = "#!::";
    private static final String NESTED = "#!:{";

    private final Map<String, String> values;

    private StreamId(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /**
     * A stream id to send.
     *
     * @throws IllegalArgumentException where the syntax cannot express these keys and values, or not in
     *     {@value #MAX_BYTES} bytes
     */
    public static StreamId of(Map<String, String> values) {
        values.forEach((key, value) -> {
            if (key.isEmpty() || !key.equals(key.strip()) || key.indexOf('=') >= 0 || key.indexOf(',') >= 0) {
                throw new IllegalArgumentException("a stream id cannot hold this key: \"" + key + '"');
            }
            if (value.indexOf(',') >= 0) {
                throw new IllegalArgumentException("the value of \"" + key + "\" holds a comma");
            }
        });
        StreamId streamId = new StreamId(new LinkedHashMap<>(values));
        if (values.size() > MAX_KEYS || isTooLong(streamId.text())) {
            throw new IllegalArgumentException(
                    "a stream id has at most " + MAX_BYTES + " bytes and " + MAX_KEYS + " keys");
        }
        return streamId;
    }

    /**
     * Reads a caller's stream id. Never throws.
     *
     * @return null where the text is not in the standard syntax, is too long, or has more keys or deeper blocks than
     *     anybody needs
     */
    public static @Nullable StreamId parse(String text) {
        if (isTooLong(text)) {
            return null;
        }
        Parser parser = new Parser(text);
        boolean complete = text.startsWith(NESTED) && parser.readBlock("", 1) && parser.isAtEnd();
        if (text.startsWith(FLAT)) {
            parser.readFlat();
            complete = true;
        }
        return complete && parser.values.size() <= MAX_KEYS ? new StreamId(parser.values) : null;
    }

    private static boolean isTooLong(String text) {
        return text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
    }

    /** {@code u}: on whose behalf the caller comes. */
    public @Nullable String user() {
        return value("u");
    }

    /** {@code r}: which stream. */
    public @Nullable String resource() {
        return value("r");
    }

    /** {@code h}: the host that the caller believes to call. */
    public @Nullable String host() {
        return value("h");
    }

    /** {@code s}: session id; many senders put a password here. */
    public @Nullable String session() {
        return value("s");
    }

    /** {@code t}: what is carried; "stream" where it is absent. */
    public @Nullable String type() {
        return value("t");
    }

    /** {@code m}: what the caller wants to do; "request" where it is absent. */
    public @Nullable String mode() {
        return value("m");
    }

    /** The value of any key, a custom or nested one too; null where it is absent. */
    public @Nullable String value(String key) {
        return values.get(key);
    }

    /** All keys in their order; unmodifiable. */
    public Map<String, String> values() {
        return values;
    }

    /** The text to send, as a flat list. */
    public String text() {
        StringBuilder text = new StringBuilder(FLAT);
        values.forEach((key, value) -> {
            if (text.length() > FLAT.length()) {
                text.append(',');
            }
            text.append(key).append('=').append(value);
        });
        return text.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamId that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The names of the standard keys that are there. Not a value: any of them may be a secret. */
    @Override
    public String toString() {
        StringBuilder names = new StringBuilder("StreamId[");
        for (String key : values.keySet()) {
            if (key.length() == 1 && "urhstm".contains(key)) {
                names.append(key);
            }
        }
        return names.append(", ").append(values.size()).append(" keys]").toString();
    }

    private static final class Parser {
        final Map<String, String> values = new LinkedHashMap<>();
        private final String text;
        /** Both syntaxes have a prefix of this length. */
        private int at = FLAT.length();

        Parser(String text) {
            this.text = text;
        }

        boolean isAtEnd() {
            return at == text.length();
        }

        void readFlat() {
            for (String pair : text.substring(at).split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    put(pair, "");
                } else {
                    put(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
        }

        /** Reads behind an opening brace up to and including the closing one; false where that is missing. */
        boolean readBlock(String prefix, int depth) {
            while (!isAtEnd()) {
                String key = prefix + readUntil("=,}").strip();
                if (isAt('=')) {
                    at++;
                    if (!isAt('{')) {
                        put(key, readUntil(",}"));
                    } else if (depth == MAX_DEPTH || !readInner(key, depth)) {
                        return false;
                    }
                } else if (key.length() > prefix.length()) {
                    put(key, "");
                }
                if (isAt('}')) {
                    at++;
                    return true;
                }
                if (!isAt(',')) {
                    return false;
                }
                at++;
            }
            return false;
        }

        private boolean readInner(String key, int depth) {
            at++;
            return readBlock(key + '.', depth + 1);
        }

        private boolean isAt(char expected) {
            return at < text.length() && text.charAt(at) == expected;
        }

        private String readUntil(String ends) {
            int start = at;
            while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        private void put(String key, String value) {
            String name = key.strip();
            if (!name.isEmpty()) {
                values.putIfAbsent(name, value);
            }
        }
    }
}
