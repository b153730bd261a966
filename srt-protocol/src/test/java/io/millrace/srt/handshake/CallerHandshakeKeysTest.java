package io.millrace.srt.handshake;

import static io.millrace.srt.handshake.Requests.CALLER;
import static io.millrace.srt.handshake.Requests.LIVE_FLAGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.CallerHandshake.State;
import io.millrace.srt.packet.AddressField;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller makes of the listener's answer to its key material, or to the lack of it. */
class CallerHandshakeKeysTest {
    private static final int V1_5_3 = 0x00010503;
    private static final int V1_5_4 = 0x00010504;

    private final KeyEncryptionKey kek = KeyEncryptionKey.derive(Passphrase.of("correct horse"), new byte[16], 32);
    private final KeyAgreement.Secured keys = KeyAgreement.Secured.initiate(kek, CipherMode.CTR, new Random(1));

    @Test
    void theConclusionCarriesTheMessageAndTheKeyLength() {
        CallerHandshake caller = caller(keys, true);

        assertThat(caller.message().encryption()).isEqualTo(256 / 64);
        assertThat(caller.message().extension()).isEqualTo(1 | 2 | 4);
        assertThat(caller.extensions().types())
                .containsExactly(ExtensionBlock.HSREQ, ExtensionBlock.SID, ExtensionBlock.KMREQ);
        assertThat(caller.extensions().keyMaterial()).isEqualTo(keys.material());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEchoMeansThatBothHaveTheKeys(boolean enforced) {
        CallerHandshake caller = caller(keys, enforced);

        assertThat(answer(caller, V1_5_3, bytes(keys))).isEqualTo(State.GRANTED);
        assertThat(caller.agreement()).isSameAs(keys);
    }

    @ParameterizedTest
    @CsvSource({
        // As libsrt writes it, and as the draft would have it.
        "00000000, UNSECURED,  UNSECURE",
        "03000000, NO_SECRET,  UNSECURE",
        "00000003, NO_SECRET,  UNSECURE",
        "04000000, BAD_SECRET, BAD_SECRET",
        "00000004, BAD_SECRET, BAD_SECRET",
        // A success is an echo and never a word.
        "01000000, BAD_SECRET, BAD_SECRET",
        "00000001, BAD_SECRET, BAD_SECRET",
        "02000000, BAD_SECRET, BAD_SECRET",
        "00000002, BAD_SECRET, BAD_SECRET",
        // No state at all.
        "06000000, BAD_SECRET, BAD_SECRET",
        "ffffffff, BAD_SECRET, BAD_SECRET",
        "12202901, BAD_SECRET, BAD_SECRET",
    })
    void aWordInItsPlaceIsForTheUserToJudge(String word, KmState state, RejectReason refusal) {
        byte[] content = ByteBuffer.allocate(4)
                .putInt(Integer.parseUnsignedInt(word, 16))
                .array();
        CallerHandshake strict = caller(keys, true);
        CallerHandshake lenient = caller(keys, false);

        assertThat(answer(strict, V1_5_3, content)).isEqualTo(State.REJECTED);
        assertThat(strict.rejectReason()).isEqualTo(refusal);
        assertThat(answer(lenient, V1_5_3, content)).isEqualTo(State.GRANTED);
        assertThat(lenient.agreement()).isEqualTo(new KeyAgreement.Unsecured(state, keys));
    }

    @ParameterizedTest
    @ValueSource(strings = {"05000000", "00000005"})
    void anotherCipherModeEndsTheCallWhetherEnforcedOrNot(String word) {
        byte[] content =
                ByteBuffer.allocate(4).putInt(Integer.parseInt(word, 16)).array();
        for (boolean enforced : new boolean[] {true, false}) {
            CallerHandshake caller = caller(keys, enforced);

            assertThat(answer(caller, V1_5_3, content)).isEqualTo(State.REJECTED);
            assertThat(caller.rejectReason()).isEqualTo(RejectReason.CRYPTO);
        }
    }

    @Test
    void aMessageThatIsNotTheSameIsNoEcho() {
        byte[] other = bytes(keys);
        other[40] ^= 1;
        byte[] longer = ByteBuffer.allocate(200).put(bytes(keys)).array();
        for (byte[] content : new byte[][] {other, longer, new byte[0], new byte[8]}) {
            CallerHandshake strict = caller(keys, true);
            assertThat(answer(strict, V1_5_3, content)).isEqualTo(State.REJECTED);
            assertThat(strict.rejectReason()).isEqualTo(RejectReason.BAD_SECRET);

            CallerHandshake lenient = caller(keys, false);
            assertThat(answer(lenient, V1_5_3, content)).isEqualTo(State.GRANTED);
            assertThat(lenient.agreement()).isEqualTo(new KeyAgreement.Unsecured(KmState.BAD_SECRET, keys));
        }
    }

    @Test
    void aMissingAnswerMeansThatTheListenerDoesNotEncrypt() {
        CallerHandshake strict = caller(keys, true);
        CallerHandshake lenient = caller(keys, false);

        assertThat(answer(strict, V1_5_3, null)).isEqualTo(State.REJECTED);
        assertThat(strict.rejectReason()).isEqualTo(RejectReason.UNSECURE);
        assertThat(answer(lenient, V1_5_3, null)).isEqualTo(State.GRANTED);
        assertThat(lenient.agreement()).isEqualTo(new KeyAgreement.Unsecured(KmState.NO_SECRET, keys));
    }

    @Test
    void aListenerThatEncryptsWhereWeDoNotIsLeftIfWeInsist() {
        CallerHandshake strict = caller(KeyAgreement.Clear.CLEAR, true);
        CallerHandshake lenient = caller(KeyAgreement.Clear.CLEAR, false);

        assertThat(answer(strict, V1_5_3, new byte[4])).isEqualTo(State.REJECTED);
        assertThat(strict.rejectReason()).isEqualTo(RejectReason.UNSECURE);
        assertThat(answer(lenient, V1_5_3, new byte[4])).isEqualTo(State.GRANTED);
        assertThat(lenient.agreement()).isEqualTo(new KeyAgreement.Unsecured(KmState.UNSECURED, null));
    }

    @Test
    void whereNobodyEncryptsNoAnswerIsMissing() {
        CallerHandshake caller = caller(KeyAgreement.Clear.CLEAR, true);

        assertThat(answer(caller, V1_5_3, null)).isEqualTo(State.GRANTED);
        assertThat(caller.agreement()).isSameAs(KeyAgreement.Clear.CLEAR);
    }

    /** Before 1.5.4 the vectors of AES-GCM repeat. */
    @Test
    void aListenerWhoseGcmIsUnsafeIsLeftAlways() {
        KeyAgreement.Secured gcm = KeyAgreement.Secured.initiate(kek, CipherMode.GCM, new Random(1));
        CallerHandshake old = caller(gcm, false);
        CallerHandshake present = caller(gcm, false);

        assertThat(answer(old, V1_5_3, bytes(gcm))).isEqualTo(State.REJECTED);
        assertThat(old.rejectReason()).isEqualTo(RejectReason.CRYPTO);
        assertThat(answer(present, V1_5_4, bytes(gcm))).isEqualTo(State.GRANTED);
    }

    @Test
    void theKeysOfACallThatFailedAreWiped() {
        CallerHandshake caller = caller(keys, true);
        caller.timedOut();
        caller.wipe();

        assertThatIllegalStateException().isThrownBy(kek::copy);
        assertThat(keys.material().length()).as("no secret").isEqualTo(72);
    }

    private static CallerHandshake caller(KeyAgreement keys, boolean enforced) {
        CallerHandshake caller = new CallerHandshake(
                new InetSocketAddress(CALLER, 9000), Offer.DEFAULT, keys, enforced, "live/x", 77, 1_000);
        caller.onResponse(
                new HandshakePacket(
                        5,
                        0,
                        HandshakePacket.SRT_MAGIC,
                        1_000,
                        1500,
                        8192,
                        HandshakePacket.INDUCTION,
                        77,
                        4711,
                        AddressField.of(CALLER)),
                new HandshakeExtensions(List.of()));
        return caller;
    }

    /** @param kmrsp null for none */
    private static State answer(CallerHandshake caller, int version, byte @Nullable [] kmrsp) {
        List<ExtensionBlock> blocks = new ArrayList<>();
        blocks.add(new ExtensionBlock(ExtensionBlock.HSRSP, new SrtExtension(version, LIVE_FLAGS, 120, 120).content()));
        if (kmrsp != null) {
            blocks.add(new ExtensionBlock(ExtensionBlock.KMRSP, kmrsp));
        }
        return caller.onResponse(
                new HandshakePacket(
                        5, 0, 3, 1_000, 1500, 8192, HandshakePacket.CONCLUSION, 99, 4711, AddressField.of(CALLER)),
                new HandshakeExtensions(blocks));
    }

    private static byte[] bytes(KeyAgreement.Secured keys) {
        ByteBuffer bytes = ByteBuffer.allocate(keys.material().length());
        keys.material().write(bytes);
        return bytes.array();
    }
}
