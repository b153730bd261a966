package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose handshakes an endpoint works on, and on how many of them. */
class SrtEndpointBudgetTest {
    private static final long SECOND = 1_000_000;
    private static final long REPEAT_MICROS = SECOND / 4;
    /** libsrt's callers give up after so many messages. */
    private static final int ATTEMPTS = 12;

    private static final int BURST = HandshakeLimits.DEFAULT.conclusionBurst();
    private static final int PER_SECOND = HandshakeLimits.DEFAULT.conclusionsPerSecond();
    private static final InetSocketAddress VIEWER = ScriptedCaller.address(1);

    private final DrivenEndpoint listener = DrivenEndpoint.listener();

    private enum Known {
        PENDING,
        ACCEPTED,
        REFUSED
    }

    /** A conclusion with a valid cookie, and where it comes from. */
    private record Conclusion(InetSocketAddress from, ByteBuffer packet) {}

    @Test
    void handshakesFromADeniedAddressAreMetWithSilence() {
        InetAddress denied = VIEWER.getAddress();
        DrivenEndpoint choosy = listener(EndpointSettings.LISTENER.withCallers(address -> !address.equals(denied)));
        ScriptedCaller viewer = new ScriptedCaller(VIEWER, 0x1000, 100);
        ByteBuffer conclusion = viewer.conclusionFor(listener);

        assertThat(choosy.receive(VIEWER, viewer.induction())).isEmpty();
        assertThat(choosy.receive(VIEWER, conclusion)).isEmpty();
        assertThat(choosy.receive(
                        VIEWER,
                        ScriptedCaller.with(viewer.induction(), ScriptedCaller.TYPE, HandshakePacket.WAVE_A_HAND)))
                .isEmpty();

        assertThat(choosy.endpoint.discarded(Discarded.DENIED_ADDRESS)).isEqualTo(3);
        assertThat(choosy.endpoint.discarded(Discarded.BAD_COOKIE)).isZero();
        assertThat(choosy.takeEvents()).isEmpty();
        assertThat(choosy.endpoint.size()).isZero();
        ScriptedCaller.number(2).connectTo(choosy);
    }

    @Test
    void anOpenConnectionIsNotAskedForItsAddressAgain() {
        boolean[] asked = new boolean[1];
        DrivenEndpoint choosy = listener(EndpointSettings.LISTENER.withCallers(address -> asked[0] = true));
        ScriptedCaller caller = ScriptedCaller.number(1);
        SrtConnection connection = caller.connectTo(choosy);
        asked[0] = false;

        choosy.receive(caller.address, caller.data(0, connection.localSocketId()));

        assertThat(asked[0]).isFalse();
        assertThat(choosy.endpoint.discarded(Discarded.DENIED_ADDRESS)).isZero();
    }

    @Test
    void aCrowdBehindOneAddressGetsInWithinSeconds() {
        List<Conclusion> outside = new ArrayList<>(conclusions(VIEWER.getAddress(), 200));
        int messages = 0;
        for (; messages < ATTEMPTS && !outside.isEmpty(); messages++) {
            // All of them at the same time, which is the worst that they can do.
            outside.removeIf(this::arrives);
            listener.advance(REPEAT_MICROS);
        }

        assertThat(outside).isEmpty();
        assertThat(messages * REPEAT_MICROS).isLessThanOrEqualTo(5 * SECOND / 2);
        assertThat(listener.endpoint.discarded(Discarded.OVER_BUDGET_CONCLUSION))
                .isPositive();
    }

    @Test
    void oneAddressGetsNoMoreDecisionsThanItsBudgetAndTakesNoneFromOthers() {
        int seconds = 3;
        List<Conclusion> flood = conclusions(VIEWER.getAddress(), 3_000);
        int arrived = 0;
        int others = 0;
        for (int i = 0; i < flood.size(); i++) {
            arrived += arrives(flood.get(i)) ? 1 : 0;
            if (i % 100 == 0) {
                others += arrives(conclusion(ScriptedCaller.number(1_000 + i))) ? 1 : 0;
            }
            listener.advance(seconds * SECOND / flood.size());
        }

        assertThat(arrived).isBetween(BURST + (seconds - 1) * PER_SECOND, BURST + seconds * PER_SECOND);
        assertThat(others).isEqualTo(flood.size() / 100);
        assertThat(listener.endpoint.discarded(Discarded.OVER_BUDGET_CONCLUSION))
                .isEqualTo(flood.size() - arrived);
    }

    @ParameterizedTest
    @EnumSource
    void aCallerThatRepeatsItselfUsesNothingUp(Known known) {
        ScriptedCaller caller = ScriptedCaller.number(1);
        ByteBuffer conclusion = caller.conclusionFor(listener);
        listener.receive(caller.address, conclusion);
        PendingCaller pending =
                listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
        listener.input(() -> {
            switch (known) {
                case PENDING -> {}
                case ACCEPTED ->
                    listener.endpoint.accept(
                            listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT);
                case REFUSED -> listener.endpoint.reject(pending, RejectReason.NOT_FOUND);
            }
        });
        for (int i = 0; i < 10 * BURST; i++) {
            listener.receive(caller.address, conclusion);
        }

        assertThat(listener.endpoint.discarded(Discarded.OVER_BUDGET_CONCLUSION))
                .isZero();
        assertThat(conclusions(caller.address.getAddress(), BURST - 1)).allMatch(this::arrives);
    }

