package io.millrace.srt.handshake;

import static io.millrace.srt.handshake.Requests.CALLER;
import static io.millrace.srt.handshake.Requests.LIVE_FLAGS;
import static io.millrace.srt.handshake.Requests.VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.capture.Capture;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.packet.AddressField;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.PacketDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.3.1, the listener's side: answers, agreements and objections. */
class ListenerHandshakeTest {
    @Test
    void anInductionIsAnsweredWithTheCookieTheMagicAndTheCallersOwnNumbers() {
        HandshakePacket response = ListenerHandshake.inductionResponse(Requests.induction(), 4711, CALLER);

        assertThat(response)
                .isEqualTo(new HandshakePacket(
                        5, 0, 0x4A17, 1_000, 1500, 8192, HandshakePacket.INDUCTION, 77, 4711, AddressField.of(CALLER)));
    }

    @Test
    void aLiveCallerIsLeftToTheOwnersDecision() {
        assertThat(objection(Requests.live())).isNull();
        assertThat(objection(Requests.live(ExtensionBlock.ofText(ExtensionBlock.SID, "#!::r=live/x"))))
                .isNull();
    }

    @Test
    void unknownExtensionsArePassedOver() {
        assertThat(objection(Requests.live(Requests.words(0xBD01, 1, 2, 3), Requests.words(9))))
                .isNull();
    }

