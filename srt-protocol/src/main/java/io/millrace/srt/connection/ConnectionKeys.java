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
    private final @Nullable KeyEncryptionKey kek;
    private final @Nullable StreamKeys receiving;
    private final @Nullable SendKeys sending;
    private final KmState state;

    /** What the peer's newest KMREQ is answered with; it repeats a request whose answer was lost. */
    private byte @Nullable [] answer;

    private boolean renewed;

    private ConnectionKeys(
            @Nullable KeyEncryptionKey kek, @Nullable StreamKeys receiving, @Nullable SendKeys sending, KmState state) {
        this.kek = kek;
        this.receiving = receiving;
        this.sending = sending;
        this.state = state;
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
            secured.keys().wipe();
            return new ConnectionKeys(secured.kek(), receiving, sending, KmState.SECURED);
        }
        if (!(agreement instanceof KeyAgreement.Unsecured unsecured)) {
            return new ConnectionKeys(null, null, null, KmState.NO_SECRET);
        }
        KeyAgreement.Secured ours = unsecured.ours();
        if (ours == null) {
            return new ConnectionKeys(null, null, null, unsecured.state());
        }
        SendKeys sending = sendKeys(ours, period, windowPackets, random);
        ours.keys().wipe();
        return new ConnectionKeys(ours.kek(), null, sending, unsecured.state());
    }

    private static SendKeys sendKeys(
            KeyAgreement.Secured keys, RefreshPeriod period, int windowPackets, RandomGenerator random) {
        return new SendKeys(keys.material().mode(), keys.keys(), keys.kek(), period, windowPackets, random);
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
     * ours would be used for the second time.
     */
    void bothSend() {
        if (sending != null && !renewed) {
            renewed = true;
            sending.renew();
        }
    }

    /** KMREQ: the peer is going to use new keys. */
    void onRequest(ByteBuffer content) {
        if (KeyMaterial.check(content) != null) {
            return;
        }
        if (kek == null || receiving == null) {
            answer = word(state);
            return;
        }
        KeyMaterial material = KeyMaterial.read(content);
        SessionKeys keys = kek.fits(material) ? material.unwrap(kek) : null;
        if (keys == null) {
            answer = word(KmState.BAD_SECRET);
            return;
        }
        boolean installed = receiving.install(material, keys);
        keys.wipe();
        if (installed) {
            answer = new byte[content.remaining()];
            content.get(content.position(), answer);
        } else {
            answer = word(KmState.BAD_CRYPTO_MODE);
        }
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
        return sending == null ? Long.MAX_VALUE : sending.nextAnnouncementMicros();
    }

    /** Overwrites every secret. */
    void wipe() {
        if (sending != null) {
            sending.wipe();
        }
        if (kek != null) {
            kek.wipe();
        }
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
}
