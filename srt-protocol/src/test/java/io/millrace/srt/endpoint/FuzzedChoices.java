package io.millrace.srt.endpoint;

import java.util.random.RandomGenerator;

/** Choices that a fuzzer's bytes make: each takes as few of them as it can, so that a changed byte changes little. */
final class FuzzedChoices implements RandomGenerator {
    private final byte[] bytes;
    private int next;

    FuzzedChoices(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isExhausted() {
        return next >= bytes.length;
    }

    @Override
    public int nextInt(int bound) {
        int value = nextByte();
        for (int range = 256; range < bound && range <= 0x1_0000; range <<= 8) {
            value = value << 8 | nextByte();
        }
        return value % bound;
    }

    @Override
    public int nextInt() {
        return (int) bytes(4);
    }

    @Override
    public long nextLong() {
        return bytes(8);
    }

    private long bytes(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | nextByte();
        }
        return value;
    }

    private int nextByte() {
        return isExhausted() ? 0 : bytes[next++] & 0xFF;
    }
}