    @Test
    void liveCongestionControlMayBeNamed() {
        assertThat(objection(Requests.live(ExtensionBlock.ofText(ExtensionBlock.CONGESTION, "live"))))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"4, 1008", "6, 1008", "0, 1008", "-1, 1008"})
    void onlyVersionFiveIsSpoken(int version, int wireCode) {
        HandshakePacket request = Requests.conclusion(version, 1_000, 1500, 8192, 77);

        assertThat(wireCode(ListenerHandshake.objection(request, Requests.live())))
                .isEqualTo(wireCode);
    }

    @Test
    void aConclusionWithoutHsreqIsRogue() {
        assertThat(wireCode(objection(new HandshakeExtensions(List.of())))).isEqualTo(1004);
        assertThat(wireCode(objection(
                        new HandshakeExtensions(List.of(Requests.words(ExtensionBlock.HSREQ, VERSION, 0xBF))))))
                .isEqualTo(1004);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x00010000, 0x000102FF, -1})
    void aPeerOlderThanThisHandshakeIsRogue(int version) {
        assertThat(wireCode(objection(Requests.hsreq(new SrtExtension(version, LIVE_FLAGS, 120, 0)))))
                .isEqualTo(1004);
    }

    @ParameterizedTest
    @CsvSource({
        // Sequence number, segment size, flow window, socket ID.
        "-1, 1500, 8192, 77",
        "1000, 115, 8192, 77",
        "1000, 0, 8192, 77",
        "1000, -1500, 8192, 77",
        "1000, 1500, 1, 77",
        "1000, 1500, -1, 77",
        "1000, 1500, 8192, 0"
    })
    void numbersThatCantBeAreRogue(int sequenceNumber, int segmentSize, int flowWindow, int socketId) {
        HandshakePacket request = Requests.conclusion(5, sequenceNumber, segmentSize, flowWindow, socketId);

        assertThat(wireCode(ListenerHandshake.objection(request, Requests.live())))
                .isEqualTo(1004);
    }

    @Test
    void theLimitsOfThoseNumbersAreAccepted() {
        assertThat(ListenerHandshake.objection(Requests.conclusion(5, 0, 116, 2, -1), Requests.live()))
                .isNull();
    }

    @Test
    void aStreamIdMayHave512Bytes() {
        assertThat(objection(Requests.live(ExtensionBlock.ofText(ExtensionBlock.SID, "x".repeat(512)))))
                .isNull();
        assertThat(wireCode(objection(Requests.live(ExtensionBlock.ofText(ExtensionBlock.SID, "x".repeat(513))))))
                .isEqualTo(1004);
    }

    @Test
    void twoCongestionControlsAreRogue() {
        ExtensionBlock live = ExtensionBlock.ofText(ExtensionBlock.CONGESTION, "live");

        assertThat(wireCode(objection(Requests.live(live, live)))).isEqualTo(1004);
    }

    @Test
    void whatWeDoNotSpeakIsRefusedByItsOwnCode() {
        assertThat(wireCode(objection(Requests.live(ExtensionBlock.ofText(ExtensionBlock.CONGESTION, "file")))))
                .isEqualTo(1013);
        assertThat(wireCode(objection(Requests.hsreq(new SrtExtension(VERSION, 0xE4, 0, 0)))))
                .isEqualTo(1012);
        assertThat(wireCode(objection(Requests.live(Requests.words(ExtensionBlock.GROUP, 0x40000001, 0x01000001)))))
                .isEqualTo(1015);
        assertThat(wireCode(objection(Requests.live(ExtensionBlock.ofText(ExtensionBlock.FILTER, "fec,cols:10")))))
                .isEqualTo(1014);
    }

    @Test
    void keyMaterialMustBeSuchAndOfACipherThatIsSafe() {
        KeyEncryptionKey kek = KeyEncryptionKey.derive(Passphrase.of("correct horse"), new byte[16], 16);
        KeyAgreement.Secured ctr = KeyAgreement.Secured.initiate(kek, CipherMode.CTR, new Random(1));
        KeyAgreement.Secured gcm = KeyAgreement.Secured.initiate(kek, CipherMode.GCM, new Random(1));

        assertThat(objection(keyRequest(VERSION, ctr.material(), 0, 0))).isNull();
        assertThat(objection(keyRequest(0x010504, gcm.material(), 0, 0))).isNull();
        assertThat(wireCode(objection(keyRequest(0x010503, gcm.material(), 0, 0))))
                .as("its initialisation vectors repeat")
                .isEqualTo(1017);
        assertThat(wireCode(objection(keyRequest(VERSION, ctr.material(), 8, 1))))
                .as("an unknown cipher")
                .isEqualTo(1017);
        assertThat(wireCode(objection(keyRequest(VERSION, ctr.material(), 3, 2))))
                .as("an odd key to begin with")
                .isEqualTo(1004);
        assertThat(wireCode(objection(keyRequest(VERSION, ctr.material(), 15, 8))))
                .as("a length that is not its own")
                .isEqualTo(1004);
    }

    /** A conclusion with this message, in which one byte is another one. */
    private static HandshakeExtensions keyRequest(int version, KeyMaterial material, int at, int value) {
        ByteBuffer message = ByteBuffer.allocate(material.length());
        material.write(message);
        if (at > 0) {
            message.put(at, (byte) value);
        }
        return new HandshakeExtensions(List.of(
                new ExtensionBlock(ExtensionBlock.HSREQ, new SrtExtension(version, LIVE_FLAGS, 120, 0).content()),
                new ExtensionBlock(ExtensionBlock.KMREQ, message.array())));
    }

    @ParameterizedTest
    @CsvSource({
        "01, 0",
        "04, 0",
        "05c, 0",
        "07b, 0",
        "08c, 0",
        "10, 0",
        "12, 0",
        "20, 0",
        "41, 0",
        "50, 0",
        "51, 0",
        "52, 0",
        "02, 0",
        "03, 0",
        "07c, 0",
        "09a, 0",
        "11, 0",
        "35, 0",
        "40, 0",
        "42, 0",
        "05, 1014",
        "05b, 1014",
        "05e, 1014",
        "05f, 1014",
        "30, 1015",
        "31, 1015",
        "32, 1015",
        "34, 1013"
    })
    void realCallersAreAcceptedOrRefused(String capture, int wireCode) {
        List<ByteBuffer> requests = Capture.load(capture).stream()
                .map(datagram -> datagram.payload())
                .filter(packet -> PacketDecoder.isControl(packet)
                        && ControlHeader.type(packet) == ControlType.HANDSHAKE
                        && PacketDecoder.destinationSocketId(packet) == 0
                        && HandshakePacket.read(packet).type() == HandshakePacket.CONCLUSION)
                .toList();

        assertThat(requests)
                .isNotEmpty()
                .allSatisfy(packet -> assertThat(wireCode(ListenerHandshake.objection(
                                HandshakePacket.read(packet), HandshakeExtensions.read(packet))))
                        .isEqualTo(wireCode));
    }

    @Test
    void ofEachLatencyTheGreaterWins() {
        // The caller wants 80 ms for its receiver and 350 for ours; we want 200 for ours and ask nothing of its.
        HandshakeExtensions extensions = Requests.hsreq(new SrtExtension(VERSION, LIVE_FLAGS, 80, 350));
        Negotiated negotiated =
                ListenerHandshake.negotiate(Requests.conclusion(), extensions, new Offer(200, 200, 1500, 8192));

        assertThat(negotiated.receiveLatencyMillis()).isEqualTo(350);
        assertThat(negotiated.sendLatencyMillis()).isEqualTo(200);
        assertThat(BlockBytes.words(ListenerHandshake.conclusionExtensions(negotiated, KeyAgreement.Clear.CLEAR)
                        .block(ExtensionBlock.HSRSP)
                        .content()))
                .isEqualTo("00010505 0000003f 015e00c8");
    }

    @ParameterizedTest
    @CsvSource({"1500, 1500, 1500", "1360, 1500, 1360", "1500, 1400, 1400"})
    void theSmallerSegmentSizeWins(int callers, int ours, int agreed) {
        Negotiated negotiated = ListenerHandshake.negotiate(
                Requests.conclusion(5, 1_000, callers, 8192, 77), Requests.live(), new Offer(120, 0, ours, 8192));

        assertThat(negotiated.maximumSegmentSize()).isEqualTo(agreed);
        assertThat(negotiated.maximumPayload()).isEqualTo(agreed - 44);
    }

    @Test
    void theRestOfTheAgreementIsTheCallers() {
        Negotiated negotiated = ListenerHandshake.negotiate(
                Requests.conclusion(5, 0x7FFF_FFFE, 1500, 25_600, 77),
                Requests.live(ExtensionBlock.ofText(ExtensionBlock.SID, "live/x")),
                Offer.DEFAULT);

        assertThat(negotiated.initialSequenceNumber()).isEqualTo(0x7FFF_FFFE);
        assertThat(negotiated.peerFlowWindow()).isEqualTo(25_600);
        assertThat(negotiated.streamId()).isEqualTo("live/x");
        assertThat(negotiated.peerVersion()).isEqualTo(VERSION);
        assertThat(negotiated.peerFlags()).isEqualTo(LIVE_FLAGS);
    }

    @Test
    void theConclusionRepeatsTheCallersSequenceNumberAndCookieAndGivesOurSocketId() {
        HandshakePacket request = Requests.conclusion();
        Negotiated negotiated = ListenerHandshake.negotiate(request, Requests.live(), Offer.DEFAULT);

        HandshakeExtensions extensions = ListenerHandshake.conclusionExtensions(negotiated, KeyAgreement.Clear.CLEAR);

        assertThat(ListenerHandshake.conclusionResponse(request, extensions, negotiated, 4096, 99, CALLER))
                .isEqualTo(new HandshakePacket(
                        5, 0, 1, 1_000, 1500, 4096, HandshakePacket.CONCLUSION, 99, 0xC00C1E, AddressField.of(CALLER)));
    }

    @Test
    void theRetransmissionFlagIsAnnouncedOnlyToWhoKnowsIt() {
        HandshakeExtensions without = Requests.hsreq(new SrtExtension(VERSION, LIVE_FLAGS & ~0x20, 120, 0));
        Negotiated negotiated = ListenerHandshake.negotiate(Requests.conclusion(), without, Offer.DEFAULT);

        SrtExtension answer = ListenerHandshake.conclusionExtensions(negotiated, KeyAgreement.Clear.CLEAR)
                .srt(ExtensionBlock.HSRSP);

        assertThat(answer.flags()).isEqualTo(0x1F);
    }

    @Test
    void aRejectionIsTheRequestWithItsCode() {
        HandshakePacket request = Requests.conclusion();
        HandshakePacket rejection = ListenerHandshake.rejection(request, RejectReason.NOT_FOUND);

        assertThat(rejection)
                .isEqualTo(new HandshakePacket(5, 0, 1, 1_000, 1500, 8192, 2404, 77, 0xC00C1E, request.peerAddress()));
    }

    private static RejectReason objection(HandshakeExtensions extensions) {
        return ListenerHandshake.objection(Requests.conclusion(), extensions);
    }

    /** 0 where there is no objection. */
    private static int wireCode(RejectReason reason) {
        return reason == null ? 0 : reason.handshakeType();
    }
}
