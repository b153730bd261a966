package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.crypto.SessionKeys;
import io.millrace.srt.crypto.StreamKeys;
import io.millrace.srt.endpoint.DrivenEndpoint.Sent;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.KeyMaterialPacket;
import io.millrace.srt.receive.Delivery;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Key material that another key encrypting key is needed for. */
class SrtEndpointRekeyTest {
    private static final Passphrase PASSPHRASE = Passphrase.of("correct horse battery");
    private static final long SECOND = 1_000_000;
    private static final int PAYLOAD = 4711;
    private static final int SALT_AT = 16;

    private final Random random = new Random(5);
    private final DrivenEndpoint listener = DrivenEndpoint.listener();
    private final KeyEncryptionKey firstKek = kek(PASSPHRASE, 16);
    private final StrictReceiver received = new StrictReceiver(Delivery.ON_ARRIVAL);
    private final ScriptedCaller caller;
    private final SrtConnection connection;
    private int dataPackets;

    SrtEndpointRekeyTest() {
        SessionKeys first = SessionKeys.generate(16, random);
        KeyMaterial material = KeyMaterial.wrap(CipherMode.CTR, first, firstKek);
        caller = new ScriptedCaller(
                ScriptedCaller.address(7), 99, 100, new KeyAgreement.Secured(material, first, firstKek.copy()));
        connection = caller.connectTo(listener);
        connection.receiveInto(received, Delivery.ON_ARRIVAL);
    }

    @Test
    void theOwnerIsAskedAndThePeerAnsweredOnceItHasDerived() {
        SessionKeys keys = SessionKeys.generate(32, random);
        KeyMaterial material = material(keys, kek(PASSPHRASE, 32));

        assertThat(request(material)).as("nothing to say yet").isEmpty();
        EndpointEvent.KeyMaterialArrived asked = listener.takeEvent(EndpointEvent.KeyMaterialArrived.class);
        assertThat(asked.connection()).isSameAs(connection);
        assertThat(asked.material()).isEqualTo(material);
        List<Sent> answers = rekey(KeyEncryptionKey.derive(PASSPHRASE, asked.material()));

        assertThat(answers).hasSize(1);
        assertThat(isAnswer(answers.get(0), bytes(material))).isTrue();
        assertThat(decrypts(material, keys)).isTrue();
    }

    @Test
    void theNewKeyUnwrapsWhatFollows() {
        KeyEncryptionKey kek = kek(PASSPHRASE, 16);
        request(material(SessionKeys.generate(16, random), kek));
        rekey(kek.copy());
        listener.takeEvents();
        SessionKeys next = SessionKeys.generate(16, random);
        KeyMaterial material = material(next, kek);

        List<Sent> answers = request(material);

        assertThat(isAnswer(answers.get(0), bytes(material))).isTrue();
        assertThat(listener.takeEvents()).isEmpty();
        assertThat(decrypts(material, next)).isTrue();
    }

    @Test
    void aRepetitionThatComesDuringTheDerivationAsksNobody() {
        KeyEncryptionKey kek = kek(PASSPHRASE, 16);
        KeyMaterial material = material(SessionKeys.generate(16, random), kek);
        request(material);
        assertThat(request(material)).isEmpty();
        rekey(kek.copy());
        listener.takeEvents();

        assertThat(request(material)).hasSize(1);
        listener.advance(20 * SECOND);
        assertThat(listener.takeEvents()).noneMatch(EndpointEvent.KeyMaterialArrived.class::isInstance);
    }

