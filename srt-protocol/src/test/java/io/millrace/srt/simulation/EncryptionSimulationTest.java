package io.millrace.srt.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.Statistic;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.crypto.SaltChanger;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.PacketDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two sides of ours with passphrases, good and bad networks between them. draft-sharabayko-srt §6. */
class EncryptionSimulationTest {
    private static final long MILLI = 1_000;
    private static final String SECRET = "correct horse battery";
    private static final String OTHER = "another passphrase";
    private static final LinkProfile NEAR = LinkProfile.delay(5 * MILLI);
    private static final LinkProfile BAD = LinkProfile.delay(20 * MILLI)
            .withLoss(0.04)
            .withReordering(0.03, 8 * MILLI)
            .withDuplication(0.01);

    @ParameterizedTest
    @CsvSource({"CTR, 16", "CTR, 24", "CTR, 32", "GCM, 16", "GCM, 24", "GCM, 32"})
    void bothDirectionsAreDecryptedAtEachKeyLength(CipherMode mode, int keyLength) {
        EncryptedCall call = new EncryptedCall(1, NEAR, RefreshPeriod.DEFAULT);
        call.open(call.keys(SECRET, mode, keyLength), SECRET, true, true);
        call.sendBothWays(300);

        assertThat(call.listenerSide.numbers).hasSize(300).isSorted();
        assertThat(call.callerSide.numbers).hasSize(300).isSorted();
        assertThat(call.dataPackets).allMatch(packet -> DataHeader.keyFlags(packet) != 0);
        assertThat(call.callerSide.connection.keyState()).isEqualTo(KmState.SECURED);
        assertThat(call.listenerSide.connection.keyState()).isEqualTo(KmState.SECURED);
    }

