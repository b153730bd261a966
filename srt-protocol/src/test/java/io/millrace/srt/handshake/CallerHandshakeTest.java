package io.millrace.srt.handshake;

import static io.millrace.srt.handshake.Requests.CALLER;
import static io.millrace.srt.handshake.Requests.LIVE_FLAGS;
import static io.millrace.srt.handshake.Requests.VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.handshake.CallerHandshake.State;
import io.millrace.srt.packet.AddressField;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.3.1, the caller's side: every row of its table. */
class CallerHandshakeTest {
    private static final HandshakeExtensions NONE = new HandshakeExtensions(List.of());
    private static final HandshakeExtensions GRANT = Requests.hsrsp(new SrtExtension(VERSION, LIVE_FLAGS, 350, 200));

    private final CallerHandshake caller = new CallerHandshake(
            new InetSocketAddress(CALLER, 9000),
            new Offer(80, 350, 1500, 8192),
            KeyAgreement.Clear.CLEAR,
            true,
            "live/x",
            77,
            1_000);

    @Test
    void itStartsWithAnInductionOfVersionFour() {
        assertThat(caller.state()).isEqualTo(State.INDUCTION);
        assertThat(caller.message())
                .isEqualTo(new HandshakePacket(
                        4, 0, 2, 1_000, 1500, 8192, HandshakePacket.INDUCTION, 77, 0, AddressField.of(CALLER)));
        assertThat(caller.extensions().types()).isEmpty();
    }

    @Test
    void anInductionWithTheMagicLeadsToTheConclusion() {
        assertThat(caller.onResponse(induction(5, 0x4A17), NONE)).isEqualTo(State.CONCLUSION);

        assertThat(caller.message())
                .isEqualTo(new HandshakePacket(
                        5, 0, 5, 1_000, 1500, 8192, HandshakePacket.CONCLUSION, 77, 4711, AddressField.of(CALLER)));
        assertThat(caller.extensions().types()).containsExactly(ExtensionBlock.HSREQ, ExtensionBlock.SID);
        assertThat(caller.extensions().streamId()).isEqualTo("live/x");
        assertThat(BlockBytes.words(
                        caller.extensions().block(ExtensionBlock.HSREQ).content()))
                .isEqualTo("00010505 0000003f 0050015e");
    }

    @Test
    void withoutAStreamIdThereIsNoBlockForIt() {
        CallerHandshake nameless = new CallerHandshake(
                new InetSocketAddress(CALLER, 9000), Offer.DEFAULT, KeyAgreement.Clear.CLEAR, true, "", 77, 1_000);
        nameless.onResponse(induction(5, 0x4A17), NONE);

        assertThat(nameless.extensions().types()).containsExactly(ExtensionBlock.HSREQ);
        assertThat(nameless.message().extension()).isEqualTo(HandshakePacket.FLAG_HSREQ);
    }

    @ParameterizedTest
    @CsvSource({"4, 2, VERSION", "5, 2, ROGUE", "5, 0, ROGUE"})
    void anInductionOfSomethingElseThanSrtIsRefused(int version, int extension, RejectReason reason) {
        assertThat(caller.onResponse(induction(version, extension), NONE)).isEqualTo(State.REJECTED);
        assertThat(caller.rejectReason()).isEqualTo(reason);
        assertThat(caller.rejectionType()).isZero();
    }

    @Test
    void aConclusionBeforeTheInductionIsRogue() {
        assertThat(caller.onResponse(conclusion(1_000, 1500, 8192, 99), GRANT)).isEqualTo(State.REJECTED);
        assertThat(caller.rejectReason()).isEqualTo(RejectReason.ROGUE);
    }

    @Test
    void aConclusionWithHsrspGrantsTheConnection() {
        assertThat(granted(conclusion(1_000, 1400, 25_600, 99), GRANT)).isEqualTo(State.GRANTED);
    }

    @Test
    void theLatenciesAreTheListenersTheOtherWayRound() {
        HandshakePacket response = conclusion(1_000, 1400, 25_600, 99);
        granted(response, GRANT);
        Negotiated negotiated = caller.negotiated(response, GRANT);

        assertThat(negotiated.receiveLatencyMillis()).isEqualTo(200);
        assertThat(negotiated.sendLatencyMillis()).isEqualTo(350);
        assertThat(negotiated.maximumSegmentSize()).isEqualTo(1400);
        assertThat(negotiated.peerFlowWindow()).isEqualTo(25_600);
        assertThat(negotiated.initialSequenceNumber()).isEqualTo(1_000);
        assertThat(negotiated.peerVersion()).isEqualTo(VERSION);
        assertThat(negotiated.streamId()).isEqualTo("live/x");
    }

    @ParameterizedTest
    @CsvSource({
        // Sequence number, segment size, flow window, socket ID.
        "1001, 1500, 8192, 99",
        "1000, 115, 8192, 99",
        "1000, 1500, 1, 99",
        "1000, 1500, 8192, 0"
    })
    void aConclusionWithNumbersThatCantBeIsRogue(int sequenceNumber, int segmentSize, int flowWindow, int socketId) {
        assertThat(granted(conclusion(sequenceNumber, segmentSize, flowWindow, socketId), GRANT))
                .isEqualTo(State.REJECTED);
        assertThat(caller.rejectReason()).isEqualTo(RejectReason.ROGUE);
    }