    @Test
    void aThousandMessagesBuyOneDerivationInFiveSeconds() {
        for (int i = 0; i < 1_000; i++) {
            request(useless(i));
        }
        assertThat(listener.takeEvents()).hasSize(1);

        int events = 0;
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 20; i++) {
                request(useless(i));
                listener.advance(SECOND / 20);
            }
            events += listener.takeEvents().size();
        }
        assertThat(events).isEqualTo(12);
        assertThat(connection.closeReason()).isNull();
    }

    @Test
    void theNewestMessageIsTheOneThatIsAskedAboutWhenItsTimeComes() {
        request(useless(1));
        request(useless(2));
        KeyMaterial newest = material(SessionKeys.generate(16, random), kek(PASSPHRASE, 16));
        request(newest);
        listener.takeEvents();
        listener.advance(4 * SECOND);
        listener.receive(caller.address, ScriptedCaller.control(ControlType.KEEP_ALIVE, connection.localSocketId()));
        assertThat(listener.takeEvents()).isEmpty();

        listener.advance(SECOND);

        assertThat(listener.takeEvent(EndpointEvent.KeyMaterialArrived.class).material())
                .isEqualTo(newest);
    }

    @Test
    void anotherPassphraseIsToldSoAndChangesNothing() {
        KeyMaterial foreign = material(SessionKeys.generate(16, random), kek(Passphrase.of("another passphrase"), 16));
        request(foreign);

        List<Sent> answers = rekey(KeyEncryptionKey.derive(PASSPHRASE, foreign));

        assertThat(isAnswer(answers.get(0), word(KmState.BAD_SECRET))).isTrue();
        SessionKeys next = SessionKeys.generate(16, random);
        KeyMaterial material = material(next, firstKek);
        assertThat(isAnswer(request(material).get(0), bytes(material))).isTrue();
        assertThat(decrypts(material, next)).isTrue();
    }

    @Test
    void anotherCipherModeIsRefusedWithoutADerivation() {
        KeyMaterial gcm = KeyMaterial.wrap(CipherMode.GCM, SessionKeys.generate(16, random), kek(PASSPHRASE, 16));

        List<Sent> answers = request(gcm);

        assertThat(isAnswer(answers.get(0), word(KmState.BAD_CRYPTO_MODE))).isTrue();
        assertThat(listener.takeEvents()).isEmpty();
    }

    @Test
    void aKeyThatNobodyAskedForIsWiped() {
        KeyEncryptionKey unasked = kek(PASSPHRASE, 16);
        KeyEncryptionKey tooLate = kek(PASSPHRASE, 16);
        request(material(SessionKeys.generate(16, random), tooLate));

        assertThat(rekey(unasked)).isEmpty();
        listener.input(() -> listener.endpoint.close(listener.nowMicros(), connection));
        assertThat(rekey(tooLate)).isEmpty();

        assertThatIllegalStateException().isThrownBy(unasked::copy);
        assertThatIllegalStateException().isThrownBy(tooLate::copy);
    }

    private KeyEncryptionKey kek(Passphrase passphrase, int keyLength) {
        return KeyEncryptionKey.derive(passphrase, KeyEncryptionKey.generateSalt(random), keyLength);
    }

    /** With a salt of its own; that nothing can be unwrapped shows once a key has been derived. */
    private KeyMaterial useless(int number) {
        ByteBuffer message = ByteBuffer.wrap(bytes(material(SessionKeys.generate(16, random), firstKek)));
        return KeyMaterial.read(message.putInt(SALT_AT, number));
    }

    private static KeyMaterial material(SessionKeys keys, KeyEncryptionKey kek) {
        return KeyMaterial.wrap(CipherMode.CTR, keys, kek);
    }

    private List<Sent> request(KeyMaterial material) {
        return listener.receive(
                caller.address,
                ScriptedCaller.keyMaterial(KeyMaterialPacket.KMREQ, bytes(material), connection.localSocketId()));
    }

    private List<Sent> rekey(KeyEncryptionKey kek) {
        return listener.input(() -> listener.endpoint.rekey(connection, kek));
    }

    /** Whether the listener understands what is encrypted by these keys. */
    private boolean decrypts(KeyMaterial material, SessionKeys keys) {
        StreamKeys sending = new StreamKeys(material.mode());
        sending.install(material, keys);
        ByteBuffer packet = ByteBuffer.allocate(DataHeader.LENGTH + 4);
        DataHeader.write(packet, 100 + dataPackets, dataPackets + 1, 1, false, 0, connection.localSocketId());
        sending.encrypt(ByteBuffer.allocate(4).putInt(PAYLOAD).array(), packet);
        listener.receive(caller.address, packet.flip());
        return received.payloads().get((long) dataPackets++).getInt(0) == PAYLOAD;
    }

    private static boolean isAnswer(Sent sent, byte[] content) {
        ByteBuffer packet = sent.packet();
        return ControlHeader.type(packet) == ControlType.USER_DEFINED
                && ControlHeader.subtype(packet) == KeyMaterialPacket.KMRSP
                && KeyMaterialPacket.content(packet).equals(ByteBuffer.wrap(content));
    }

    private static byte[] bytes(KeyMaterial material) {
        ByteBuffer bytes = ByteBuffer.allocate(material.length());
        material.write(bytes);
        return bytes.array();
    }

    private static byte[] word(KmState state) {
        ByteBuffer word = ByteBuffer.allocate(KmState.LENGTH);
        state.write(word);
        return word.array();
    }
}
