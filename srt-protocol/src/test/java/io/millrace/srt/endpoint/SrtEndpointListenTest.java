package io.millrace.srt.endpoint;

import static io.millrace.srt.endpoint.ScriptedCaller.COOKIE;
import static io.millrace.srt.endpoint.ScriptedCaller.INITIAL_SEQUENCE_NUMBER;
import static io.millrace.srt.endpoint.ScriptedCaller.SOCKET_ID;
import static io.millrace.srt.endpoint.ScriptedCaller.TYPE;
import static io.millrace.srt.endpoint.ScriptedCaller.VERSION;
import static io.millrace.srt.endpoint.ScriptedCaller.copy;
import static io.millrace.srt.endpoint.ScriptedCaller.handshakes;
import static io.millrace.srt.endpoint.ScriptedCaller.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.endpoint.DrivenEndpoint.Sent;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.PacketDecoder;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How an endpoint answers callers: what it keeps of them, and what it does when they repeat themselves. */
class SrtEndpointListenTest {
    private static final long SECOND = 1_000_000;

    private final DrivenEndpoint listener = DrivenEndpoint.listener();
    private final ScriptedCaller caller = ScriptedCaller.number(1);

    @Test
    void aMillionInductionsLeaveNothingBehind() {
        ByteBuffer induction = caller.induction();
        for (int i = 0; i < 1_000_000; i++) {
            List<Sent> answers = listener.receive(ScriptedCaller.address(i), induction);
            if (answers.size() != 1 || answers.get(0).bytes().length > induction.remaining()) {
                assertThat(answers).as("answers to induction %d", i).isEmpty();
            }
        }

        assertNothingIsKept();
    }

