package io.millrace.srt.endpoint;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.handshake.CallerHandshake;

/** A call of ours that has not been answered yet. */
final class Call {
    private final CallerHandshake handshake;
    private final ConnectionSettings settings;
    private final long startedMicros;
    private long nextMessageMicros;

    Call(CallerHandshake handshake, ConnectionSettings settings, long startedMicros) {
        this.handshake = handshake;
        this.settings = settings;
        this.startedMicros = startedMicros;
        nextMessageMicros = startedMicros;
    }

    CallerHandshake handshake() {
        return handshake;
    }

    ConnectionSettings settings() {
        return settings;
    }

    /** Time zero of the connection's timestamps. */
    long startedMicros() {
        return startedMicros;
    }

    long nextMessageMicros() {
        return nextMessageMicros;
    }

    void messageSent(long nowMicros) {
        nextMessageMicros = nowMicros + CallerHandshake.REPEAT_MICROS;
    }
}
