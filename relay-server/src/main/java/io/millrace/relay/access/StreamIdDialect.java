package io.millrace.relay.access;

import io.millrace.srt.handshake.StreamId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ways of writing a stream id that encoders, players and the manuals of other relays use, all turned into the keys of
 * the standard one: r, m, u, h, s, t and whatever else there was. A query stays at the end of {@code r}.
 */
final class StreamIdDialect {
    /** What comes before ':' or '/' in place of m=. */
    private static final List<String> VERBS = List.of("publish", "request", "read", "play");

    /** What comes between the keys of datarhei. */
    static final String MODE = ",mode:";

    static final String TOKEN = ",token:";
    static final String URL = "srt://";

    private static final String FEEDBACK_PLAY = "#feedbackplay";

    private StreamIdDialect() {}

    /** The text as its sender meant it: decoded where a URL encoded it, without what some players hang on to it. */
    static String normalized(String text) {
        String decoded = text.startsWith("#!") ? text : PercentEncoding.decoded(text);
        return decoded.endsWith(FEEDBACK_PLAY)
                ? decoded.substring(0, decoded.length() - FEEDBACK_PLAY.length())
                : decoded;
    }

    /** The keys that a normalized text stands for; null where it begins in one of the ways and then breaks off. */
    static @Nullable Map<String, String> keys(String text) {
        if (text.startsWith("#!")) {
            return standard(text);
        }
        if (text.startsWith("!:")) {
            // A URL parser took the '#' away.
            return standard('#' + text);
        }
        if (startsWithKey(text)) {
            return standard("#!::" + text);
        }
        if (text.startsWith(URL)) {
            return url(text.substring(URL.length()));
        }
        for (String verb : VERBS) {
            if (text.startsWith(verb + ':')) {
                return mediaMtx(verb, text.substring(verb.length() + 1));
            }
            if (text.startsWith(verb + '/')) {
                return keys("m", verb, "r", text.substring(verb.length() + 1));
            }
        }
        return text.contains(MODE) || text.contains(TOKEN) ? datarhei(text) : keys("r", text);
    }

    /** Whether credentials may follow the name behind colons, also where the verb is not written as it should be. */
    static boolean looksLikeMediaMtx(String text) {
        return VERBS.stream().anyMatch(verb -> text.regionMatches(true, 0, verb + ':', 0, verb.length() + 1));
    }

    /** Also with one colon: {@code #!:r=NAME}. */
    private static @Nullable Map<String, String> standard(String text) {
        boolean oneColon = text.startsWith("#!:") && !text.startsWith("#!::") && !text.startsWith("#!:{");
        StreamId streamId = StreamId.parse(oneColon ? "#!::" + text.substring(3) : text);
        return streamId == null ? null : streamId.values();
    }

    private static boolean startsWithKey(String text) {
        return text.startsWith("bmd_") || (text.indexOf('=') == 1 && "urhstm".indexOf(text.charAt(0)) >= 0);
    }

    /** {@code NAME[:USER:PASSWORD][:QUERY]}. What stands in the query's place and is none can only be a token. */
    private static @Nullable Map<String, String> mediaMtx(String verb, String text) {
        String[] parts = text.split(":", -1);
        if (parts.length > 4) {
            return null;
        }
        boolean hasCredentials = parts.length > 2;
        String query = parts.length % 2 == 0 ? parts[parts.length - 1] : "";
        boolean isToken = query.indexOf('=') < 0;
        return keys(
                "m", verb,
                "r", isToken ? parts[0] : parts[0] + '?' + query,
                "u", hasCredentials ? parts[1] : "",
                "s", hasCredentials ? parts[2] : "",
                "token", isToken ? query : "");
    }

    /** {@code NAME,mode:publish,token:TOKEN}; a comma ends a value only before the next key. */
    private static Map<String, String> datarhei(String text) {
        Map<String, String> keys = new LinkedHashMap<>();
        String key = "r";
        int start = 0;
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', comma + 1)) {
            boolean isMode = text.startsWith(MODE, comma);
            if (isMode || text.startsWith(TOKEN, comma)) {
                keys.putIfAbsent(key, text.substring(start, comma));
                key = isMode ? "m" : "s";
                start = comma + (isMode ? MODE : TOKEN).length();
            }
        }
        keys.putIfAbsent(key, text.substring(start));
        return keys;
    }

    /** {@code [USER[:PASSWORD]@]HOST[:PORT]/NAME[?QUERY]}. */
    private static @Nullable Map<String, String> url(String text) {
        int slash = text.indexOf('/');
        String authority = slash < 0 ? text : text.substring(0, slash);
        int at = authority.lastIndexOf('@');
        String[] credentials = authority.substring(0, Math.max(at, 0)).split(":", 2);
        String host = authority.substring(at + 1);
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']');
        if (hasPort && !host.substring(colon + 1).matches("[0-9]*")) {
            // Rather a password with a slash in it, of which the rest must not be taken for the name.
            return null;
        }
        return keys(
                "r", slash < 0 ? "" : text.substring(slash + 1),
                "h", hasPort ? host.substring(0, colon) : host,
                "u", credentials[0],
                "s", credentials.length < 2 ? "" : credentials[1]);
    }

    /** The pairs that have a value. */
    private static Map<String, String> keys(String... keysAndValues) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (!keysAndValues[i + 1].isEmpty()) {
                keys.put(keysAndValues[i], keysAndValues[i + 1]);
            }
        }
        return keys;
    }
}
