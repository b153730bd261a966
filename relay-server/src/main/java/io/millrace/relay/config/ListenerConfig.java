package io.millrace.relay.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One UDP port for callers.
 *
 * @param name what logs, metrics and the API call this listener
 * @param host the IP address to bind; {@code ::} is every address, IPv4 and IPv6
 * @param port the UDP port; 0 takes any free one
 * @param passphrase that callers must encrypt with to whom no rule gives another one; null for none
 * @param enforceEncryption whether a caller is refused that has another passphrase, or is alone in having one or none
 * @param allow the addresses that may call at all; empty for all
 * @param deny the addresses that may not, also where they are allowed
 * @param withoutStreamId what callers mean whose stream id names no stream; the first entry that fits applies
 * @param stream the stream of such a caller that no entry fits; null refuses it
 * @param mode what such a caller does
 * @param role which nodes open it, where nodes work together
 */
public record ListenerConfig(
        String name,
        String host,
        int port,
        @Secret @Nullable SecretReference passphrase,
        boolean enforceEncryption,
        List<AddressRange> allow,
        List<AddressRange> deny,
        List<UnnamedCallerConfig> withoutStreamId,
        @Nullable String stream,
        Mode mode,
        RoleConfig role) {

    static final TextForm NAMES = TextForm.of(
            "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
            "1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first");

    private static final int MAX_STREAM_BYTES = 256;
    private static final String STREAM_NAME =
            "a stream name of 1 to " + MAX_STREAM_BYTES + " bytes without control characters or parts that are \"..\"";

    static final TextForm STREAM_NAMES = TextForm.of(TextForm.CLEAN + "{1," + MAX_STREAM_BYTES + "}", STREAM_NAME)
            .where(ListenerConfig::isStreamName);

    /** Each of them is tried on such a caller, at the price of a key derivation. */
    private static final int MAX_PASSPHRASES = 16;

    /** What a caller does with its stream. */
    public enum Mode {
        PUBLISH,
        REQUEST
    }

    public ListenerConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        withoutStreamId = List.copyOf(withoutStreamId);
    }

    /** The address to bind. */
    public InetSocketAddress address() {
        return new InetSocketAddress(role.address() == null ? host : role.address(), port);
    }

    static ListenerConfig bind(Section keys) {
        ListenerConfig listener = new ListenerConfig(
                keys.text("name", "main", NAMES),
                keys.text("host", "::", IpLiteral.FORM),
                keys.integer("port", 8890, 0, 65_535),
                keys.passphrase("passphrase"),
                keys.flag("enforceEncryption", true),
                keys.addressRanges("allow"),
                keys.addressRanges("deny"),
                keys.sections("withoutStreamId", UnnamedCallerConfig::bind),
                keys.optionalText("stream", STREAM_NAMES.said(STREAM_NAME + ", or null")),
                keys.choice("mode", Mode.REQUEST),
                keys.section("role", RoleConfig::bind));
        long passphrases = listener.withoutStreamId.stream()
                .filter(caller -> caller.passphrase() != null)
                .count();
        if (passphrases > MAX_PASSPHRASES) {
            keys.refuse(
                    "withoutStreamId",
                    passphrases + " entries with a passphrase",
                    "at most " + MAX_PASSPHRASES + " of them, since a caller costs a key derivation for each");
        }
        return listener;
    }

    /** Whether it names a stream when the slashes and spaces around it are taken away. */
    private static boolean isStreamName(String text) {
        return text.codePoints().anyMatch(c -> c != '/' && c != ' ')
                && Section.utf8Bytes(text) <= MAX_STREAM_BYTES
                && OneLine.isClean(text)
                && Stream.of(text.split("/", -1)).noneMatch(part -> part.strip().equals(".."));
    }
}
