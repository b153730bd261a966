package io.millrace.relay.ts;

/** Reads bits, most significant first. Beyond the end there are zeros, and {@link #isExhausted} says so; nothing throws. */
final class BitReader {
    private static final int MAX_GOLOMB_ZEROS = 31;

    private final byte[] bytes;
    private final long end;
    private long at;

    /**
     * @param from the first byte to read
     * @param end one past the last
     */
    BitReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from * 8L;
        this.end = end * 8L;
    }

    boolean flag() {
        boolean set = at < end && (bytes[(int) (at >> 3)] >> (7 - (at & 7)) & 1) != 0;
        at++;
        return set;
    }

    /** @param count 0 to 32 */
    long bits(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 1 | (flag() ? 1 : 0);
        }
        return value;
    }

    void skip(int count) {
        at += count;
    }

    /** ue(v) of ISO/IEC 14496-10 §9.1; a code that is too long for an {@code int} is 0, and ends the reading. */
    int unsignedGolomb() {
        int zeros = 0;
        while (!flag()) {
            if (++zeros > MAX_GOLOMB_ZEROS || isExhausted()) {
                at = end + 1;
                return 0;
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, (1L << zeros) - 1 + bits(zeros));
    }

    /** se(v). */
    int signedGolomb() {
        int code = unsignedGolomb();
        return (code & 1) == 0 ? -(code >>> 1) : (code >>> 1) + 1;
    }

    /** se(v) or ue(v), so many of them. */
    void skipGolombs(int count) {
        for (int i = 0; i < count && !isExhausted(); i++) {
            unsignedGolomb();
        }
    }

    /** Whether more was read than there is: what was read last says nothing. */
    boolean isExhausted() {
        return at > end;
    }
}
