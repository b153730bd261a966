package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.capture.Capture;
import io.millrace.srt.capture.CapturedDatagram;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.packet.AddressField;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.PacketDecoder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the handshakes of real peers say. The resource folder's README says what is in which capture. */
class CapturedHandshakesTest {
    private record Captured(CapturedDatagram datagram, HandshakePacket packet, HandshakeExtensions extensions) {}

    /** Digits and blanks of HSRSP up to its latencies. */
    private static final int FIRST_BLOCK = 3 * 9;

    static List<String> everyCapture() {
        return Capture.names();
    }

    @ParameterizedTest
    @MethodSource("everyCapture")
    void theFlagsOfEveryConclusionNameItsBlocks(String capture) {
        assertThat(handshakes(capture))
                .filteredOn(handshake -> handshake.packet.type() == HandshakePacket.CONCLUSION)
                .isNotEmpty()
                .allSatisfy(handshake -> {
                    assertThat(handshake.extensions.types()).isNotEmpty();
                    assertThat(handshake.packet.extension()).isEqualTo(handshake.extensions.flags());
                });
    }

    @ParameterizedTest
    @MethodSource("everyCapture")
    void theBlocksFillEveryHandshake(String capture) {
        assertThat(handshakes(capture))
                .allSatisfy(handshake -> assertThat(handshake.extensions.length())
                        .isEqualTo(handshake.datagram.payload().remaining() - HandshakePacket.FIXED_LENGTH));
    }

    @ParameterizedTest
    @MethodSource("everyCapture")
    void thePeerAddressIsWhereTheDatagramGoes(String capture) {
        assertThat(handshakes(capture))
                .allSatisfy(handshake -> assertThat(handshake.packet.peerAddress())
                        .isEqualTo(AddressField.of(handshake.datagram.to().getAddress())));
    }

    @Test
    void aCallerAndAListenerExchangeFourHandshakes() {
        List<Captured> handshakes = handshakes("01");
        HandshakePacket inductionRequest = handshakes.get(0).packet;
        HandshakePacket inductionResponse = handshakes.get(1).packet;
        HandshakePacket conclusionRequest = handshakes.get(2).packet;
        HandshakePacket conclusionResponse = handshakes.get(3).packet;

        assertThat(handshakes).hasSize(4);
        assertThat(inductionRequest)
                .isEqualTo(new HandshakePacket(
                        4,
                        0,
                        HandshakePacket.SOCKET_TYPE_DATAGRAM,
                        0x79AAC8C2,
                        1500,
                        8192,
                        HandshakePacket.INDUCTION,
                        0x3FC5E5CD,
                        0,
                        new AddressField(0x0100007F, 0, 0, 0)));
        assertThat(inductionResponse.version()).isEqualTo(5);
        assertThat(inductionResponse.extension()).isEqualTo(HandshakePacket.SRT_MAGIC);
        assertThat(inductionResponse.socketId()).isEqualTo(0x3FC5E5CD);
        assertThat(conclusionRequest.type()).isEqualTo(HandshakePacket.CONCLUSION);
        assertThat(conclusionRequest.cookie())
                .isEqualTo(inductionResponse.cookie())
                .isEqualTo(0x7B67B826);
        assertThat(conclusionResponse.socketId()).isEqualTo(0x0948022B);
        assertThat(conclusionResponse.initialSequenceNumber()).isEqualTo(0x79AAC8C2);
        assertThat(handshakes)
                .extracting(handshake -> PacketDecoder.destinationSocketId(handshake.datagram.payload()))
                .containsExactly(0, 0x3FC5E5CD, 0, 0x3FC5E5CD);
    }

    @Test
    void theListenerMayAnnounceAKeyLength() {
        assertThat(handshakes("35").get(1).packet.encryption()).isEqualTo(256 / 64);
        assertThat(handshakes("03b").get(2).packet.encryption()).isEqualTo(192 / 64);
    }

    @Test
    void rendezvousGoesFromWaveToAgreement() {
        assertThat(handshakes("33"))
                .extracting(handshake -> handshake.packet.type())
                .startsWith(
                        HandshakePacket.WAVE_A_HAND,
                        HandshakePacket.WAVE_A_HAND,
                        HandshakePacket.WAVE_A_HAND,
                        HandshakePacket.CONCLUSION,
                        HandshakePacket.CONCLUSION,
                        HandshakePacket.AGREEMENT);
    }

    @ParameterizedTest
    @CsvSource({
        "04, '#!::r=live/cam1,m=publish'",
        "10, '#!::r=live/x'",
        "11, abc",
        "30, '#!::r=live/grp,m=publish'",
        "34, f.bin",
        "35, read:live/cam1",
        "40, publish:live/cam1",
        "41, '%23!::r=live/cam1,m=request'",
        "42, live/gst",
        "51, x"
    })
    void streamIds(String capture, String streamId) {
        assertThat(conclusions(capture, ExtensionBlock.HSREQ))
                .isNotEmpty()
                .allSatisfy(extensions -> assertThat(extensions.streamId()).isEqualTo(streamId));
    }

