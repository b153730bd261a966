package io.millrace.srt.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which one connection encrypts what it sends, and their refresh. Not thread-safe.
 *
 * <p>Packets are named by their offset from the connection's first. Nothing is kept per packet: offset, payload and
 * header give the same ciphertext again.
 */
public final class SendKeys {
    private final StreamKeys keys;
    private final KeyRefresh refresh;
    private final KeyEncryptionKey kek;
    private final RandomGenerator random;

    private byte[] currentKey;
    private byte @Nullable [] nextKey;
    private @Nullable KeyAnnouncement announcement;
    private boolean renewing;

    /**
     * @param first the even key that the handshake brought; not kept
     * @param kek for the messages to come; the peer's messages need it, too, so whoever made it wipes it
     * @param windowPackets how far back retransmissions reach
     * @param random source of new keys, must be unpredictable: a {@code SecureRandom} outside of tests
     */
    public SendKeys(
            CipherMode mode,
            SessionKeys first,
            KeyEncryptionKey kek,
            RefreshPeriod period,
            int windowPackets,
            RandomGenerator random) {
        byte[] even = first.key(KeyFlags.EVEN);
        if (even == null) {
            throw new IllegalArgumentException("a connection starts with an even key");
        }
        this.kek = kek;
        this.random = random;
        keys = new StreamKeys(mode);
        keys.install(first, kek.salt());
        refresh = new KeyRefresh(period, windowPackets);
        currentKey = even.clone();
    }

    /** How payloads are encrypted. */
    public CipherMode mode() {
        return keys.mode();
    }

    /** To be called before each packet that goes out for the first time and is farther than any before it. */
    public void beforeFirst(long offset) {
        switch (refresh.beforeFirst(offset)) {
            case ANNOUNCE -> announceNext();
            case SWITCH -> useNext();
            case RETIRE -> keys.forget(KeyFlags.other(refresh.currentFlag()));
            case NONE -> {}
        }
    }

    /**
     * Takes a new key for the next new packet on. Needed before the first packet where the peer sends too: both directions
     * begin with the same key, salt and sequence number, and whoever sees both sees the XOR of their payloads. Nothing new
     * should be sent while {@link #isRenewing}.
     */
    public void renew() {
        if (nextKey == null) {
            announceNext();
        }
        refresh.renew();
        renewing = true;
    }

    /** Whether the peer is still to say that it has the new key, and is likely to. */
    public boolean isRenewing() {
        renewing &= announcement != null && !announcement.isTriedEnough();
        return renewing;
    }

    /** KK for the header of the packet at this offset, sent for the first time or again; see {@link KeyFlags}. */
    public int keyFlagsAt(long offset) {
        return refresh.keyFlagsAt(offset);
    }

    /**
     * Encrypts the payload to the position, right behind the header of its packet, by the key that the header's KK names.
     * There must be room for {@link CipherMode#overheadBytes} more than the payload has.
     */
    public void encrypt(byte[] payload, ByteBuffer to) {
        keys.encrypt(payload, to);
    }

    /** Whether the peer has not yet answered the newest key material, and is told again. */
    public boolean isAnnouncing() {
        return announcement != null;
    }

    /** When key material is to be sent, microseconds; {@link Long#MIN_VALUE} at once, {@link Long#MAX_VALUE} never. */
    public long nextAnnouncementMicros() {
        return announcement == null ? Long.MAX_VALUE : announcement.dueMicros();
    }

    /** Key material to be sent as KMREQ now, or null. To ask is to send: the same comes again until it is answered. */
    public @Nullable KeyMaterial takeAnnouncement(long nowMicros, long rttMicros) {
        if (announcement == null || !announcement.isDue(nowMicros)) {
            return null;
        }
        announcement.sent(nowMicros, rttMicros);
        return announcement.material();
    }

    /**
     * Reads the content of a KMRSP between position and limit. Returns whether it answers the newest key material; anything
     * else changes nothing, whatever state it claims: a secured connection can't be talked out of it.
     */
    public boolean onAnswer(ByteBuffer content) {
        if (announcement == null || !announcement.isAnsweredBy(content)) {
            return false;
        }
        announcement = null;
        return true;
    }

    private void announceNext() {
        byte[] next = SessionKeys.generateKey(kek.keyLength(), random);
        int nextFlag = KeyFlags.other(refresh.currentFlag());
        keys.install(SessionKeys.ofFlag(nextFlag, next), kek.salt());
        SessionKeys both =
                nextFlag == KeyFlags.EVEN ? SessionKeys.ofBoth(next, currentKey) : SessionKeys.ofBoth(currentKey, next);
        announcement = new KeyAnnouncement(KeyMaterial.wrap(keys.mode(), both, kek));
        nextKey = next;
    }

    private void useNext() {
        if (nextKey == null) {
            throw new IllegalStateException("a key is announced before it is used");
        }
        Arrays.fill(currentKey, (byte) 0);
        currentKey = nextKey;
        nextKey = null;
    }

    /** Overwrites the keys; nothing can be encrypted afterwards. */
    public void wipe() {
        announcement = null;
        keys.wipe();
        Arrays.fill(currentKey, (byte) 0);
        if (nextKey != null) {
            Arrays.fill(nextKey, (byte) 0);
        }
    }
}
