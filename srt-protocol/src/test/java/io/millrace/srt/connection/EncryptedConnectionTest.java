package io.millrace.srt.connection;

import static io.millrace.srt.connection.ConnectionRig.FIRST;
import static io.millrace.srt.connection.ConnectionRig.MILLI;
import static io.millrace.srt.connection.ConnectionRig.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyFlags;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.crypto.SessionKeys;
import io.millrace.srt.crypto.StreamKeys;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.KeyMaterialPacket;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.packet.Packets;
import io.millrace.srt.packet.WrittenPackets;
import io.millrace.srt.receive.Delivery;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which keys a connection takes when, and what it answers about them. draft-sharabayko-srt §6.1.6. */
class EncryptedConnectionTest {
    private static final int LATENCY_MILLIS = 500;
    private static final RefreshPeriod PERIOD = new RefreshPeriod(200, 90);

    private final Random random = new Random(4);
    private final KeyEncryptionKey kek = KeyEncryptionKey.derive(Passphrase.of("correct horse"), new byte[16], 16);
    private final SessionKeys first = SessionKeys.generate(16, random);

    @Test
    void whereBothSidesSendNothingGoesOutByTheKeyOfTheHandshake() {
        ConnectionRig rig = rig(CipherMode.CTR).sending().receiving(Delivery.ON_ARRIVAL);
        rig.publish(100);
        rig.publish(100);

        assertThat(data(rig)).isEmpty();
        List<ByteBuffer> requests = requests(rig);
        assertThat(requests).hasSize(1);
        rig.handle(Packets.keyMaterial(KeyMaterialPacket.KMRSP, requests.get(0)));

        assertThat(data(rig)).hasSize(2).allMatch(packet -> DataHeader.keyFlags(packet) == KeyFlags.ODD);
    }

    @Test
    void whereThePeerSentBeforeWeDidNothingGoesOutByTheKeyOfTheHandshake() {
        ConnectionRig rig = rig(CipherMode.CTR);
        rig.connection.keepEarlyData();
        rig.handle(data(CipherMode.CTR, FIRST, 1));

        rig.sending();
        rig.publish(100);

        assertThat(rig.connection.unexpectedData()).isEqualTo(1);
        assertThat(data(rig)).isEmpty();
        rig.handle(Packets.keyMaterial(KeyMaterialPacket.KMRSP, requests(rig).get(0)));
        assertThat(data(rig)).hasSize(1).allMatch(packet -> DataHeader.keyFlags(packet) == KeyFlags.ODD);
    }

    @Test
    void thePauseBeforeTheFirstPacketEndsWhenThePeerIsNotGoingToAnswer() {
        ConnectionRig rig = rig(CipherMode.CTR).receiving(Delivery.ON_ARRIVAL).sending();
        for (int i = 0; i < 16; i++) {
            rig.handle(Packets.bare(ControlType.KEEP_ALIVE, 0, 0));
            rig.publish(100);
            rig.run(100 * MILLI);
        }

        assertThat(requests(rig))
                .hasSizeGreaterThanOrEqualTo(10)
                .allMatch(requests(rig).get(0)::equals);
        assertThat(data(rig)).hasSizeGreaterThan(10).allMatch(packet -> DataHeader.keyFlags(packet) == KeyFlags.ODD);
    }

    @Test
    void aPeerThatSendsUnexpectedlyHasUsTakeTheKeyThatIsBeingAnnouncedAnyway() {
        ConnectionRig rig = rig(CipherMode.CTR).sending();
        for (int i = 0; i < 115; i++) {
            rig.publish(100);
            rig.run(10 * MILLI);
            rig.handle(Packets.lightAck(FIRST + i + 1));
        }
        ByteBuffer announced = requests(rig).get(0);
        int sent = data(rig).size();
        assertThat(data(rig)).allMatch(packet -> DataHeader.keyFlags(packet) == KeyFlags.EVEN);

        rig.handle(data(CipherMode.CTR, FIRST, 1));
        rig.publish(100);
        assertThat(data(rig)).as("while the key is announced").hasSize(sent);
        rig.handle(Packets.keyMaterial(KeyMaterialPacket.KMRSP, announced));

        assertThat(requests(rig)).allMatch(announced::equals);
        assertThat(DataHeader.keyFlags(data(rig).get(sent))).isEqualTo(KeyFlags.ODD);
    }

