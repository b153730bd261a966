package io.millrace.relay.interop;

/**
 * How a program is to use SRT: where, in which mode and with which options. Everything is on this host.
 *
 * @param streamId empty for none; no ampersand, which none of the URIs can hold
 * @param passphrase empty for no encryption; no ampersand either
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

    /** srt-live-transmit 1.5.1: milliseconds; values go out as they are, percent signs included. */
    String forSrtLiveTransmit() {
        String uri = base() + "&transtype=live&latency=" + latencyMillis + "&conntimeo=" + CONNECT_TIMEOUT_MILLIS;
        if (!streamId.isEmpty()) {
            uri += "&streamid=" + streamId;
        }
        if (!passphrase.isEmpty()) {
            uri += "&passphrase=" + passphrase + "&pbkeylen=" + keyLengthBytes;
        }
        return uri;
    }

    /** ffmpeg 5.1: latency in microseconds; nothing is percent-decoded. The stream ID is given as an option instead. */
    String forFfmpeg() {
        String uri = base() + "&pkt_size=" + TransportStreamFile.PAYLOAD_BYTES + "&latency=" + 1_000L * latencyMillis
                + "&connect_timeout=" + CONNECT_TIMEOUT_MILLIS;
        if (!passphrase.isEmpty()) {
            uri += "&passphrase=" + passphrase + "&pbkeylen=" + keyLengthBytes;
        }
        return uri;
    }

    /** GStreamer: the rest is given as properties of the element. */
    String forGStreamer() {
        return base() + "&conntimeo=" + CONNECT_TIMEOUT_MILLIS;
    }

    private String base() {
        return isCaller() ? "srt://127.0.0.1:" + port + "?mode=caller" : "srt://:" + port + "?mode=listener";
    }
}
