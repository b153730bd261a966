package io.millrace.relay.listener;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What was lately found out about strays of one socket, so that the same one is not asked for with each of its datagrams.
 * Of bounded size: what is newer takes the place of what is older.
 */
final class StrayMemory {
    static final int SLOTS = 1_024;

    /** A connection that is unknown now may be known as soon as its node has told of it. */
    private static final long ASKED_MICROS = 1_000_000;

    /** As long as a peer that missed its shutdown may be expected to try. */
    private static final long ENDED_MICROS = 10_000_000;

    private static final long REPEAT_MICROS = 100_000;

    private @Nullable Verdict @Nullable [] slots;

    /** On one socket ID as this source sends it. */
    static final class Verdict {
        private final int socketId;
        private final InetSocketAddress from;
        private final boolean ended;
        private final int peerSocketId;
        private final long untilMicros;
        private long repeatAtMicros;

        private Verdict(
                int socketId,
                InetSocketAddress from,
                boolean ended,
                int peerSocketId,
                long untilMicros,
                long repeatAtMicros) {
            this.socketId = socketId;
            this.from = from;
            this.ended = ended;
            this.peerSocketId = peerSocketId;
            this.untilMicros = untilMicros;
            this.repeatAtMicros = repeatAtMicros;
        }

        /** Whether the peer, which goes on after it was told that it is over, is to be told once more. */
        boolean isToBeRepeated(long nowMicros) {
            if (!ended || nowMicros < repeatAtMicros) {
                return false;
            }
            repeatAtMicros = nowMicros + REPEAT_MICROS;
            return true;
        }

        int peerSocketId() {
            return peerSocketId;
        }
    }

    /** What is known; null if nothing is, or it is too old. */
    @Nullable
    Verdict of(int socketId, InetSocketAddress from, long nowMicros) {
        Verdict verdict = slots == null ? null : slots[slot(socketId, from)];
        return verdict != null
                        && verdict.socketId == socketId
                        && nowMicros < verdict.untilMicros
                        && verdict.from.equals(from)
                ? verdict
                : null;
    }

    /** The cluster is being asked. */
    void asked(int socketId, InetSocketAddress from, long nowMicros) {
        put(new Verdict(socketId, from, false, 0, nowMicros + ASKED_MICROS, 0));
    }

    /** The peer was told that its connection is over. */
    void ended(int socketId, InetSocketAddress from, int peerSocketId, long nowMicros) {
        put(new Verdict(socketId, from, true, peerSocketId, nowMicros + ENDED_MICROS, nowMicros + REPEAT_MICROS));
    }

    private void put(Verdict verdict) {
        if (slots == null) {
            slots = new Verdict[SLOTS];
        }
        slots[slot(verdict.socketId, verdict.from)] = verdict;
    }

    private static int slot(int socketId, InetSocketAddress from) {
        return (31 * socketId + from.hashCode()) * 0x9E37_79B9 >>> 22;
    }
}
