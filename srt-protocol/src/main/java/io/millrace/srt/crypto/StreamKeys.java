package io.millrace.srt.crypto;

import io.millrace.srt.packet.DataHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one direction of a connection: an even and an odd one, of which a packet's KK names one. Not thread-safe.
 *
 * <p>Each direction has its own object, although both begin with the same key: from then on each side refreshes only
 * what it sends. A side that sends while its peer sends too must do so before its first packet
 * ({@link SendKeys#renew}).
 */
public final class StreamKeys {
    private final CipherMode mode;
    private @Nullable PayloadCipher even;
    private @Nullable PayloadCipher odd;

    /** No keys yet: every packet is undecryptable. */
    public StreamKeys(CipherMode mode) {
        this.mode = mode;
    }

    /**
     * Puts the keys of a message into their places. A new salt is accepted, and holds for the keys of this message, as in
     * libsrt: also for one that was here before.
     *
     * @param keys what {@link KeyMaterial#unwrap} made of it; not kept
     * @return false, and nothing is changed, if the message is for another cipher mode
     */
    public boolean install(KeyMaterial material, SessionKeys keys) {
        if (material.mode() != mode) {
            return false;
        }
        install(keys, material.salt());
        return true;
    }

    void install(SessionKeys keys, byte[] salt) {
        byte[] evenKey = keys.key(KeyFlags.EVEN);
        if (evenKey != null) {
            even = PayloadCipher.of(mode, evenKey, salt);
        }
        byte[] oddKey = keys.key(KeyFlags.ODD);
        if (oddKey != null) {
            odd = PayloadCipher.of(mode, oddKey, salt);
        }
    }

    /** Forgets the even or the odd key. */
    void forget(int flag) {
        if (flag == KeyFlags.EVEN) {
            even = null;
        } else {
            odd = null;
        }
    }

    /** Forgets both keys: every packet is undecryptable from now on. */
    public void wipe() {
        even = null;
        odd = null;
    }

    /** How payloads are encrypted. */
    public CipherMode mode() {
        return mode;
    }

    /**
     * The clear payload of the data packet between position and limit, in an array of its length; null if it can't be
     * had: the packet is not encrypted, its key is missing, or it is not authentic.
     */
    public byte @Nullable [] decrypt(ByteBuffer packet) {
        PayloadCipher cipher = cipher(DataHeader.keyFlags(packet));
        return cipher == null ? null : cipher.decrypt(packet);
    }

    /**
     * Encrypts the payload to the position, right behind the header of its packet, by the key that the header's KK names.
     * There must be room for {@link CipherMode#overheadBytes} more than the payload has.
     */
    public void encrypt(byte[] payload, ByteBuffer to) {
        int position = to.position();
        int flags = DataHeader.keyFlags(to.position(position - DataHeader.LENGTH));
        to.position(position);
        PayloadCipher cipher = cipher(flags);
        if (cipher == null) {
            throw new IllegalStateException("no key for KK=" + flags);
        }
        cipher.encrypt(payload, to);
    }

    private @Nullable PayloadCipher cipher(int flags) {
        return switch (flags) {
            case KeyFlags.EVEN -> even;
            case KeyFlags.ODD -> odd;
            default -> null;
        };
    }
}