    @Test
    void noTwoPacketsOfOppositeDirectionsHaveTheSameKeyStream() {
        EncryptedCall call = new EncryptedCall(2, NEAR, RefreshPeriod.DEFAULT);
        call.open(call.keys(SECRET, CipherMode.CTR, 16), SECRET, true, true);
        call.sendBothWays(50);

        // Both sides send the same payloads under the same numbers: the same key would give the same ciphertext.
        assertThat(call.dataPackets).hasSize(100);
        assertThat(call.dataPackets.stream().map(EncryptedCall::ciphertext).distinct())
                .hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void keysSwitchUnderLossAndReorderingWithoutALostPacket(int seed) {
        EncryptedCall call = new EncryptedCall(seed, BAD, new RefreshPeriod(200, 90));
        call.open(call.keys(SECRET, seed % 2 == 0 ? CipherMode.CTR : CipherMode.GCM, 16), SECRET, true, true);
        call.sendBothWays(4_000);

        assertThat(call.listenerSide.numbers).hasSize(4_000).isSorted();
        assertThat(call.callerSide.numbers).hasSize(4_000).isSorted();
        assertThat(call.listenerSide.value(Statistic.pktRcvUndecryptTotal)).isZero();
        assertThat(call.callerSide.value(Statistic.pktRcvUndecryptTotal)).isZero();
        assertThat(call.listenerSide.value(Statistic.pktRcvRetransTotal)).isPositive();
        assertThat(call.keySwitches()).isGreaterThanOrEqualTo(2 * 4_000 / 200 - 2);
    }

    @Test
    void aRetransmissionIsTheFirstTransmissionButForItsFlag() {
        EncryptedCall call = new EncryptedCall(3, BAD, new RefreshPeriod(200, 90));
        call.open(call.keys(SECRET, CipherMode.CTR, 16), SECRET, true, true);
        call.send(call.callerSide, 3_000);

        List<ByteBuffer> again =
                call.dataPackets.stream().filter(DataHeader::isRetransmitted).toList();
        assertThat(again).hasSizeGreaterThan(50);
        for (ByteBuffer packet : again) {
            ByteBuffer first = call.dataPackets.stream()
                    .filter(each -> !DataHeader.isRetransmitted(each)
                            && DataHeader.sequenceNumber(each) == DataHeader.sequenceNumber(packet))
                    .findFirst()
                    .orElseThrow();
            assertThat(packet.duplicate().put(4, (byte) (packet.get(4) & ~0x04)))
                    .isEqualTo(first);
        }
    }

    @Test
    void aWrongPassphraseIsRefusedWithBadSecret() {
        EncryptedCall call = new EncryptedCall(4, NEAR, RefreshPeriod.DEFAULT);
        call.open(call.keys(SECRET, CipherMode.CTR, 16), OTHER, true, true);

        assertThat(call.refusal).isEqualTo(RejectReason.BAD_SECRET);
    }

    @Test
    void aPassphraseOnOneSideOnlyIsRefusedAsUnsecure() {
        EncryptedCall callers = new EncryptedCall(5, NEAR, RefreshPeriod.DEFAULT);
        callers.open(callers.keys(SECRET, CipherMode.CTR, 16), null, true, true);
        EncryptedCall listeners = new EncryptedCall(6, NEAR, RefreshPeriod.DEFAULT);
        listeners.open(KeyAgreement.Clear.CLEAR, SECRET, true, true);

        assertThat(callers.refusal).isEqualTo(RejectReason.UNSECURE);
        assertThat(listeners.refusal).isEqualTo(RejectReason.UNSECURE);
    }

    /** draft-sharabayko-srt does not say so; it is what libsrt's two sides do. */
    @Test
    void anEnforcingCallerLeavesAListenerThatDoesNotEnforce() {
        EncryptedCall wrong = new EncryptedCall(7, NEAR, RefreshPeriod.DEFAULT);
        wrong.open(wrong.keys(SECRET, CipherMode.CTR, 16), OTHER, true, false);
        EncryptedCall none = new EncryptedCall(8, NEAR, RefreshPeriod.DEFAULT);
        none.open(none.keys(SECRET, CipherMode.CTR, 16), null, true, false);
        EncryptedCall unasked = new EncryptedCall(9, NEAR, RefreshPeriod.DEFAULT);
        unasked.open(KeyAgreement.Clear.CLEAR, SECRET, true, false);

        assertThat(wrong.refusal).isEqualTo(RejectReason.BAD_SECRET);
        assertThat(none.refusal).isEqualTo(RejectReason.UNSECURE);
        assertThat(unasked.refusal).isEqualTo(RejectReason.UNSECURE);
    }

    @Test
    void whereNobodyEnforcesTheWrongPassphraseCostsThePayloadsOfTheCallerOnly() {
        EncryptedCall call = new EncryptedCall(10, NEAR, RefreshPeriod.DEFAULT);
        call.open(call.keys(SECRET, CipherMode.CTR, 16), OTHER, false, false);
        call.sendBothWays(100);

        assertThat(call.callerSide.connection.keyState()).isEqualTo(KmState.BAD_SECRET);
        assertThat(call.listenerSide.connection.keyState()).isEqualTo(KmState.BAD_SECRET);
        assertThat(call.listenerSide.numbers).isEmpty();
        assertThat(call.listenerSide.value(Statistic.pktRcvUndecryptTotal)).isEqualTo(100);
        assertThat(call.callerSide.numbers).as("sent in clear").hasSize(100);
        assertThat(call.callerSide.value(Statistic.pktSndLossTotal)).isZero();
    }

    @Test
    void whereNobodyEnforcesACallerWithoutPassphraseIsServedInClear() {
        EncryptedCall call = new EncryptedCall(11, NEAR, RefreshPeriod.DEFAULT);
        call.open(KeyAgreement.Clear.CLEAR, SECRET, false, false);
        call.sendBothWays(100);

        assertThat(call.callerSide.connection.keyState()).isEqualTo(KmState.UNSECURED);
        assertThat(call.listenerSide.numbers).hasSize(100);
        assertThat(call.callerSide.numbers).hasSize(100);
    }

    @Test
    void aRepeatedConclusionIsAnsweredWithTheSameKeyMaterial() {
        // The listener's first answer is lost in the outage; the caller asks again every 250 ms.
        EncryptedCall call = new EncryptedCall(12, NEAR.withOutage(25 * MILLI, 400 * MILLI), RefreshPeriod.DEFAULT);
        call.open(call.keys(SECRET, CipherMode.CTR, 16), SECRET, true, true);
        call.sendBothWays(50);

        assertThat(call.listenerSide.numbers).hasSize(50);
        assertThat(call.decisions).isEqualTo(1);
    }

    @Test
    void clearPacketsOnASecuredConnectionAreNotDelivered() {
        EncryptedCall call = new EncryptedCall(13, NEAR, RefreshPeriod.DEFAULT);
        call.open(call.keys(SECRET, CipherMode.GCM, 16), SECRET, true, true);
        call.send(call.callerSide, 10);
        ByteBuffer last = call.dataPackets.get(call.dataPackets.size() - 1);
        ByteBuffer forged = ByteBuffer.allocate(DataHeader.LENGTH + 4);
        DataHeader.write(
                forged,
                DataHeader.sequenceNumber(last) + 1,
                11,
                0,
                false,
                DataHeader.timestamp(last),
                PacketDecoder.destinationSocketId(last));
        forged.putInt(4711).flip();
        call.listener.input(() ->
                call.listener.endpoint().handleDatagram(call.listener.nowMicros(), call.caller.address(), forged));
        call.send(call.callerSide, 10);

        assertThat(call.listenerSide.numbers)
                .as("the real packet has its place")
                .hasSize(20);
        assertThat(call.listenerSide.value(Statistic.pktRcvUndecryptTotal)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, CTR", "2, GCM", "3, CTR", "4, GCM"})
    void aPeerThatChangesItsSaltWithEachKeyIsUnderstoodUnderLoss(int seed, CipherMode mode) {
        EncryptedCall call = new EncryptedCall(seed, BAD, new RefreshPeriod(600, 250));
        KeyAgreement.Secured keys = call.keys(SECRET, mode, 16);
        SaltChanger changer = new SaltChanger(Passphrase.of(SECRET), keys.material(), new Random(seed));
        call.caller.rewrite(changer::outgoing, changer::incoming);
        call.open(keys, SECRET, true, true);
        call.send(call.callerSide, 3_000, 10 * MILLI);

        assertThat(changer.changes()).isEqualTo(6);
        assertThat(call.derivations).hasSize(6);
        assertThat(call.listenerSide.numbers).hasSize(3_000).isSorted();
        assertThat(call.listenerSide.value(Statistic.pktRcvUndecryptTotal)).isZero();
        assertThat(call.listenerSide.value(Statistic.pktRcvRetransTotal)).isPositive();
    }
}
