package io.millrace.srt.crypto;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Stream encrypting keys (SEK) on their way between a key material message and the ciphers: the even one, the odd one or
 * both, of the same length. Whoever holds them wipes them as soon as they are installed or wrapped.
 */
public final class SessionKeys {
    private final byte @Nullable [] even;
    private final byte @Nullable [] odd;
    private final int keyLength;

    private SessionKeys(byte @Nullable [] even, byte @Nullable [] odd, int keyLength) {
        this.even = even;
        this.odd = odd;
        this.keyLength = keyLength;
    }

    /**
     * A new even key, with which every connection starts.
     *
     * @param keyLength bytes: 16, 24 or 32
     * @param random must be unpredictable: a {@code SecureRandom} outside of tests
     */
    public static SessionKeys generate(int keyLength, RandomGenerator random) {
        return ofFlag(KeyFlags.EVEN, generateKey(keyLength, random));
    }

    static byte[] generateKey(int keyLength, RandomGenerator random) {
        if (!KeyMaterial.isKeyLength(keyLength)) {
            throw new IllegalArgumentException("a key of " + keyLength + " bytes");
        }
        byte[] key = new byte[keyLength];
        random.nextBytes(key);
        return key;
    }

    /** The keys that this flag names, one after the other in {@code keys}; the even one is first. */
    static SessionKeys split(int flags, byte[] keys) {
        if (flags != KeyFlags.BOTH) {
            return ofFlag(flags, keys.clone());
        }
        int half = keys.length / 2;
        return ofBoth(Arrays.copyOf(keys, half), Arrays.copyOfRange(keys, half, keys.length));
    }

    /** One key, which this object owns from now on. */
    static SessionKeys ofFlag(int flag, byte[] key) {
        return new SessionKeys(flag == KeyFlags.EVEN ? key : null, flag == KeyFlags.ODD ? key : null, key.length);
    }

    /** Both keys, of the same length, which this object owns from now on. */
    static SessionKeys ofBoth(byte[] even, byte[] odd) {
        return new SessionKeys(even, odd, even.length);
    }

    /** Which keys there are, see {@link KeyFlags}. */
    public int flags() {
        return (even == null ? 0 : KeyFlags.EVEN) | (odd == null ? 0 : KeyFlags.ODD);
    }

    /** Bytes of each key. */
    public int keyLength() {
        return keyLength;
    }

    /** The even or the odd key itself, not a copy; null if it is not there. */
    byte @Nullable [] key(int flag) {
        return flag == KeyFlags.EVEN ? even : odd;
    }

    /** A copy of the keys, one after the other. */
    byte[] joined() {
        if (even == null || odd == null) {
            byte[] only = even == null ? odd : even;
            return only == null ? new byte[0] : only.clone();
        }
        byte[] joined = Arrays.copyOf(even, 2 * keyLength);
        System.arraycopy(odd, 0, joined, keyLength, keyLength);
        return joined;
    }

    /** Overwrites the keys. */
    public void wipe() {
        if (even != null) {
            Arrays.fill(even, (byte) 0);
        }
        if (odd != null) {
            Arrays.fill(odd, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return "SessionKeys[flags=" + flags() + ", keyLength=" + keyLength + "]";
    }
}
