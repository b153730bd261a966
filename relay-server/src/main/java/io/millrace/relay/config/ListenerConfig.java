package io.millrace.relay.config;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One UDP port for callers.
 *
 * @param name what logs, metrics and the API call this listener
 * @param host the IP address to bind; {@code ::} is every address, IPv4 and IPv6
 * @param port the UDP port; 0 takes any free one
 * @param stream the stream of a caller that sends no stream id; null refuses it
 * @param mode what such a caller does
 */
public record ListenerConfig(
        String name, String host, int port, @Nullable String stream, Mode mode) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** The stream id extension holds at most this many bytes, so no caller could name a longer one. */
    private static final int MAX_STREAM_BYTES = 512;

    /** What a caller does with its stream. */
    public enum Mode {
        PUBLISH,
        REQUEST
    }

    /** The address to bind. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    static ListenerConfig bind(Section keys) {
        return new ListenerConfig(
                keys.text(
                        "name",
                        "main",
                        text -> NAME.matcher(text).matches(),
                        "1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first"),
                keys.text("host", "::", IpLiteral::isValid, IpLiteral.ALLOWED),
                keys.integer("port", 8890, 0, 65_535),
                keys.optionalText(
                        "stream",
                        ListenerConfig::isStreamName,
                        "a stream name of 1 to " + MAX_STREAM_BYTES + " bytes without control characters, or null"),
                keys.choice("mode", Mode.REQUEST));
    }

    private static boolean isStreamName(String text) {
        return !text.isBlank()
                && text.getBytes(StandardCharsets.UTF_8).length <= MAX_STREAM_BYTES
                && text.codePoints().noneMatch(Character::isISOControl);
    }
}