    @Test
    void twoConnectionsOfOneAddressHaveTheirOwnStreamIds() {
        assertThat(conclusions("52", ExtensionBlock.HSREQ))
                .extracting(HandshakeExtensions::streamId)
                .containsExactly("publish:live/aaa", "publish:live/bbb");
    }

    @ParameterizedTest
    @CsvSource({
        // Request: latency as receiver, latency asked of the peer. Response: the greater of both sides.
        "01, 120, 0, 120, 120",
        "04, 80, 350, 350, 200",
        "05f, 120, 0, 1500, 1500",
        "34, 0, 0, 0, 0",
        "41, 400, 0, 300, 400",
        "42, 250, 250, 250, 250"
    })
    void latencies(String capture, int requestReceive, int requestSend, int responseReceive, int responseSend) {
        SrtExtension request = srt(capture, ExtensionBlock.HSREQ);
        SrtExtension response = srt(capture, ExtensionBlock.HSRSP);

        assertThat(request.receiveLatencyMillis()).isEqualTo(requestReceive);
        assertThat(request.sendLatencyMillis()).isEqualTo(requestSend);
        assertThat(response.receiveLatencyMillis()).isEqualTo(responseReceive);
        assertThat(response.sendLatencyMillis()).isEqualTo(responseSend);
    }

    @ParameterizedTest
    @CsvSource({"01, 1.5.5, 1.5.5", "10, 1.6.0, 1.6.0", "11, 1.4.4, 1.5.5", "40, 1.5.1, 1.5.5", "42, 1.5.1, 1.5.5"})
    void versions(String capture, String caller, String listener) {
        assertThat(SrtExtension.versionText(srt(capture, ExtensionBlock.HSREQ).version()))
                .isEqualTo(caller);
        assertThat(SrtExtension.versionText(srt(capture, ExtensionBlock.HSRSP).version()))
                .isEqualTo(listener);
    }

    @Test
    void liveModeHasEveryFlagButStream() {
        SrtExtension request = srt("01", ExtensionBlock.HSREQ);

        assertThat(request.flags()).isEqualTo(SrtExtension.OUR_FLAGS | SrtExtension.PACKET_FILTER);
        assertThat(srt("01", ExtensionBlock.HSRSP).flags()).isEqualTo(request.flags());
    }

    @Test
    void fileModeHasTheStreamFlagAndNamesItsCongestionControl() {
        assertThat(srt("34", ExtensionBlock.HSREQ).has(SrtExtension.STREAM)).isTrue();
        assertThat(srt("34", ExtensionBlock.HSREQ).has(SrtExtension.TSBPD_SENDER))
                .isFalse();
        assertThat(srt("34", ExtensionBlock.HSRSP).has(SrtExtension.STREAM)).isFalse();
        assertThat(text("34", ExtensionBlock.HSREQ, ExtensionBlock.CONGESTION)).isEqualTo("file");
        assertThat(text("34", ExtensionBlock.HSRSP, ExtensionBlock.CONGESTION)).isEqualTo("file");
    }

    @Test
    void packetFiltersAreAskedForAndAnsweredAsText() {
        assertThat(text("05", ExtensionBlock.HSREQ, ExtensionBlock.FILTER)).isEqualTo("fec,cols:10,rows:5");
        assertThat(text("05", ExtensionBlock.HSRSP, ExtensionBlock.FILTER))
                .isEqualTo("fec,arq:onreq,cols:10,layout:staircase,rows:5");
        assertThat(text("05f", ExtensionBlock.HSRSP, ExtensionBlock.FILTER))
                .isEqualTo("fec,arq:onreq,cols:10,layout:even,rows:5");
    }

    @Test
    void membersOfAGroupCarryItsIdAndTheirWeight() {
        assertThat(contents("31", ExtensionBlock.HSREQ, ExtensionBlock.GROUP))
                .contains("4c097e82 02000001", "4c097e82 0200000a");
        assertThat(contents("31", ExtensionBlock.HSRSP, ExtensionBlock.GROUP))
                .contains("69833674 02000001", "69833674 0200000a");
    }

    @ParameterizedTest
    @CsvSource({"02", "03", "06", "09a", "40"})
    void theListenerRepeatsTheKeyMaterial(String capture) {
        assertThat(contents(capture, ExtensionBlock.HSRSP, ExtensionBlock.KMRSP))
                .isNotEmpty()
                .isEqualTo(contents(capture, ExtensionBlock.HSREQ, ExtensionBlock.KMREQ))
                .allMatch(material -> material.startsWith("12202901 00000000 "));
    }