    @Test
    void anInductionIsAnsweredWithTheCallersNumbersAndACookie() {
        List<Sent> answers = listener.receive(caller.address, caller.induction());

        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).to()).isEqualTo(caller.address);
        assertThat(PacketDecoder.destinationSocketId(answers.get(0).packet())).isEqualTo(caller.socketId);
        HandshakePacket answer = handshakes(answers).get(0);
        assertThat(answer.version()).isEqualTo(5);
        assertThat(answer.extension()).isEqualTo(HandshakePacket.SRT_MAGIC);
        assertThat(answer.type()).isEqualTo(HandshakePacket.INDUCTION);
        assertThat(answer.socketId()).isEqualTo(caller.socketId);
        assertThat(answer.initialSequenceNumber()).isEqualTo(caller.initialSequenceNumber);
        assertThat(answer.cookie()).isNotZero();
    }

    @Test
    void twoListenersCannotBeMadeToAnswerEachOther() {
        DrivenEndpoint other = new DrivenEndpoint(EndpointSettings.LISTENER, 3, 0);
        InetSocketAddress spoofed = ScriptedCaller.address(2);
        for (int type : new int[] {HandshakePacket.INDUCTION, HandshakePacket.WAVE_A_HAND}) {
            ByteBuffer request = with(with(caller.induction(), SOCKET_ID, 0), TYPE, type);
            for (Sent answer : listener.receive(spoofed, request)) {
                assertThat(other.receive(spoofed, answer.packet())).isEmpty();
            }
        }
    }

    @Test
    void aConclusionThatWasOnItsWayWhenItsCallerWasRefusedGetsTheSameAnswerAndNoSecondDecision() {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        listener.receive(caller.address, conclusion);
        PendingCaller pending =
                listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
        listener.input(() -> listener.endpoint.reject(pending, RejectReason.NOT_FOUND));

        List<Sent> answers = listener.receive(caller.address, conclusion);

        assertThat(handshakes(answers)).extracting(HandshakePacket::type).containsExactly(2404);
        assertThat(listener.takeEvents()).isEmpty();
    }

    @Test
    void aConclusionThatComesAfterItsConnectionHasClosedOpensNoOther() {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        listener.receive(caller.address, conclusion);
        PendingCaller pending =
                listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
        listener.input(() -> {
            SrtConnection connection = listener.endpoint.accept(
                    listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT);
            listener.endpoint.close(listener.nowMicros(), connection);
        });
        listener.takeEvents();

        assertThat(listener.receive(caller.address, conclusion)).isEmpty();
        assertThat(listener.takeEvents()).isEmpty();
    }

    @Test
    void aConclusionWithAWrongCookieIsMetWithSilence() {
        ByteBuffer conclusion = caller.conclusionFor(listener);

        List<Sent> answers = listener.receive(caller.address, with(conclusion, COOKIE, conclusion.getInt(COOKIE) + 1));

        assertThat(answers).isEmpty();
        assertThat(listener.endpoint.discarded(Discarded.BAD_COOKIE)).isEqualTo(1);
        assertNothingIsKept();
    }

    @Test
    void aCookieHoldsForItsAddressAlone() {
        ByteBuffer conclusion = caller.conclusionFor(listener);

        assertThat(listener.receive(ScriptedCaller.address(2), conclusion)).isEmpty();
        assertThat(listener.endpoint.discarded(Discarded.BAD_COOKIE)).isEqualTo(1);
        assertNothingIsKept();
    }

    @Test
    void aCookieHoldsForAMinuteAndNotForTwo() {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        listener.advance(60 * SECOND);
        listener.receive(caller.address, conclusion);
        listener.takeEvent(EndpointEvent.CallerArrived.class);
        listener.advance(60 * SECOND);
        listener.takeEvents();

        assertThat(listener.receive(caller.address, conclusion)).isEmpty();
        assertThat(listener.endpoint.discarded(Discarded.BAD_COOKIE)).isEqualTo(1);
        assertNothingIsKept();
    }

    @Test
    void aRepeatedConclusionStartsNoSecondDecision() {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        for (int i = 0; i < 5; i++) {
            assertThat(listener.receive(caller.address, conclusion)).isEmpty();
            listener.advance(SECOND / 4);
        }

        listener.takeEvent(EndpointEvent.CallerArrived.class);
        assertThat(listener.endpoint.discarded(Discarded.REPEATED_CONCLUSION)).isEqualTo(4);
    }

    @Test
    void aRepeatedConclusionGetsTheSameAnswerWithThePresentTime() {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        SrtConnection connection = caller.connectTo(listener);
        listener.advance(SECOND / 2);

        Sent first = answerTo(conclusion);
        listener.advance(SECOND / 4);
        Sent second = answerTo(conclusion);

        assertThat(listener.takeEvents()).isEmpty();
        assertThat(listener.endpoint.connectionCount()).isEqualTo(1);
        assertThat(HandshakePacket.read(first.packet()).socketId()).isEqualTo(connection.localSocketId());
        int elapsed = ControlHeader.timestamp(second.packet()) - ControlHeader.timestamp(first.packet());
        assertThat(elapsed).isEqualTo(SECOND / 4);
        assertThat(with(second.packet(), 8, 0)).isEqualTo(with(first.packet(), 8, 0));
        assertThat(ControlHeader.timestamp(second.packet())).isEqualTo(connection.timestamp(listener.nowMicros()));
    }

    @Test
    void aConclusionRepeatedToTheAcceptedSocketIsAnsweredToo() {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        SrtConnection connection = caller.connectTo(listener);

        Sent answer = answerTo(with(conclusion, 12, connection.localSocketId()));

        assertThat(HandshakePacket.read(answer.packet()).socketId()).isEqualTo(connection.localSocketId());
        assertThat(listener.takeEvents()).isEmpty();
    }

    @Test
    void theSamePeerSocketWithAnotherSequenceNumberReplacesItsConnection() {
        SrtConnection old = caller.connectTo(listener);
        ByteBuffer conclusion = with(caller.conclusionFor(listener), INITIAL_SEQUENCE_NUMBER, 7);
        listener.receive(caller.address, conclusion);
        PendingCaller pending =
                listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
        assertThat(old.closeReason()).isNull();

        List<Sent> sent = listener.input(() -> listener.endpoint.accept(
                listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT));

        assertThat(listener.takeEvent(EndpointEvent.Closed.class).reason()).isEqualTo(CloseReason.REPLACED);
        assertThat(old.closeReason()).isEqualTo(CloseReason.REPLACED);
        assertThat(listener.endpoint.connectionCount()).isEqualTo(1);
        // A shutdown would have the new connection's socket ID, and a caller takes it for a refusal.
        assertThat(sent).hasSize(1);
        assertThat(HandshakePacket.read(sent.get(0).packet()).socketId()).isNotEqualTo(old.localSocketId());
    }

    @Test
    void decisionsAfterTheCallerHasExpiredAreHarmless() {
        PendingCaller pending = pending(caller);

        List<Sent> sent = listener.advance(EndpointSettings.LISTENER.pendingCallerMicros());

        assertThat(listener.takeEvent(EndpointEvent.CallerExpired.class).caller())
                .isSameAs(pending);
        assertThat(handshakes(sent)).extracting(HandshakePacket::type).containsExactly(1016);
        assertThat(listener.input(() -> listener.endpoint.reject(pending, RejectReason.FORBIDDEN)))
                .isEmpty();
        assertThat(listener.endpoint.accept(
                        listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT))
                .isNull();
        assertNothingIsKept();
    }

    @Test
    void aCallerThatRepeatedItsConclusionAndCeasedToIsNotLetInAnyMore() {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        listener.receive(caller.address, copy(conclusion));
        PendingCaller pending =
                listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
        for (int i = 0; i < 12; i++) {
            listener.advance(250_000);
            listener.receive(caller.address, copy(conclusion));
        }
        listener.advance(PendingCaller.GIVEN_UP_MICROS);

        assertThat(listener.input(() -> assertThat(accept(pending)).isNull())).isEmpty();

        assertThat(listener.takeEvent(EndpointEvent.CallerExpired.class).caller())
                .isSameAs(pending);
        assertThat(listener.endpoint.connectionCount()).isZero();
        // Had it not given up after all, it is told.
        assertThat(handshakes(listener.receive(caller.address, conclusion)))
                .extracting(HandshakePacket::type)
                .containsExactly(1016);
    }

    @Test
    void aCallerThatStillRepeatsItsConclusionOrNeverDoesIsLetInLate() {
        ScriptedCaller silent = ScriptedCaller.number(2);
        ByteBuffer conclusion = caller.conclusionFor(listener);
        listener.receive(caller.address, copy(conclusion));
        PendingCaller repeating =
                listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
        PendingCaller waiting = pending(silent);
        listener.advance(5_000_000);
        listener.receive(caller.address, conclusion);
        listener.advance(PendingCaller.GIVEN_UP_MICROS - 1);

        listener.input(() -> assertThat(accept(repeating)).isNotNull());
        listener.input(() -> assertThat(accept(waiting)).isNotNull());
    }

    @Test
    void whatTheOwnerDoesBeforeItDrainsIsNotInTheTimeThatTheCallerIsTold() {
        PendingCaller pending = pending(caller);
        SrtConnection connection = listener.endpoint.accept(
                listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT);
        long acceptedMicros = listener.nowMicros();

        List<Sent> sent = listener.drainAfter(12_000);

        assertThat(sent).hasSize(1);
        assertThat(ControlHeader.timestamp(sent.get(0).packet()))
                .isEqualTo(connection.timestamp(acceptedMicros + 12_000));
    }

    @Test
    void onlyTheFirstDecisionCounts() {
        PendingCaller pending = pending(caller);
        listener.input(() -> listener.endpoint.accept(
                listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT));

        assertThat(listener.endpoint.accept(
                        listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT))
                .isNull();
        assertThat(listener.input(() -> listener.endpoint.reject(pending, RejectReason.FORBIDDEN)))
                .isEmpty();
        assertThat(listener.endpoint.connectionCount()).isEqualTo(1);
    }

    @Test
    void callersBeyondTheBoundAreRefusedUntilOthersExpire() {
        int bound = EndpointSettings.LISTENER.maximumPendingCallers();
        for (int i = 0; i < bound; i++) {
            pending(ScriptedCaller.number(i));
        }
        ScriptedCaller late = ScriptedCaller.number(bound);
        ByteBuffer conclusion = late.conclusionFor(listener);

        List<Sent> refusal = listener.receive(late.address, conclusion);

        assertThat(handshakes(refusal)).extracting(HandshakePacket::type).containsExactly(1005);
        assertThat(listener.endpoint.discarded(Discarded.PENDING_CALLERS_FULL)).isEqualTo(1);
        assertThat(listener.takeEvents()).isEmpty();

        listener.advance(EndpointSettings.LISTENER.pendingCallerMicros());
        assertThat(listener.takeEvents()).hasSize(bound).allMatch(EndpointEvent.CallerExpired.class::isInstance);
        assertNothingIsKept();
        pending(late);
    }

    @Test
    void aCallerOfTheOldHandshakeIsShutDown() {
        List<Sent> sent = listener.receive(caller.address, with(caller.conclusionFor(listener), VERSION, 4));

        assertThat(sent).hasSize(1);
        assertThat(ControlHeader.type(sent.get(0).packet())).isEqualTo(ControlType.SHUTDOWN);
        assertThat(PacketDecoder.destinationSocketId(sent.get(0).packet())).isEqualTo(caller.socketId);
        assertThat(listener.takeEvent(EndpointEvent.CallerRefused.class).reason())
                .isEqualTo(RejectReason.VERSION);
        assertNothingIsKept();
    }

    @Test
    void aRendezvousIsRefused() {
        List<Sent> sent = listener.receive(caller.address, with(caller.induction(), TYPE, HandshakePacket.WAVE_A_HAND));

        assertThat(handshakes(sent)).extracting(HandshakePacket::type).containsExactly(1004);
        assertThat(listener.endpoint.discarded(Discarded.RENDEZVOUS)).isEqualTo(1);
        assertNothingIsKept();
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalIsTheRequestWithTheReasonAsItsType(RejectReason reason) {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        PendingCaller pending = pending(caller);

        List<Sent> sent = listener.input(() -> listener.endpoint.reject(pending, reason));

        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).to()).isEqualTo(caller.address);
        ByteBuffer expected = with(with(conclusion.limit(64), TYPE, 1000 + reason.code()), 12, caller.socketId);
        assertThat(sent.get(0).packet()).isEqualTo(expected);
        assertNothingIsKept();
    }

    @Test
    void oneAddressMayHaveSeveralConnections() {
        ScriptedCaller sibling = new ScriptedCaller(caller.address, caller.socketId + 1, 100);
        SrtConnection first = caller.connectTo(listener);
        SrtConnection second = sibling.connectTo(listener);

        listener.receive(caller.address, ScriptedCaller.control(ControlType.SHUTDOWN, first.localSocketId()));

        assertThat(listener.takeEvent(EndpointEvent.Closed.class).connection()).isSameAs(first);
        assertThat(listener.endpoint.connectionCount()).isEqualTo(1);
        assertThat(second.closeReason()).isNull();
    }

    @Test
    void anEndpointThatOnlyCallsAnswersNobody() {
        DrivenEndpoint callsOut = DrivenEndpoint.caller();

        assertThat(callsOut.receive(caller.address, caller.induction())).isEmpty();
        assertThat(callsOut.endpoint.discarded(Discarded.UNEXPECTED_HANDSHAKE)).isEqualTo(1);
    }

    @Test
    void aListenerThatTakesNoMoreCallersKeepsThoseItHas() {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        PendingCaller accepted = pending(caller);
        listener.input(() -> listener.endpoint.accept(
                listener.nowMicros(), accepted, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT));
        ScriptedCaller undecided = ScriptedCaller.number(2);
        PendingCaller pending = pending(undecided);
        ScriptedCaller newcomer = ScriptedCaller.number(3);
        ByteBuffer newcomersConclusion = newcomer.conclusionFor(listener);

        List<Sent> answers =
                listener.input(() -> listener.endpoint.handleSettings(EndpointSettings.LISTENER.withoutCallers()));

        assertThat(handshakes(answers)).extracting(HandshakePacket::type).containsExactly(1007);
        assertThat(answers.get(0).to()).isEqualTo(undecided.address);
        assertThat(listener.endpoint.accept(
                        listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT))
                .isNull();
        assertThat(listener.receive(newcomer.address, newcomer.induction())).isEmpty();
        assertThat(listener.receive(newcomer.address, newcomersConclusion)).isEmpty();
        assertThat(listener.endpoint.discarded(Discarded.UNEXPECTED_HANDSHAKE)).isEqualTo(2);
        // The answer to it may have been lost.
        assertThat(handshakes(listener.receive(caller.address, conclusion)))
                .extracting(HandshakePacket::type)
                .containsExactly(HandshakePacket.CONCLUSION);
        assertThat(listener.endpoint.connectionCount()).isEqualTo(1);

        listener.input(() -> listener.endpoint.handleSettings(EndpointSettings.LISTENER));

        newcomer.connectTo(listener);
        assertThat(listener.endpoint.connectionCount()).isEqualTo(2);
    }

    private PendingCaller pending(ScriptedCaller who) {
        assertThat(listener.receive(who.address, who.conclusionFor(listener))).isEmpty();
        return listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
    }

    private Sent answerTo(ByteBuffer conclusion) {
        List<Sent> sent = listener.receive(caller.address, conclusion);
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    private @Nullable SrtConnection accept(PendingCaller pending) {
        return listener.endpoint.accept(
                listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT);
    }

    private void assertNothingIsKept() {
        assertThat(listener.takeEvents()).isEmpty();
        assertThat(listener.endpoint.connectionCount()).isZero();
        assertThat(listener.endpoint.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }
}
