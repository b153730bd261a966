package io.millrace.srt.crypto;

import java.security.NoSuchAlgorithmException;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The key encrypting key (KEK) of one passphrase, salt and key length. draft-sharabayko-srt §6.1.4.
 *
 * <p>Deriving it takes around a millisecond, which a stranger can ask for with one packet: never do it on an event loop,
 * and keep it for the connection's key refreshes.
 */
public final class KeyEncryptionKey {
    private static final int ITERATIONS = 2048;

    private static final SecretKeyFactory PBKDF2 = pbkdf2();

    /** Of the salt's 16 bytes only the last ones take part. */
    private static final int DERIVATION_SALT_LENGTH = 8;

    private final byte[] salt;
    private final byte[] key;
    private boolean wiped;

    private KeyEncryptionKey(byte[] salt, byte[] key) {
        this.salt = salt;
        this.key = key;
    }

    /**
     * PBKDF2 with HMAC-SHA1 over the passphrase's bytes, which the JDK makes of its characters. Twice as fast as Bouncy
     * Castle's.
     *
     * @param salt 16 bytes
     * @param keyLength bytes of the stream's keys, and of this one: 16, 24 or 32
     */
    public static KeyEncryptionKey derive(Passphrase passphrase, byte[] salt, int keyLength) {
        if (salt.length != KeyMaterial.SALT_LENGTH || !KeyMaterial.isKeyLength(keyLength)) {
            throw new IllegalArgumentException("a salt of " + salt.length + " and keys of " + keyLength + " bytes");
        }
        byte[] derivationSalt = Arrays.copyOfRange(salt, salt.length - DERIVATION_SALT_LENGTH, salt.length);
        char[] password = passphrase.chars();
        PBEKeySpec spec = new PBEKeySpec(password, derivationSalt, ITERATIONS, 8 * keyLength);
        try {
            return new KeyEncryptionKey(
                    salt.clone(), PBKDF2.generateSecret(spec).getEncoded());
        } catch (InvalidKeySpecException e) {
            throw new IllegalStateException("PBKDF2 takes any passphrase", e);
        } finally {
            spec.clearPassword();
            Arrays.fill(password, (char) 0);
        }
    }

    private static SecretKeyFactory pbkdf2() {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks PBKDF2", e);
        }
    }

    /** The key that unwraps this message, if the passphrase is the right one. */
    public static KeyEncryptionKey derive(Passphrase passphrase, KeyMaterial material) {
        return derive(passphrase, material.salt(), material.keyLength());
    }

    /** The salt of a new connection. */
    public static byte[] generateSalt(RandomGenerator random) {
        byte[] salt = new byte[KeyMaterial.SALT_LENGTH];
        random.nextBytes(salt);
        return salt;
    }

    /** Whether this message has the same salt and key length, so that nothing needs to be derived for it. */
    public boolean fits(KeyMaterial material) {
        return material.keyLength() == key.length && Arrays.equals(material.salt(), salt);
    }

    /** Bytes of the stream's keys. */
    public int keyLength() {
        return key.length;
    }

    /** A copy of the salt. */
    public byte[] salt() {
        return salt.clone();
    }

    byte[] wrap(SessionKeys keys) {
        requireNotWiped();
        if (keys.keyLength() != key.length) {
            throw new IllegalArgumentException("keys of " + keys.keyLength() + " bytes, not " + key.length);
        }
        byte[] joined = keys.joined();
        byte[] wrapped = KeyWrap.wrap(key, joined);
        Arrays.fill(joined, (byte) 0);
        return wrapped;
    }

    @Nullable
    SessionKeys unwrap(int flags, byte[] wrapped) {
        requireNotWiped();
        byte[] joined = KeyWrap.unwrap(key, wrapped);
        if (joined == null) {
            return null;
        }
        SessionKeys keys = SessionKeys.split(flags, joined);
        Arrays.fill(joined, (byte) 0);
        return keys;
    }

    /** Zeros are a key, too, and everybody knows them. */
    private void requireNotWiped() {
        if (wiped) {
            throw new IllegalStateException("the key encrypting key was wiped");
        }
    }

    /** The same key, to be wiped by somebody else. */
    public KeyEncryptionKey copy() {
        requireNotWiped();
        return new KeyEncryptionKey(salt, key.clone());
    }

    /** Overwrites the key; nothing can be wrapped or unwrapped by it afterwards. */
    public void wipe() {
        wiped = true;
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
        return "KeyEncryptionKey[keyLength=" + key.length + "]";
    }
}
