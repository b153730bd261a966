package io.millrace.srt.connection;

import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.crypto.SendKeys;
import io.millrace.srt.crypto.SessionKeys;
import io.millrace.srt.crypto.StreamKeys;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.KeyMaterialPacket;
import io.millrace.srt.packet.Peer;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one connection, for each direction its own, and what the sides tell each other about them after the
 * handshake. draft-sharabayko-srt §6.1.6.
 */
final class ConnectionKeys {
    private final @Nullable StreamKeys receiving;
    private final @Nullable SendKeys sending;
    private final KmState state;

    /** The handshake's, which wraps the keys that we send by. */
    private final @Nullable KeyEncryptionKey kek;
    /** What unwraps the keys that the peer sends by: the handshake's as well, until the peer changes its salt. */
    private @Nullable KeyEncryptionKey peersKek;
    /** The peer's newest message that was understood. */
    private @Nullable KeyMaterial newest;

    private final UnreadKeyMaterial unread = new UnreadKeyMaterial();

    /** What the peer's newest KMREQ is answered with; it repeats a request whose answer was lost. */
    private byte @Nullable [] answer;

    private boolean renewed;

    private ConnectionKeys(
            @Nullable StreamKeys receiving,
            @Nullable SendKeys sending,
            KmState state,
            KeyAgreement.@Nullable Secured handshakes) {
        this.receiving = receiving;
        this.sending = sending;
        this.state = state;
        kek = handshakes == null ? null : handshakes.kek();
        peersKek = receiving == null ? null : kek;
        newest = receiving == null || handshakes == null ? null : handshakes.material();
    }

    /**
     * The keys that the handshake brought, wiped there.
     *
     * @param windowPackets how far back retransmissions reach
     * @param random source of new keys
     */
    static ConnectionKeys of(KeyAgreement agreement, RefreshPeriod period, int windowPackets, RandomGenerator random) {
        if (agreement instanceof KeyAgreement.Secured secured) {
            StreamKeys receiving = new StreamKeys(secured.material().mode());
            receiving.install(secured.material(), secured.keys());
            SendKeys sending = sendKeys(secured, period, windowPackets, random);
            return new ConnectionKeys(receiving, sending, KmState.SECURED, secured);
        }
        if (!(agreement instanceof KeyAgreement.Unsecured unsecured)) {
            return new ConnectionKeys(null, null, KmState.NO_SECRET, null);
        }
        KeyAgreement.Secured ours = unsecured.ours();
        SendKeys sending = ours == null ? null : sendKeys(ours, period, windowPackets, random);
        return new ConnectionKeys(null, sending, unsecured.state(), ours);
    }

    private static SendKeys sendKeys(
            KeyAgreement.Secured handshakes, RefreshPeriod period, int windowPackets, RandomGenerator random) {
        SendKeys keys = new SendKeys(
                handshakes.material().mode(), handshakes.keys(), handshakes.kek(), period, windowPackets, random);
        handshakes.keys().wipe();
        return keys;
    }

    /** What decrypts; null where nothing is to be decrypted. */
    @Nullable
    StreamKeys receiving() {
        return receiving;
    }

    /** What encrypts; null where it goes out in clear. */
    @Nullable
    SendKeys sending() {
        return sending;
    }

    /** Where the exchange of keys stands. */
    KmState state() {
        return state;
    }

    /**
     * Both sides send. Both directions begin with the same key, salt and sequence number, so we take another key before
     * ours would be used for the second time. A peer that never got our key has none to use.
     */
    void bothSend() {
        if (sending != null && receiving != null && !renewed) {
            renewed = true;
            sending.renew();
        }
    }

    /** KMREQ: the peer is going to use new keys. */
    void onRequest(ByteBuffer content) {
        if (KeyMaterial.check(content) != null) {
            return;
        }
        if (peersKek == null || receiving == null) {
            answer = word(state);
            return;
        }
        if (newest != null && newest.isEchoedBy(content)) {
            // The usual repetition, which is to cost nothing.
            answer = bytes(newest);
            return;
        }
        KeyMaterial material = KeyMaterial.read(content);
        if (material.mode() != receiving.mode()) {
            answer = word(KmState.BAD_CRYPTO_MODE);
        } else if (peersKek.fits(material)) {
            install(material, peersKek, receiving);
        } else {
            unread.arrived(material);
        }
    }

    /** The message that another key encrypting key is needed for, see {@link #rekey}; null if there is none now. */
    @Nullable
    KeyMaterial takeUnread(long nowMicros) {
        return unread.take(nowMicros);
    }

    /**
     * Goes on with a key encrypting key for what {@link #takeUnread} gave. It is this object's from now on; what we send
     * is not concerned.
     */
    void rekey(KeyEncryptionKey derived) {
        KeyMaterial material = unread.derived(derived);
        if (material == null || receiving == null || !install(material, derived, receiving)) {
            derived.wipe();
            return;
        }
        if (peersKek != null && peersKek != kek) {
            peersKek.wipe();
        }
        peersKek = derived;
    }

    private boolean install(KeyMaterial material, KeyEncryptionKey unwrapping, StreamKeys receivers) {
        SessionKeys keys = material.unwrap(unwrapping);
        if (keys == null) {
            answer = word(KmState.BAD_SECRET);
            return false;
        }
        receivers.install(material, keys);
        keys.wipe();
        newest = material;
        answer = bytes(material);
        return true;
    }

    /** KMRSP: an answer to what we announced, or nothing that matters. */
    void onResponse(ByteBuffer content) {
        if (sending != null) {
            sending.onAnswer(content);
        }
    }

    /** Writes what is due. Returns whether there was anything. */
    boolean drain(Peer peer, DatagramSink sink, long nowMicros, long rttMicros) {
        boolean wrote = false;
        if (answer != null) {
            ByteBuffer to = begin(KeyMaterialPacket.KMRSP, answer.length, peer, sink, nowMicros);
            to.put(answer);
            sink.end();
            answer = null;
            wrote = true;
        }
        KeyMaterial announced = sending == null ? null : sending.takeAnnouncement(nowMicros, rttMicros);
        if (announced != null) {
            announced.write(begin(KeyMaterialPacket.KMREQ, announced.length(), peer, sink, nowMicros));
            sink.end();
            wrote = true;
        }
        return wrote;
    }

    long nextTimeoutMicros() {
        return Math.min(unread.dueMicros(), sending == null ? Long.MAX_VALUE : sending.nextAnnouncementMicros());
    }

    /** Overwrites every secret; nothing is encrypted, decrypted or answered afterwards. */
    void wipe() {
        if (sending != null) {
            sending.wipe();
        }
        if (receiving != null) {
            receiving.wipe();
        }
        if (kek != null) {
            kek.wipe();
        }
        if (peersKek != null) {
            peersKek.wipe();
            peersKek = null;
        }
        unread.clear();
        answer = null;
    }

    private static ByteBuffer begin(int subtype, int length, Peer peer, DatagramSink sink, long nowMicros) {
        ByteBuffer to = sink.begin(peer.address(), KeyMaterialPacket.HEADER_LENGTH + length);
        KeyMaterialPacket.writeHeader(to, subtype, peer.timestamp(nowMicros), peer.socketId());
        return to;
    }

    private static byte[] word(KmState state) {
        ByteBuffer word = ByteBuffer.allocate(KmState.LENGTH);
        state.write(word);
        return word.array();
    }

    private static byte[] bytes(KeyMaterial material) {
        ByteBuffer message = ByteBuffer.allocate(material.length());
        material.write(message);
        return message.array();
    }
}
