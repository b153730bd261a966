package io.millrace.srt.crypto;

/** KK, the key flags of data packets and of key material. draft-sharabayko-srt §3.1, §3.2.2. */
public final class KeyFlags {
    /** Not encrypted. */
    public static final int CLEAR = 0;
    /** Encrypted by the even key; in key material: holds the even key. */
    public static final int EVEN = 1;
    /** Encrypted by the odd key; in key material: holds the odd key. */
    public static final int ODD = 2;
    /** Holds both; in key material only. */
    public static final int BOTH = 3;

    private KeyFlags() {}

    /** The odd key's flag for the even one's, and the reverse. */
    static int other(int flag) {
        return flag ^ BOTH;
    }
}
