package io.millrace.relay.interop;

/**
 * How a program is to use SRT: where, in which mode and with which options. Everything is on this host.
 *
 * @param streamId empty for none; no ampersand, which none of the URIs can hold
 * @param passphrase empty for no encryption; no ampersand either
 * @param keyLengthBytes 16, 24 or 32; without meaning when there is no passphrase
 * @param refreshPackets sent by one key; 0 for the program's default, which is all that GStreamer can
 */
record SrtAddress(
        Mode mode,
        int port,
        String streamId,
        int latencyMillis,
        String passphrase,
        int keyLengthBytes,
        int refreshPackets) {
    enum Mode {
        CALLER,
        LISTENER
    }

    // libsrt's 3 s would make a test fail on a machine that is busy.
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    static SrtAddress caller(int port, String streamId, int latencyMillis) {
        return new SrtAddress(Mode.CALLER, port, streamId, latencyMillis, "", 16, 0);
    }

    static SrtAddress listener(int port, int latencyMillis) {
        return new SrtAddress(Mode.LISTENER, port, "", latencyMillis, "", 16, 0);
    }

    SrtAddress encrypted(String newPassphrase, int newKeyLengthBytes) {
        return new SrtAddress(mode, port, streamId, latencyMillis, newPassphrase, newKeyLengthBytes, refreshPackets);
    }

    SrtAddress refreshing(int newRefreshPackets) {
        return new SrtAddress(mode, port, streamId, latencyMillis, passphrase, keyLengthBytes, newRefreshPackets);
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
        return uri + encryption();
    }

    /** ffmpeg 5.1: latency in microseconds; nothing is percent-decoded. The stream ID is given as an option instead. */
    String forFfmpeg() {
        String uri = base() + "&pkt_size=" + TransportStreamFile.PAYLOAD_BYTES + "&latency=" + 1_000L * latencyMillis
                + "&connect_timeout=" + CONNECT_TIMEOUT_MILLIS;
        return uri + encryption();
    }

    /** GStreamer: the rest is given as properties of the element. */
    String forGStreamer() {
        return base() + "&conntimeo=" + CONNECT_TIMEOUT_MILLIS;
    }

    private String encryption() {
        if (passphrase.isEmpty()) {
            return "";
        }
        String parameters = "&passphrase=" + passphrase + "&pbkeylen=" + keyLengthBytes;
        if (refreshPackets > 0) {
            parameters += "&kmrefreshrate=" + refreshPackets + "&kmpreannounce=" + refreshPackets * 2 / 5;
        }
        return parameters;
    }

    private String base() {
        return isCaller() ? "srt://127.0.0.1:" + port + "?mode=caller" : "srt://:" + port + "?mode=listener";
    }
}
