package io.millrace.srt.crypto;

import org.jspecify.annotations.Nullable;

/** How payloads are encrypted: the Cipher and Auth fields of the key material. draft-sharabayko-srt §3.2.2. */
public enum CipherMode {
    /** AES in counter mode: nothing tells a damaged or forged payload from a good one. */
    CTR(2, 0, 0),
    /** AES in Galois counter mode: header and payload are authenticated by a tag behind the payload. */
    GCM(4, 1, 16);

    private final int cipher;
    private final int authentication;
    private final int overheadBytes;

    CipherMode(int cipher, int authentication, int overheadBytes) {
        this.cipher = cipher;
        this.authentication = authentication;
        this.overheadBytes = overheadBytes;
    }

    /** Value of the Cipher field. */
    int cipher() {
        return cipher;
    }

    /** Value of the Auth field. */
    int authentication() {
        return authentication;
    }

    /** Bytes by which an encrypted payload is longer than the clear one. */
    public int overheadBytes() {
        return overheadBytes;
    }

    /** The mode with these field values, or null if there is none. */
    static @Nullable CipherMode of(int cipher, int authentication) {
        for (CipherMode mode : values()) {
            if (mode.cipher == cipher && mode.authentication == authentication) {
                return mode;
            }
        }
        return null;
    }
}