    @Test
    void aConclusionWithoutHsrspIsRogue() {
        assertThat(granted(conclusion(1_000, 1500, 8192, 99), NONE)).isEqualTo(State.REJECTED);
        assertThat(caller.rejectReason()).isEqualTo(RejectReason.ROGUE);
    }

    @Test
    void aListenerOlderThanThisHandshakeIsRefused() {
        HandshakeExtensions old = Requests.hsrsp(new SrtExtension(0x00010200, LIVE_FLAGS, 0, 0));

        assertThat(granted(conclusion(1_000, 1500, 8192, 99), old)).isEqualTo(State.REJECTED);
        assertThat(caller.rejectReason()).isEqualTo(RejectReason.VERSION);
    }

    @ParameterizedTest
    @ValueSource(ints = {HandshakePacket.INDUCTION, HandshakePacket.WAVE_A_HAND, HandshakePacket.AGREEMENT})
    void whatIsNeitherAConclusionNorARejectionIsPassedOver(int type) {
        caller.onResponse(induction(5, 0x4A17), NONE);

        assertThat(caller.onResponse(response(5, 0x4A17, 1_000, 1500, 8192, type, 77, 815), NONE))
                .isEqualTo(State.CONCLUSION);
        assertThat(caller.message().cookie()).isEqualTo(4711);
    }

    @ParameterizedTest
    @EnumSource(RejectReason.class)
    void aRejectionSaysWhy(RejectReason reason) {
        caller.onResponse(induction(5, 0x4A17), NONE);
        HandshakePacket rejection = ListenerHandshake.rejection(caller.message(), reason);

        assertThat(caller.onResponse(rejection, NONE)).isEqualTo(State.REJECTED);
        assertThat(caller.rejectReason()).isEqualTo(reason);
        assertThat(caller.rejectionType()).isEqualTo(1000 + reason.code());
    }

    @Test
    void aRejectionMayComeBeforeTheConclusionAndByACodeOfItsOwn() {
        assertThat(caller.onResponse(response(5, 0, 1_000, 1500, 8192, 3005, 77, 0), NONE))
                .isEqualTo(State.REJECTED);
        assertThat(caller.rejectReason()).isEqualTo(RejectReason.UNKNOWN);
        assertThat(caller.rejectionType()).isEqualTo(3005);
    }

    @Test
    void withoutAnAnswerItTimesOut() {
        caller.timedOut();

        assertThat(caller.state()).isEqualTo(State.REJECTED);
        assertThat(caller.rejectReason()).isEqualTo(RejectReason.TIMEOUT);
    }

    @Test
    void nothingChangesOnceItHasEnded() {
        granted(conclusion(1_000, 1500, 8192, 99), GRANT);
        assertThat(caller.onResponse(response(5, 0, 1_000, 1500, 8192, 1004, 77, 0), NONE))
                .isEqualTo(State.GRANTED);

        caller.timedOut();
        assertThat(caller.onResponse(conclusion(1_000, 1500, 8192, 99), GRANT)).isEqualTo(State.REJECTED);
    }

    @Test
    void bothSidesOfOursAgree() {
        Offer listeners = new Offer(200, 0, 1400, 4096);
        HandshakePacket answer = ListenerHandshake.inductionResponse(caller.message(), 4711, CALLER);
        caller.onResponse(answer, NONE);
        HandshakePacket request = caller.message();
        assertThat(ListenerHandshake.objection(request, caller.extensions())).isNull();
        Negotiated listener = ListenerHandshake.negotiate(request, caller.extensions(), listeners);
        HandshakeExtensions extensions = ListenerHandshake.conclusionExtensions(listener, KeyAgreement.Clear.CLEAR);
        HandshakePacket response =
                ListenerHandshake.conclusionResponse(request, extensions, listener, 4096, 99, CALLER);
        assertThat(caller.onResponse(response, extensions)).isEqualTo(State.GRANTED);
        Negotiated own = caller.negotiated(response, extensions);

        assertThat(own.receiveLatencyMillis())
                .isEqualTo(listener.sendLatencyMillis())
                .isEqualTo(80);
        assertThat(own.sendLatencyMillis())
                .isEqualTo(listener.receiveLatencyMillis())
                .isEqualTo(350);
        assertThat(own.maximumSegmentSize())
                .isEqualTo(listener.maximumSegmentSize())
                .isEqualTo(1400);
        assertThat(own.peerFlowWindow()).isEqualTo(4096);
        assertThat(listener.peerFlowWindow()).isEqualTo(8192);
    }

    private State granted(HandshakePacket response, HandshakeExtensions extensions) {
        caller.onResponse(induction(5, 0x4A17), NONE);
        return caller.onResponse(response, extensions);
    }

    private static HandshakePacket induction(int version, int extension) {
        return response(version, extension, 1_000, 1500, 8192, HandshakePacket.INDUCTION, 77, 4711);
    }

    private static HandshakePacket conclusion(int sequenceNumber, int segmentSize, int flowWindow, int socketId) {
        return response(5, 1, sequenceNumber, segmentSize, flowWindow, HandshakePacket.CONCLUSION, socketId, 4711);
    }

    private static HandshakePacket response(
            int version,
            int extension,
            int sequenceNumber,
            int segmentSize,
            int flowWindow,
            int type,
            int socketId,
            int cookie) {
        return new HandshakePacket(
                version,
                0,
                extension,
                sequenceNumber,
                segmentSize,
                flowWindow,
                type,
                socketId,
                cookie,
                AddressField.of(CALLER));
    }
}