    @Test
    void aKeyThatThePeerKnowsAlreadyIsTakenAtOnce() {
        ConnectionRig rig = rig(CipherMode.CTR).sending();
        for (int i = 0; i < 115; i++) {
            rig.publish(100);
            rig.run(10 * MILLI);
            rig.handle(Packets.lightAck(FIRST + i + 1));
        }
        rig.handle(Packets.keyMaterial(KeyMaterialPacket.KMRSP, requests(rig).get(0)));
        int sent = data(rig).size();

        rig.handle(data(CipherMode.CTR, FIRST, 1));
        rig.publish(100);

        assertThat(data(rig)).hasSize(sent + 1);
        assertThat(DataHeader.keyFlags(data(rig).get(sent))).isEqualTo(KeyFlags.ODD);
    }

    @Test
    void aForgedPacketDoesNotTakeThePlaceOfTheAuthenticOne() {
        ConnectionRig rig = rig(CipherMode.GCM).receiving(Delivery.ON_ARRIVAL);
        ByteBuffer real = data(CipherMode.GCM, FIRST + 1, 2);
        ByteBuffer forged =
                ByteBuffer.allocate(real.remaining()).put(real.duplicate()).flip();
        forged.put(20, (byte) ~forged.get(20));
        rig.handle(data(CipherMode.GCM, FIRST, 1));
        rig.handle(forged);
        rig.handle(data(CipherMode.GCM, FIRST + 2, 3));
        assertThat(rig.delivered).containsExactly(0L, 2L);
        assertThat(rig.written)
                .as("the forged one is still asked for")
                .anyMatch(packet -> WrittenPackets.is(packet, ControlType.NAK));

        // R is not authenticated.
        rig.handle(real.put(real.position() + 4, (byte) (real.get(real.position() + 4) | 0x04)));

        assertThat(rig.delivered).containsExactly(0L, 2L, 1L);
        assertThat(rig.value(Statistic.pktRcvUndecryptTotal)).isEqualTo(1);
        assertThat(rig.value(Statistic.pktRcvDropTotal)).isZero();
    }

    @Test
    void everyRepetitionOfARequestIsAnsweredByItsEcho() {
        ConnectionRig rig = rig(CipherMode.CTR).receiving(Delivery.ON_ARRIVAL);
        ByteBuffer request = content(KeyMaterial.wrap(CipherMode.CTR, SessionKeys.generate(16, random), kek));
        for (int i = 0; i < 3; i++) {
            rig.handle(Packets.keyMaterial(KeyMaterialPacket.KMREQ, request));
        }

        assertThat(answers(rig)).hasSize(3).allMatch(request::equals);
    }

    @Test
    void whatIsNoKeyMaterialGetsNoAnswer() {
        ConnectionRig rig = rig(CipherMode.CTR).receiving(Delivery.ON_ARRIVAL);
        ByteBuffer request = content(KeyMaterial.wrap(CipherMode.CTR, first, kek));
        rig.handle(
                Packets.keyMaterial(KeyMaterialPacket.KMREQ, request.duplicate().limit(40)));
        rig.handle(Packets.keyMaterial(KeyMaterialPacket.KMREQ, ByteBuffer.allocate(0)));
        rig.handle(Packets.keyMaterial(KeyMaterialPacket.KMREQ, ByteBuffer.allocate(1400)));
        rig.handle(Packets.keyMaterial(2, request));

        assertThat(rig.written).isEmpty();
    }