    @Test
    void refusalsThatNeedNoDecisionAreBudgetedToo() {
        List<Conclusion> flood = conclusions(VIEWER.getAddress(), 1_000);
        for (Conclusion conclusion : flood) {
            listener.receive(conclusion.from(), ScriptedCaller.with(conclusion.packet(), ScriptedCaller.VERSION, 4));
            listener.advance(SECOND / flood.size());
        }

        assertThat(listener.takeEvents())
                .hasSizeBetween(BURST, BURST + PER_SECOND)
                .allMatch(EndpointEvent.CallerRefused.class::isInstance);
    }

    @Test
    void eventsThatNobodyPollsAreBounded() {
        List<ByteBuffer> outdated = IntStream.range(0, 5_000)
                .mapToObj(i -> ScriptedCaller.with(
                        ScriptedCaller.number(i).conclusionFor(listener), ScriptedCaller.VERSION, 4))
                .toList();

        for (int i = 0; i < outdated.size(); i++) {
            listener.endpoint.handleDatagram(listener.nowMicros(), ScriptedCaller.address(i), outdated.get(i));
        }

        assertThat(listener.endpoint.size()).isEqualTo(2 * 4_096);
        listener.input(() -> {});
        assertThat(listener.takeEvents()).hasSize(4_096);
        assertThat(listener.endpoint.discarded(Discarded.EVENTS_FULL)).isEqualTo(904);
        assertThat(listener.endpoint.size()).isZero();
    }

    @Test
    void inductionsForgedInAViewersNameDoNotKeepTheViewerOut() {
        Random ports = new Random(1);
        int answered = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            forge(ports, 2_500, REPEAT_MICROS);
            answered += answers(VIEWER);
        }

        assertThat(answered).isEqualTo(ATTEMPTS);
    }

    /** What nobody can work on is shared in a way that hits the one whose name is used, and not even that one for good. */
    @Test
    void aFloodOfInductionsBeyondTheBudgetLeavesRoomForOthers() {
        Random ports = new Random(1);
        int ofViewer = 0;
        int ofOthers = 0;
        for (int attempt = 0; attempt < 2 * ATTEMPTS; attempt++) {
            forge(ports, 25_000, REPEAT_MICROS);
            ofViewer += answers(VIEWER);
            ofOthers += answers(ScriptedCaller.address(1_000 + attempt));
        }

        assertThat(ofOthers).isEqualTo(2 * ATTEMPTS);
        assertThat(ofViewer).isPositive();
        assertThat(listener.endpoint.discarded(Discarded.OVER_BUDGET_INDUCTION)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {HandshakePacket.INDUCTION, HandshakePacket.WAVE_A_HAND})
    void answersToUnprovenAddressesAreBoundedAsAWhole(int type) {
        ByteBuffer request = ScriptedCaller.with(ScriptedCaller.number(1).induction(), ScriptedCaller.TYPE, type);
        int seconds = 2;
        int answers = 0;
        for (int i = 0; i < 200_000; i++) {
            answers += listener.receive(ScriptedCaller.address(i), request).size();
            listener.advance(seconds * SECOND / 200_000);
        }

        assertThat(answers)
                .isLessThanOrEqualTo((1 + seconds) * HandshakeLimits.DEFAULT.inductionsPerSecond())
                .isGreaterThan(seconds * HandshakeLimits.DEFAULT.inductionsPerSecond());
    }

    @Test
    void noAnswerToAnInductionIsLongerThanTheInduction() {
        ByteBuffer induction = ScriptedCaller.number(1).induction();
        for (int length = 0; length <= 1_500; length++) {
            ByteBuffer request = ByteBuffer.allocate(length);
            request.put(0, induction, 0, Math.min(length, induction.remaining()));
            int answer = listener.receive(VIEWER, request).stream()
                    .mapToInt(sent -> sent.bytes().length)
                    .sum();

            assertThat(answer).as("bytes in answer to %d", length).isEqualTo(length < 64 ? 0 : 64);
        }
    }

    /** Inductions from one host's address and any port, spread over a time. */
    private void forge(Random ports, int count, long micros) {
        ByteBuffer induction = ScriptedCaller.number(1).induction();
        for (int i = 0; i < count; i++) {
            listener.receive(new InetSocketAddress(VIEWER.getAddress(), 1 + ports.nextInt(65_535)), induction);
            // At the end the next message comes between two of the flood, at a time of its own.
            listener.advance(i < count - 1 ? micros / count : ports.nextInt((int) (micros / count)));
        }
    }

    private int answers(InetSocketAddress caller) {
        return listener.receive(caller, ScriptedCaller.number(1).induction()).size();
    }

    /** From as many sockets of one address. */
    private List<Conclusion> conclusions(InetAddress address, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ScriptedCaller(new InetSocketAddress(address, 1024 + i), 0x2000 + i, 100))
                .map(this::conclusion)
                .toList();
    }

    private Conclusion conclusion(ScriptedCaller caller) {
        return new Conclusion(caller.address, caller.conclusionFor(listener));
    }

    /** Whether the owner of the listener is asked for a decision on it. */
    private boolean arrives(Conclusion conclusion) {
        listener.receive(conclusion.from(), conclusion.packet());
        return listener.takeEvents().stream().anyMatch(EndpointEvent.CallerArrived.class::isInstance);
    }

    private static DrivenEndpoint listener(EndpointSettings settings) {
        return new DrivenEndpoint(settings, 1, 1_000_000_000);
    }
}
