package io.millrace.relay.call;

import io.millrace.relay.access.PercentEncoding;
import io.millrace.relay.config.SecretReference;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.Passphrase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where to call and how, as {@code srt://HOST:PORT?NAME=VALUE&…}. Values may be percent-encoded, and a {@code #} in one of
 * them needs not be: there is no fragment in an SRT URL. Its text shows no secret.
 *
 * @param host a name, or an address without brackets; not resolved
 * @param streamId empty for none
 * @param latencyMillis that both receivers have at least
 * @param passphrase null for none
 * @param keyLengthBytes of the encryption, if there is one: 16, 24 or 32
 * @param payloadBytes of each packet that is sent
 * @param connectTimeoutMillis how long a call may take
 */
public record SrtUrl(
        String host,
        int port,
        String streamId,
        int latencyMillis,
        @Nullable SecretReference passphrase,
        int keyLengthBytes,
        CipherMode cipherMode,
        int payloadBytes,
        int connectTimeoutMillis) {
    /** What a URL looks like, for whoever wrote another. */
    public static final String ALLOWED = "srt://HOST:PORT, such as srt://127.0.0.1:8890 or srt://[::1]:8890";

    /** Bytes of UTF-8 that a stream id may have. */
    public static final int MAX_STREAM_ID_BYTES = 512;

    /** Seven TS packets: what fits into an Ethernet frame. */
    public static final int DEFAULT_PAYLOAD_BYTES = 1_316;

    private static final String SCHEME = "srt://";
    private static final int MAX_PORT = 65_535;
    private static final int MAX_LATENCY_MILLIS = 60_000;
    private static final int MAX_PAYLOAD_BYTES = 1_456;
    private static final int MIN_CONNECT_TIMEOUT_MILLIS = 100;
    private static final int MAX_CONNECT_TIMEOUT_MILLIS = 600_000;
    private static final Set<String> NAMES = new TreeSet<>(Set.of(
            "streamid",
            "latency",
            "passphrase",
            "pbkeylen",
            "cryptomode",
            "mode",
            "transtype",
            "pkt_size",
            "conntimeo"));

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException with a message for whoever wrote it, which has no secret of it
     */
    public static SrtUrl parse(String text) {
        int query = text.indexOf('?');
        String address = query < 0 ? text : text.substring(0, query);
        int colon = address.lastIndexOf(':');
        if (!address.startsWith(SCHEME) || colon < SCHEME.length()) {
            throw malformed(address);
        }
        String host = address.substring(SCHEME.length(), colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (!isHost(bare, bracketed)) {
            throw malformed(address);
        }
        Parameters parameters = Parameters.read(query < 0 ? "" : text.substring(query + 1));
        parameters.requireOnly("mode", "caller", "only calls are made, with mode=caller");
        parameters.requireOnly("transtype", "live", "only live streams are known, with transtype=live");
        return new SrtUrl(
                bare,
                port(address, address.substring(colon + 1)),
                parameters.streamId(),
                parameters.number("latency", 0, MAX_LATENCY_MILLIS, 120, "milliseconds"),
                parameters.passphrase(),
                parameters.keyLength(),
                parameters.cipherMode(),
                parameters.number("pkt_size", 1, MAX_PAYLOAD_BYTES, DEFAULT_PAYLOAD_BYTES, "bytes"),
                parameters.number(
                        "conntimeo", MIN_CONNECT_TIMEOUT_MILLIS, MAX_CONNECT_TIMEOUT_MILLIS, 3_000, "milliseconds"));
    }

    /** Whether it says nothing but the address. */
    public static boolean isBare(String text) {
        return text.indexOf('?') < 0;
    }

    /**
     * Looks the host up; blocks.
     *
     * @throws IOException with a message for the user, if nobody knows it
     */
    public InetSocketAddress resolve() throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("the host " + host + " is unknown");
        }
        return address;
    }

    /**
     * The encryption that it asks for, or null; may read a file.
     *
     * @throws IOException with a message for the user, if the passphrase can't be read or used
     */
    public @Nullable Encryption encryption() throws IOException {
        if (passphrase == null) {
            return null;
        }
        try {
            return new Encryption(Passphrase.of(passphrase.value()), keyLengthBytes, cipherMode);
        } catch (IllegalArgumentException e) {
            throw new IOException("passphrase: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("passphrase: " + e.getMessage(), e);
        }
    }

    /** The address alone. */
    @Override
    public String toString() {
        return SCHEME + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    private static boolean isHost(String host, boolean bracketed) {
        return !host.isEmpty()
                && (bracketed || host.indexOf(':') < 0)
                && host.chars().noneMatch(c -> c <= ' ' || "/@[]#".indexOf(c) >= 0);
    }

    private static int port(String address, String text) {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > MAX_PORT) {
            throw malformed(address);
        }
        return port;
    }

    /** Without what may stand before an @: that is a password, for all we know. */
    private static IllegalArgumentException malformed(String address) {
        String shown = address.indexOf('@') < 0 ? address : "…" + address.substring(address.lastIndexOf('@'));
        return new IllegalArgumentException("'" + shown + "' is not " + ALLOWED);
    }

    /** What stands behind the question mark. */
    private record Parameters(Map<String, String> values) {
        static Parameters read(String query) {
            Map<String, String> values = new LinkedHashMap<>();
            for (String pair : query.split("&", -1)) {
                if (pair.isEmpty()) {
                    continue;
                }
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                if (!NAMES.contains(name)) {
                    // It may be the rest of a passphrase with an ampersand.
                    String shown = values.containsKey("passphrase") ? "***" : name;
                    throw new IllegalArgumentException("'" + shown + "' is no parameter of an SRT URL here: there are "
                            + String.join(", ", NAMES) + "; write & in a value as %26");
                }
                if (equals < 0) {
                    throw new IllegalArgumentException(name + " has no value");
                }
                if (values.put(name, PercentEncoding.decoded(pair.substring(equals + 1))) != null) {
                    throw new IllegalArgumentException(name + " is given twice");
                }
            }
            return new Parameters(values);
        }

        void requireOnly(String name, String value, String otherwise) {
            if (!values.getOrDefault(name, value).equals(value)) {
                throw new IllegalArgumentException(name + "=" + values.get(name) + ": " + otherwise);
            }
        }

        int number(String name, int least, int most, int otherwise, String unit) {
            String text = values.get(name);
            if (text == null) {
                return otherwise;
            }
            long number = text.matches("[0-9]{1,9}") ? Long.parseLong(text) : -1;
            if (number < least || number > most) {
                throw new IllegalArgumentException(
                        name + " must be " + least + " to " + most + " " + unit + ", not '" + text + "'");
            }
            return (int) number;
        }

        String streamId() {
            String id = values.getOrDefault("streamid", "");
            int bytes = id.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_STREAM_ID_BYTES) {
                throw new IllegalArgumentException(
                        "streamid has " + bytes + " bytes, SRT takes at most " + MAX_STREAM_ID_BYTES);
            }
            return id;
        }

        @Nullable
        SecretReference passphrase() {
            String text = values.getOrDefault("passphrase", "");
            return text.isEmpty() ? null : SecretReference.of(text);
        }

        int keyLength() {
            return switch (values.getOrDefault("pbkeylen", "16")) {
                case "0", "16" -> 16;
                case "24" -> 24;
                case "32" -> 32;
                default ->
                    throw new IllegalArgumentException(
                            "pbkeylen must be 16, 24 or 32, not '" + values.get("pbkeylen") + "'");
            };
        }

        CipherMode cipherMode() {
            return switch (values.getOrDefault("cryptomode", "ctr").toLowerCase(Locale.ROOT)) {
                case "0", "1", "ctr" -> CipherMode.CTR;
                case "2", "gcm" -> CipherMode.GCM;
                default ->
                    throw new IllegalArgumentException(
                            "cryptomode must be ctr or gcm, not '" + values.get("cryptomode") + "'");
            };
        }
    }
}
