package io.millrace.srt.crypto;

/** Why bytes are not a key material message that we can use. */
public enum BadKeyMaterial {
    /** Shorter than the fixed fields and the salt. */
    TOO_SHORT,
    /** Version, packet type or signature of something else. */
    NOT_KEY_MATERIAL,
    /** Neither key flag is set. */
    NO_KEY,
    /** Wrapped by a key that an index names; only the passphrase's key is known. */
    UNKNOWN_KEK,
    /** A cipher that is not supported, or an authentication that does not belong to it. */
    UNSUPPORTED_CIPHER,
    /** Not made for SRT packets. */
    WRONG_ENCAPSULATION,
    /** A salt of another length than 16 bytes. */
    BAD_SALT_LENGTH,
    /** Keys of another length than 16, 24 or 32 bytes. */
    BAD_KEY_LENGTH,
    /** Not exactly as long as the fields say. */
    WRONG_LENGTH
}
