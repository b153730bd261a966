package io.millrace.srt.crypto;

import java.nio.ByteBuffer;

/**
 * Key material on its way to the peer. Control packets are not retransmitted on loss, so it is repeated until the peer
 * echoes it, past the key's first use if need be: a receiver that missed it understands nothing.
 */
final class KeyAnnouncement {
    private static final int MAX_TRIES = 10;

    private final KeyMaterial material;
    private int tries;
    private long dueMicros = Long.MIN_VALUE;

    KeyAnnouncement(KeyMaterial material) {
        this.material = material;
    }

    KeyMaterial material() {
        return material;
    }

    boolean isDue(long nowMicros) {
        return nowMicros >= dueMicros && !isExhausted();
    }

    /** When to send it (again), microseconds; {@link Long#MAX_VALUE} if it was tried often enough. */
    long dueMicros() {
        return isExhausted() ? Long.MAX_VALUE : dueMicros;
    }

    void sent(long nowMicros, long rttMicros) {
        tries++;
        dueMicros = nowMicros + rttMicros * 3 / 2;
    }

    /** Anything else than the same bytes is the answer to something else, or none. */
    boolean isAnsweredBy(ByteBuffer content) {
        return tries > 0 && material.isEchoedBy(content);
    }

    private boolean isExhausted() {
        return tries == MAX_TRIES;
    }
}