    @ParameterizedTest
    @CsvSource({"08a, 04000000", "08b, 03000000", "08c, 00000000"})
    void withoutAKeyTheListenerAnswersItsStateWithTheBytesReversed(String capture, String word) {
        assertThat(contents(capture, ExtensionBlock.HSRSP, ExtensionBlock.KMRSP))
                .containsExactly(word);
    }

    /** In the captures, the caller has the one passphrase or none; libsrt's listener answers as ours does. */
    @ParameterizedTest
    @CsvSource({
        "02,  correcthorsebattery",
        "03,  correcthorsebattery",
        "06,  correcthorsebattery",
        "09a, correcthorsebattery",
        "08a, the listener has another",
        "08b, ",
        "08c, correcthorsebattery",
        "01, "
    })
    void ourListenerAnswersEachCallersKeyMaterialAsTheCapturedOneDid(String capture, @Nullable String listeners) {
        KeyMaterial material = conclusions(capture, ExtensionBlock.HSREQ).get(0).keyMaterial();
        KeyAgreement.Secured unwrapped = material == null || listeners == null
                ? null
                : KeyAgreement.Secured.answer(material, KeyEncryptionKey.derive(Passphrase.of(listeners), material));
        KeyAgreement agreement = KeyAgreement.respond(material != null, listeners != null, unwrapped);
        SrtExtension agreed = srt(capture, ExtensionBlock.HSRSP);

        HandshakeExtensions ours = ListenerHandshake.conclusionExtensions(
                new Negotiated(
                        0,
                        agreed.version(),
                        agreed.flags(),
                        agreed.receiveLatencyMillis(),
                        agreed.sendLatencyMillis(),
                        1500,
                        8192,
                        ""),
                agreement);

        HandshakeExtensions captured =
                conclusions(capture, ExtensionBlock.HSRSP).get(0);
        assertThat(ours.types()).isEqualTo(captured.types());
        assertThat(ours.flags()).isEqualTo(captured.flags());
        // The first block differs by version and by what is not spoken here.
        assertThat(BlockBytes.write(ours).substring(FIRST_BLOCK))
                .isEqualTo(BlockBytes.write(captured).substring(FIRST_BLOCK));
    }

    @ParameterizedTest
    @CsvSource({
        "05d, FILTER, 1014", "07, BAD_SECRET, 1010", "07b, UNSECURE, 1011", "07c, UNSECURE, 1011",
        "07e, BACKLOG, 1005", "08d, BAD_SECRET, 1010", "09c, CRYPTO, 1017", "32, GROUP, 1015"
    })
    void refusals(String capture, RejectReason reason, int handshakeType) {
        HandshakePacket last = handshakes(capture).get(3).packet;

        assertThat(last.isRejection()).isTrue();
        assertThat(last.type()).isEqualTo(handshakeType);
        assertThat(RejectReason.ofHandshakeType(last.type())).isEqualTo(reason);
    }

    @Test
    void refusalsByAnApplication() {
        assertThat(handshakes("07d"))
                .filteredOn(handshake -> handshake.packet.isRejection())
                .extracting(handshake -> RejectReason.ofHandshakeType(handshake.packet.type()))
                .containsExactly(
                        RejectReason.FALLBACK,
                        RejectReason.NOT_FOUND,
                        // 2005, a number of the application's own.
                        RejectReason.UNKNOWN,
                        RejectReason.UNAUTHORIZED,
                        RejectReason.CONFLICT);
    }

    private static List<Captured> handshakes(String capture) {
        return Capture.load(capture).stream()
                .filter(datagram -> PacketDecoder.isControl(datagram.payload())
                        && ControlHeader.type(datagram.payload()) == ControlType.HANDSHAKE)
                .map(datagram -> new Captured(
                        datagram,
                        HandshakePacket.read(datagram.payload()),
                        HandshakeExtensions.read(datagram.payload())))
                .toList();
    }

    /** Extensions of the conclusions that have a block of this type. */
    private static List<HandshakeExtensions> conclusions(String capture, int type) {
        return handshakes(capture).stream()
                .map(Captured::extensions)
                .filter(extensions -> extensions.block(type) != null)
                .toList();
    }

    private static SrtExtension srt(String capture, int type) {
        return conclusions(capture, type).get(0).srt(type);
    }

    private static String text(String capture, int conclusion, int type) {
        return conclusions(capture, conclusion).get(0).block(type).text();
    }

    private static List<String> contents(String capture, int conclusion, int type) {
        return conclusions(capture, conclusion).stream()
                .map(extensions -> extensions.block(type))
                .filter(Objects::nonNull)
                .map(block -> BlockBytes.words(block.content()))
                .toList();
    }
}
