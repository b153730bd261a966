package io.millrace.relay.listener;

import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * SRT socket IDs of one event loop. An ID carries the loop's number, so that a datagram that the kernel hands to another
 * loop can be brought to its owner; to an outsider the IDs look random, which is what protects a connection from blind
 * attacks.
 *
 * <p>A counter and the loop's number, encrypted by a keyed permutation of the 30 bits that an ID has (a Feistel network;
 * bits 30 and 31 must be clear).
 */
final class SocketIds implements IntSupplier {
    /** Event loops that an ID can tell apart. */
    static final int MAX_LOOPS = 256;

    private static final int HALF_BITS = 15;
    private static final int HALF_MASK = (1 << HALF_BITS) - 1;
    private static final int COUNTER_BITS = 22;
    private static final int ROUNDS = 4;

    private final Key key;
    private final int loop;
    private int counter;

    /** The key of the permutation, the same for all loops of a process. */
    static final class Key {
        private final int[] rounds = new int[ROUNDS];

        Key(RandomGenerator random) {
            for (int i = 0; i < ROUNDS; i++) {
                rounds[i] = random.nextInt() | 1;
            }
        }

        private int round(int i, int half) {
            // A multiplicative mix is enough: the permutation must not be guessed from IDs seen by their own peers, and
            // an attacker who sees those of others needs no guess.
            int mixed = (half + rounds[i]) * 0x9E37_79B1;
            mixed ^= mixed >>> 15;
            mixed *= rounds[i];
            return (mixed ^ mixed >>> 13) & HALF_MASK;
        }

        int encrypt(int value) {
            int left = value >>> HALF_BITS;
            int right = value & HALF_MASK;
            for (int i = 0; i < ROUNDS; i++) {
                int next = left ^ round(i, right);
                left = right;
                right = next;
            }
            return left << HALF_BITS | right;
        }

        int decrypt(int value) {
            int left = value >>> HALF_BITS;
            int right = value & HALF_MASK;
            for (int i = ROUNDS - 1; i >= 0; i--) {
                int previous = right ^ round(i, left);
                right = left;
                left = previous;
            }
            return left << HALF_BITS | right;
        }
    }

    /** @param firstCounter where to begin, so that a restarted process does not hand out the same IDs */
    SocketIds(Key key, int loop, int firstCounter) {
        if (loop < 0 || loop >= MAX_LOOPS) {
            throw new IllegalArgumentException("no room in an ID for loop " + loop);
        }
        this.key = key;
        this.loop = loop;
        counter = firstCounter;
    }

    /** The next ID; may be 0 or in use after four million others, which the endpoint skips. */
    @Override
    public int getAsInt() {
        counter = counter + 1 & (1 << COUNTER_BITS) - 1;
        return key.encrypt(loop << COUNTER_BITS | counter);
    }

    /** Whether this may be an ID at all. */
    static boolean isPossible(int socketId) {
        return socketId >>> 2 * HALF_BITS == 0;
    }

    /** Number of the loop that an ID was made for. */
    static int loopOf(Key key, int socketId) {
        return key.decrypt(socketId & 0x3FFF_FFFF) >>> COUNTER_BITS;
    }
}
