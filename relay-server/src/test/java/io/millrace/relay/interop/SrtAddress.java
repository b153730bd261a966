package io.millrace.relay.interop;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * How a program is to use SRT: where, in which mode and with which options. Everything is on this host.
 *
 * @param streamId empty for none
 * @param passphrase empty for no encryption
 * @param keyLengthBytes 16, 24 or 32; without meaning when there is no passphrase
 */
record SrtAddress(Mode mode, int port, String streamId, int latencyMillis, String passphrase, int keyLengthBytes) {
    enum Mode {
        CALLER,
        LISTENER
    }

    // libsrt's 3 s would make a test fail on a machine that is busy.
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    static SrtAddress caller(int port, String streamId, int latencyMillis) {
        return new SrtAddress(Mode.CALLER, port, streamId, latencyMillis, "", 16);
    }

    static SrtAddress listener(int port, int latencyMillis) {
        return new SrtAddress(Mode.LISTENER, port, "", latencyMillis, "", 16);
    }

    SrtAddress encrypted(String newPassphrase, int newKeyLengthBytes) {
        return new SrtAddress(mode, port, streamId, latencyMillis, newPassphrase, newKeyLengthBytes);
    }

    boolean isCaller() {
        return mode == Mode.CALLER;
    }

    /** srt-live-transmit: milliseconds; values are percent-decoded. */
    String forSrtLiveTransmit() {
        StringBuilder uri = new StringBuilder(base())
                .append("&transtype=live&latency=")
                .append(latencyMillis)
                .append("&conntimeo=")
                .append(CONNECT_TIMEOUT_MILLIS);
        if (!streamId.isEmpty()) {
            uri.append("&streamid=").append(percentEncoded(streamId));
        }
        if (!passphrase.isEmpty()) {
            uri.append("&passphrase=").append(percentEncoded(passphrase)).append("&pbkeylen=");
            uri.append(keyLengthBytes);
        }
        return uri.toString();
    }

    /** ffmpeg: latency in microseconds; nothing is percent-decoded, so the stream ID is better given as an option. */
    String forFfmpeg() {
        StringBuilder uri = new StringBuilder(base())
                .append("&pkt_size=")
                .append(TransportStreamFile.PAYLOAD_BYTES)
                .append("&latency=")
                .append(1_000L * latencyMillis)
                .append("&connect_timeout=")
                .append(CONNECT_TIMEOUT_MILLIS);
        if (!passphrase.isEmpty()) {
            uri.append("&passphrase=").append(passphrase).append("&pbkeylen=").append(keyLengthBytes);
        }
        return uri.toString();
    }

    /** GStreamer: the rest is given as properties of the element. */
    String forGStreamer() {
        return base() + "&conntimeo=" + CONNECT_TIMEOUT_MILLIS;
    }

    private String base() {
        return isCaller() ? "srt://127.0.0.1:" + port + "?mode=caller" : "srt://:" + port + "?mode=listener";
    }

    private static String percentEncoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
