package io.millrace.srt.crypto;

import java.nio.ByteBuffer;

/**
 * Key material on its way to the peer. Control packets are not retransmitted on loss, and a receiver that missed it
 * understands nothing from the switch on. So it is repeated until the peer echoes it, past the key's first use if need be:
 * as often as libsrt does at first, then less and less often, but for as long as it takes. (libsrt gives up after ten tries,
 * which on a short way is before a cut of a quarter of a second is over.)
 */
final class KeyAnnouncement {
    private static final int FREQUENT_TRIES = 10;
    private static final long MIN_INTERVAL_MICROS = 10_000;
    private static final long MAX_INTERVAL_MICROS = 1_000_000;

    private final KeyMaterial material;
    private int tries;
    private long intervalMicros;
    private long dueMicros = Long.MIN_VALUE;

    KeyAnnouncement(KeyMaterial material) {
        this.material = material;
    }

    KeyMaterial material() {
        return material;
    }

    boolean isDue(long nowMicros) {
        return nowMicros >= dueMicros;
    }

    /** When to send it (again), microseconds. */
    long dueMicros() {
        return dueMicros;
    }

    void sent(long nowMicros, long rttMicros) {
        tries++;
        long first = Math.max(rttMicros * 3 / 2, MIN_INTERVAL_MICROS);
        intervalMicros =
                tries <= FREQUENT_TRIES ? first : Math.max(first, Math.min(2 * intervalMicros, MAX_INTERVAL_MICROS));
        dueMicros = nowMicros + intervalMicros;
    }

    /** Whether it was sent so often that it is not worth waiting for. */
    boolean isTriedEnough() {
        return tries >= FREQUENT_TRIES;
    }

    /** Anything else than the same bytes is the answer to something else, or none. */
    boolean isAnsweredBy(ByteBuffer content) {
        return tries > 0 && material.isEchoedBy(content);
    }
}
