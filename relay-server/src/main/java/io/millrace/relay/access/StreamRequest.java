package io.millrace.relay.access;

import io.millrace.relay.config.JoinMode;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.handshake.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks for with its stream id, whichever relay's way of writing one its encoder or player was set up with.
 *
 * <table>
 * <caption>Accepted</caption>
 * <tr><td>{@code #!::r=NAME,m=publish}</td><td>the standard, also nested in braces</td></tr>
 * <tr><td>{@code #!:r=..}, {@code !::r=..}, {@code r=..,m=..}</td><td>the standard as it arrives in the field</td></tr>
 * <tr><td>{@code %23!::r=..}</td><td>any of these as a URL encodes it; never decoded where "#!" stands in clear</td></tr>
 * <tr><td>{@code publish:NAME[:USER:PASSWORD][:QUERY]}</td><td>MediaMTX; also read, request, play</td></tr>
 * <tr><td>{@code publish/NAME}</td><td>srtrelay; also play, read, request. A name may have slashes: all after the first
 *     one is the name, so srtrelay's third part, a password, is not told apart from it</td></tr>
 * <tr><td>{@code NAME,mode:publish,token:TOKEN}</td><td>datarhei</td></tr>
 * <tr><td>{@code srt://HOST/NAME}</td><td>OvenMediaEngine</td></tr>
 * <tr><td>{@code #!::bmd_uuid=..,u=NAME}</td><td>Blackmagic: the key that its user enters comes as {@code u}. It is an
 *     encoder, so it publishes unless it says otherwise</td></tr>
 * <tr><td>{@code NAME}, {@code app/NAME}</td><td>all of it is the name, slashes included</td></tr>
 * </table>
 *
 * <p>Who says nothing of a mode requests. {@code join=newest|next|live} says where to begin. A query behind a name ({@code NAME?a=b&c=d}) goes to the keys, and a trailing
 * {@code #feedbackplay} is cut.
 *
 * @param stream a valid name: 1 to 256 bytes of UTF-8 without control characters, outer slashes or ".." segments
 * @param user on whose behalf, as sent and unchecked
 * @param host which host the caller believes to call, as sent and unchecked
 * @param secret what the caller proves itself with: the {@code s} key, or else a password or token under one of its usual
 *     names. Never in {@link #toString()}
 * @param keys whatever else was sent, in its order, unchecked. May hold secrets under names of the sender's own
 */
public record StreamRequest(
        String stream,
        Mode mode,
        @Nullable String user,
        @Nullable String host,
        @Nullable String secret,
        Map<String, String> keys)
        implements ParsedStreamId {
    private static final String JOIN = "join";
    private static final List<String> SECRETS = List.of("s", "password", "pass", "token");

    /** The way that the media goes. */
    public enum Mode {
        /** The caller sends. */
        PUBLISH,
        /** The caller receives. */
        REQUEST
    }

    /** An invalid name is an {@link IllegalArgumentException}. */
    public StreamRequest {
        StreamName.checked(stream);
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /**
     * Reads a caller's stream id. Never throws.
     *
     * @param streamId as received; empty where the caller sent none
     * @param unnamed what a caller gets that names no stream; null to refuse it
     */
    public static ParsedStreamId parse(String streamId, @Nullable DefaultStream unnamed) {
        return read(streamId, () -> unnamed);
    }

    /**
     * The same.
     *
     * @param unnamed asked at most once, and only for a caller that names no stream
     */
    static ParsedStreamId read(String streamId, Supplier<@Nullable DefaultStream> unnamed) {
        if (streamId.length() > StreamId.MAX_BYTES
                || streamId.getBytes(StandardCharsets.UTF_8).length > StreamId.MAX_BYTES) {
            return refuse("the stream id is longer than " + StreamId.MAX_BYTES + " bytes: shorten it");
        }
        String text = StreamIdDialect.normalized(streamId);
        if (text.isBlank()) {
            DefaultStream meant = unnamed.get();
            return meant == null
                    ? refuse("this encoder sends no stream id: set one in it, or map its address or port: "
                            + "listeners[].withoutStreamId or listeners[].stream")
                    : new StreamRequest(meant.stream(), meant.mode(), null, null, null, Map.of());
        }
        Map<String, String> keys = StreamIdDialect.keys(text);
        if (keys == null) {
            return refuse("the stream id is in no form that this relay knows: write it as #!::r=NAME,m=publish"
                    + " to send or #!::r=NAME,m=request to receive");
        }
        return interpret(new LinkedHashMap<>(keys), unnamed);
    }

    private static ParsedStreamId interpret(Map<String, String> keys, Supplier<@Nullable DefaultStream> unnamed) {
        boolean fromBlackmagic = keys.keySet().stream().anyMatch(key -> key.startsWith("bmd_"));
        String type = take(keys, "t").strip();
        String modeText = take(keys, "m").strip().toLowerCase(Locale.ROOT);
        String user = take(keys, "u");
        String host = take(keys, "h");
        String name = take(keys, "r");
        if (name.isEmpty() && host.indexOf('/') > 0) {
            // SLS: h=HOST/app/stream, without r.
            name = host.substring(host.indexOf('/'));
            host = host.substring(0, host.indexOf('/'));
        }
        if (name.isEmpty() && fromBlackmagic) {
            name = user;
            user = "";
        }
        name = StreamName.trimmed(moveQuery(name, keys));

        if (!type.isEmpty() && !type.equalsIgnoreCase("stream")) {
            return new Refusal(
                    RejectReason.UNSUPPORTED_MEDIA,
                    "t=" + LoggableStreamId.quoted(type) + " is not supported: this relay carries live streams,"
                            + " so leave t out or set t=stream");
        }
        DefaultStream meant = name.isEmpty() ? unnamed.get() : null;
        Mode unsaid = fromBlackmagic ? Mode.PUBLISH : meant != null ? meant.mode() : Mode.REQUEST;
        Mode mode = modeText.isEmpty() ? unsaid : mode(modeText);
        if (mode == null) {
            return new Refusal(RejectReason.BAD_MODE, modeAdvice(modeText));
        }
        if (name.isEmpty()) {
            if (meant == null) {
                return refuse("the stream id names no stream: add "
                        + (fromBlackmagic ? "the name as the encoder's stream key" : "r=NAME")
                        + " or set listeners[].stream");
            }
            name = meant.stream();
        }
        String fault = StreamName.fault(name);
        if (fault != null) {
            return refuse("the stream's name " + fault + ": choose another one");
        }
        String join = keys.get(JOIN);
        if (join != null && JoinMode.parse(join).isEmpty()) {
            return refuse("join=" + LoggableStreamId.quoted(join) + " is no place to begin; set newest, next or live");
        }
        String secret = takeSecret(keys);
        return new StreamRequest(name, mode, emptyToNull(user), emptyToNull(host), emptyToNull(secret), keys);
    }

    /** Where the caller wants to begin in a stream, by the key {@code join}; null if it doesn't say. */
    public @Nullable JoinMode join() {
        return JoinMode.parse(keys.getOrDefault(JOIN, "")).orElse(null);
    }

    private static @Nullable Mode mode(String text) {
        return switch (text) {
            case "publish" -> Mode.PUBLISH;
            case "request", "read", "play" -> Mode.REQUEST;
            default -> null;
        };
    }

    private static String modeAdvice(String modeText) {
        String wrong = modeText.equals("bidirectional")
                ? "m=bidirectional is not supported: media goes one way on a connection"
                : "m=" + LoggableStreamId.quoted(modeText) + " is no mode";
        return wrong + "; set m=publish to send or m=request to receive";
    }

    private static Refusal refuse(String explanation) {
        return new Refusal(RejectReason.BAD_REQUEST, explanation);
    }

    /** The name without its query, whose keys join the others. A '?' without a '=' behind it belongs to the name. */
    private static String moveQuery(String name, Map<String, String> keys) {
        int question = name.indexOf('?');
        if (question < 0 || name.indexOf('=', question) < 0) {
            return name;
        }
        for (String pair : name.substring(question + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (!key.isEmpty()) {
                keys.putIfAbsent(key, equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return name.substring(0, question);
    }

    private static String takeSecret(Map<String, String> keys) {
        for (String key : SECRETS) {
            String secret = take(keys, key);
            if (!secret.isEmpty()) {
                return secret;
            }
        }
        return "";
    }

    private static String take(Map<String, String> keys, String key) {
        String value = keys.remove(key);
        return value == null ? "" : value;
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** For logs: without the secret, and without the other keys, which may hold one. */
    @Override
    public String toString() {
        return "StreamRequest[" + mode + ' ' + stream
                + (user == null ? "" : ", user=" + LoggableStreamId.quoted(user))
                + (host == null ? "" : ", host=" + LoggableStreamId.quoted(host))
                + (secret == null ? "" : ", secret=***")
                + ']';
    }
}
