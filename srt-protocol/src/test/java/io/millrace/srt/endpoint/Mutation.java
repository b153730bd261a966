package io.millrace.srt.endpoint;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** Damages a packet: flipped bits, words with other values, a cut end, a piece of another packet. */
final class Mutation {
    private static final int[] NOTABLE = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x3FFF_FFFF, 0x4000_0000};

    private Mutation() {}

    /**
     * A damaged copy.
     *
     * @param other what a piece may come from
     */
    static ByteBuffer of(ByteBuffer packet, ByteBuffer other, RandomGenerator choices) {
        ByteBuffer mutated = ScriptedCaller.copy(packet);
        int length = mutated.remaining();
        if (length < 4) {
            return mutated;
        }
        switch (choices.nextInt(5)) {
            case 0 -> {
                for (int flips = 1 + choices.nextInt(8); flips > 0; flips--) {
                    int at = choices.nextInt(length);
                    mutated.put(at, (byte) (mutated.get(at) ^ 1 << choices.nextInt(8)));
                }
            }
            // Headers and the handshake's fields come first and are worth more than payload.
            case 1 -> mutated.putInt(4 * choices.nextInt(Math.min(length / 4, 20)), choices.nextInt());
            case 2 -> {
                int at = 4 * choices.nextInt(Math.min(length / 4, 20));
                int value = choices.nextInt(2) == 0 ? NOTABLE[choices.nextInt(NOTABLE.length)] : mutated.getInt(at);
                mutated.putInt(at, value + choices.nextInt(9) - 4);
            }
            case 3 -> mutated.limit(choices.nextInt(length));
            default -> {
                int from = choices.nextInt(length);
                if (from < other.remaining()) {
                    int count = Math.min(other.remaining(), length) - from;
                    mutated.put(from, other, other.position() + from, count);
                }
            }
        }
        return mutated;
    }
}