    @Test
    void aDamagedMessageIsTheWrongSecretAndChangesNothing() {
        ConnectionRig rig = rig(CipherMode.CTR).receiving(Delivery.ON_ARRIVAL);
        ByteBuffer damaged = content(KeyMaterial.wrap(CipherMode.CTR, SessionKeys.generate(16, random), kek));
        damaged.put(40, (byte) ~damaged.get(40));
        rig.handle(Packets.keyMaterial(KeyMaterialPacket.KMREQ, damaged));
        rig.handle(data(CipherMode.CTR, FIRST, 1));

        assertThat(answers(rig)).containsExactly(word(KmState.BAD_SECRET));
        assertThat(rig.delivered).containsExactly(0L);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNSECURED", "NO_SECRET", "BAD_SECRET"})
    void withoutCommonKeysARequestIsAnsweredByTheState(KmState state) {
        ConnectionRig rig = new ConnectionRig(LATENCY_MILLIS, new KeyAgreement.Unsecured(state, null), PERIOD);
        rig.handle(Packets.keyMaterial(KeyMaterialPacket.KMREQ, content(KeyMaterial.wrap(CipherMode.CTR, first, kek))));

        assertThat(answers(rig)).containsExactly(word(state));
        assertThat(rig.connection.takeUnreadKeyMaterial(rig.now)).isNull();
    }

    /** The peer sends in clear then: there is no key that would be used twice. */
    @Test
    void whoseKeysThePeerNeverGotDoesNotWaitForIt() {
        KeyAgreement.Secured ours = secured(CipherMode.CTR);
        ConnectionRig rig = new ConnectionRig(
                        LATENCY_MILLIS, new KeyAgreement.Unsecured(KmState.BAD_SECRET, ours), PERIOD)
                .receiving(Delivery.ON_ARRIVAL)
                .sending();
        rig.publish(100);

        assertThat(requests(rig)).isEmpty();
        assertThat(data(rig)).hasSize(1).allMatch(packet -> DataHeader.keyFlags(packet) == KeyFlags.EVEN);
    }

    @ParameterizedTest
    @EnumSource
    void afterTheEndNothingIsReadOrWritten(CipherMode mode) {
        ConnectionRig rig = rig(mode).sending();
        rig.publish(100);
        ByteBuffer late = data(mode, FIRST, 1);
        ByteBuffer request = content(KeyMaterial.wrap(mode, SessionKeys.generate(16, random), kek));
        rig.receiving(Delivery.ON_ARRIVAL);
        WrittenPackets sink = new WrittenPackets();
        rig.connection.close(CloseReason.LOCAL);

        rig.connection.handlePacket(late, rig.now);
        rig.connection.handlePacket(Packets.keyMaterial(KeyMaterialPacket.KMREQ, request), rig.now);
        rig.connection.handlePacket(Packets.nak(FIRST, FIRST), rig.now);
        rig.source.append(rig.now, new byte[100]);
        rig.connection.handleTimeout(rig.now + SECOND);
        rig.connection.drain(sink, rig.now + SECOND, 0);

        assertThat(sink.take()).isEmpty();
        assertThat(rig.delivered).isEmpty();
        assertThat(rig.connection.closeReason()).isEqualTo(CloseReason.LOCAL);
        assertThatIllegalStateException().isThrownBy(kek::copy);
    }

    @Test
    void aShutdownLeavesTheKeysToWhatIsStillHeld() {
        ConnectionRig rig = rig(CipherMode.CTR).receiving(Delivery.BY_TIMESTAMP);
        rig.handle(data(CipherMode.CTR, FIRST, 1));
        rig.handle(Packets.bare(ControlType.SHUTDOWN, 0, 0));
        rig.handle(data(CipherMode.CTR, FIRST + 1, 2));
        rig.run(SECOND);

        assertThat(rig.delivered).containsExactly(0L, 1L);
        assertThat(rig.connection.closeReason()).isEqualTo(CloseReason.PEER_SHUTDOWN);
    }

    private ConnectionRig rig(CipherMode mode) {
        return new ConnectionRig(LATENCY_MILLIS, secured(mode), PERIOD);
    }

    /** The connection wipes the keys, but not the copy that packets are made with. */
    private KeyAgreement.Secured secured(CipherMode mode) {
        KeyMaterial material = KeyMaterial.wrap(mode, first, kek);
        return new KeyAgreement.Secured(material, material.unwrap(kek), kek);
    }

    /** A packet of the peer by the handshake's key. */
    private ByteBuffer data(CipherMode mode, int sequenceNumber, int number) {
        StreamKeys keys = new StreamKeys(mode);
        keys.install(KeyMaterial.wrap(mode, first, kek), first);
        ByteBuffer packet = ByteBuffer.allocate(DataHeader.LENGTH + 4 + mode.overheadBytes());
        DataHeader.write(packet, sequenceNumber, number, KeyFlags.EVEN, false, 0, Packets.DESTINATION);
        keys.encrypt(ByteBuffer.allocate(4).putInt(number).array(), packet);
        return packet.flip();
    }

    private static List<ByteBuffer> data(ConnectionRig rig) {
        return rig.written.stream()
                .filter(packet -> !PacketDecoder.isControl(packet) && !DataHeader.isRetransmitted(packet))
                .toList();
    }

    private static List<ByteBuffer> requests(ConnectionRig rig) {
        return contents(rig, KeyMaterialPacket.KMREQ);
    }

    private static List<ByteBuffer> answers(ConnectionRig rig) {
        return contents(rig, KeyMaterialPacket.KMRSP);
    }

    private static List<ByteBuffer> contents(ConnectionRig rig, int subtype) {
        return rig.written.stream()
                .filter(packet ->
                        WrittenPackets.is(packet, ControlType.USER_DEFINED) && ControlHeader.subtype(packet) == subtype)
                .map(KeyMaterialPacket::content)
                .toList();
    }

    private static ByteBuffer content(KeyMaterial material) {
        ByteBuffer content = ByteBuffer.allocate(material.length());
        material.write(content);
        return content.flip();
    }

    private static ByteBuffer word(KmState state) {
        ByteBuffer word = ByteBuffer.allocate(KmState.LENGTH);
        state.write(word);
        return word.flip();
    }
}
