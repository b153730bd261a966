package io.millrace.srt.crypto;

import java.nio.ByteBuffer;

/** The clear payload of the captures made with libsrt's own programs, described in the captures' README. */
public final class Chunks {
    static final int LENGTH = 1316;
    private static final int TS_PACKET = 188;

    private Chunks() {}

    /** Message {@code i} of a stream. */
    public static byte[] chunk(int i) {
        ByteBuffer to = ByteBuffer.allocate(LENGTH);
        for (int k = 0; k < LENGTH / TS_PACKET; k++) {
            to.putInt(0x47010010 | (7 * i + k) & 15).putInt(i).put((byte) k);
            for (int j = 0; j < 179; j++) {
                to.put((byte) (i + k + j));
            }
        }
        return to.array();
    }
}
