package io.millrace.srt.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.PendingCaller;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import io.millrace.srt.send.SendBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two sides of ours with passphrases, good and bad networks between them. draft-sharabayko-srt §6. */
class EncryptionSimulationTest {
    private static final long MILLI = 1_000;
    private static final long SECOND = 1_000_000;
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
        Call call = new Call(1, NEAR, RefreshPeriod.DEFAULT);
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
        Call call = new Call(2, NEAR, RefreshPeriod.DEFAULT);
        call.open(call.keys(SECRET, CipherMode.CTR, 16), SECRET, true, true);
        call.sendBothWays(50);

        // Both sides send the same payloads under the same numbers: the same key would give the same ciphertext.
        assertThat(call.dataPackets).hasSize(100);
        assertThat(call.dataPackets.stream().map(Call::ciphertext).distinct()).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void keysSwitchUnderLossAndReorderingWithoutALostPacket(int seed) {
        Call call = new Call(seed, BAD, new RefreshPeriod(200, 90));
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
        Call call = new Call(3, BAD, new RefreshPeriod(200, 90));
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
        Call call = new Call(4, NEAR, RefreshPeriod.DEFAULT);
        call.open(call.keys(SECRET, CipherMode.CTR, 16), OTHER, true, true);

        assertThat(call.refusal).isEqualTo(RejectReason.BAD_SECRET);
    }

    @Test
    void aPassphraseOnOneSideOnlyIsRefusedAsUnsecure() {
        Call callers = new Call(5, NEAR, RefreshPeriod.DEFAULT);
        callers.open(callers.keys(SECRET, CipherMode.CTR, 16), null, true, true);
        Call listeners = new Call(6, NEAR, RefreshPeriod.DEFAULT);
        listeners.open(KeyAgreement.Clear.CLEAR, SECRET, true, true);

        assertThat(callers.refusal).isEqualTo(RejectReason.UNSECURE);
        assertThat(listeners.refusal).isEqualTo(RejectReason.UNSECURE);
    }

    /** draft-sharabayko-srt does not say so; it is what libsrt's two sides do. */
    @Test
    void anEnforcingCallerLeavesAListenerThatDoesNotEnforce() {
        Call wrong = new Call(7, NEAR, RefreshPeriod.DEFAULT);
        wrong.open(wrong.keys(SECRET, CipherMode.CTR, 16), OTHER, true, false);
        Call none = new Call(8, NEAR, RefreshPeriod.DEFAULT);
        none.open(none.keys(SECRET, CipherMode.CTR, 16), null, true, false);
        Call unasked = new Call(9, NEAR, RefreshPeriod.DEFAULT);
        unasked.open(KeyAgreement.Clear.CLEAR, SECRET, true, false);

        assertThat(wrong.refusal).isEqualTo(RejectReason.BAD_SECRET);
        assertThat(none.refusal).isEqualTo(RejectReason.UNSECURE);
        assertThat(unasked.refusal).isEqualTo(RejectReason.UNSECURE);
    }

    @Test
    void whereNobodyEnforcesTheWrongPassphraseCostsThePayloadsOfTheCallerOnly() {
        Call call = new Call(10, NEAR, RefreshPeriod.DEFAULT);
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
        Call call = new Call(11, NEAR, RefreshPeriod.DEFAULT);
        call.open(KeyAgreement.Clear.CLEAR, SECRET, false, false);
        call.sendBothWays(100);

        assertThat(call.callerSide.connection.keyState()).isEqualTo(KmState.UNSECURED);
        assertThat(call.listenerSide.numbers).hasSize(100);
        assertThat(call.callerSide.numbers).hasSize(100);
    }

    @Test
    void aRepeatedConclusionIsAnsweredWithTheSameKeyMaterial() {
        // The listener's first answer is lost in the outage; the caller asks again every 250 ms.
        Call call = new Call(12, NEAR.withOutage(25 * MILLI, 400 * MILLI), RefreshPeriod.DEFAULT);
        call.open(call.keys(SECRET, CipherMode.CTR, 16), SECRET, true, true);
        call.sendBothWays(50);

        assertThat(call.listenerSide.numbers).hasSize(50);
        assertThat(call.decisions).isEqualTo(1);
    }

    @Test
    void clearPacketsOnASecuredConnectionAreNotDelivered() {
        Call call = new Call(13, NEAR, RefreshPeriod.DEFAULT);
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

    /** One side of a call: what it sends and what it got. */
    private static final class Side {
        final SendBuffer source = new SendBuffer(16_384);
        final List<Integer> numbers = new ArrayList<>();
        final SimulatedHost host;
        int sent;

        @Nullable
        SrtConnection connection;

        Side(SimulatedHost host) {
            this.host = host;
        }

        void attach(SrtConnection opened) {
            connection = opened;
            opened.sendFrom(source, 0, 0);
            opened.receiveInto(
                    new PayloadReceiver() {
                        @Override
                        public void received(long offset, long originMicros, byte[] payload) {
                            numbers.add(ByteBuffer.wrap(payload).getInt());
                        }

                        @Override
                        public void settled(long offset) {}
                    },
                    Delivery.BY_TIMESTAMP);
        }

        double value(Statistic statistic) {
            return connection.statistics(host.nowMicros()).value(statistic);
        }
    }

    /** A call, its two sides, and every data packet that was sent. */
    private static final class Call {
        private static final int LATENCY_MILLIS = 300;

        final Simulation simulation;
        final SimulatedHost caller;
        final SimulatedHost listener;
        final Side callerSide;
        final Side listenerSide;
        final List<ByteBuffer> dataPackets = new ArrayList<>();
        private final ConnectionSettings settings;
        private final Random random;
        int decisions;

        @Nullable
        RejectReason refusal;

        Call(long seed, LinkProfile profile, RefreshPeriod period) {
            random = new Random(seed);
            settings = ConnectionSettings.DEFAULT.withLatency(LATENCY_MILLIS, 0).withRefreshPeriod(period);
            simulation = new Simulation(seed);
            caller = simulation.host(EndpointSettings.CALLER);
            listener = simulation.host(EndpointSettings.LISTENER);
            simulation.link(caller, listener, profile);
            simulation.onDatagram(datagram -> {
                if (!PacketDecoder.isControl(datagram)) {
                    dataPackets.add(datagram);
                }
            });
            callerSide = new Side(caller);
            listenerSide = new Side(listener);
        }

        KeyAgreement keys(String passphrase, CipherMode mode, int keyLength) {
            KeyEncryptionKey kek = KeyEncryptionKey.derive(
                    Passphrase.of(passphrase), KeyEncryptionKey.generateSalt(random), keyLength);
            return KeyAgreement.Secured.initiate(kek, mode, random);
        }

        void open(KeyAgreement callers, @Nullable String listeners, boolean callerEnforces, boolean listenerEnforces) {
            listener.onEvent(event -> {
                if (event instanceof EndpointEvent.CallerArrived arrived) {
                    decisions++;
                    decide(arrived.caller(), listeners, listenerEnforces);
                }
            });
            caller.onEvent(event -> {
                if (event instanceof EndpointEvent.Connected connected) {
                    callerSide.attach(connected.connection());
                } else if (event instanceof EndpointEvent.ConnectFailed failed) {
                    refusal = failed.reason();
                }
            });
            caller.input(() -> caller.endpoint()
                    .connect(caller.nowMicros(), listener.address(), settings, "x", callers, callerEnforces));
            simulation.run(3 * SECOND);
        }

        private void decide(PendingCaller pending, @Nullable String passphrase, boolean enforced) {
            KeyMaterial material = pending.keyMaterial();
            KeyAgreement.Secured unwrapped = material == null || passphrase == null
                    ? null
                    : KeyAgreement.Secured.answer(
                            material, KeyEncryptionKey.derive(Passphrase.of(passphrase), material));
            KeyAgreement agreement = KeyAgreement.respond(material != null, passphrase != null, unwrapped);
            if (enforced && agreement instanceof KeyAgreement.Unsecured unsecured) {
                listener.endpoint().reject(pending, unsecured.refusal());
            } else {
                listenerSide.attach(listener.endpoint().accept(listener.nowMicros(), pending, agreement, settings));
            }
        }

        void sendBothWays(int packets) {
            schedule(callerSide, packets);
            send(listenerSide, packets);
        }

        void send(Side side, int packets) {
            schedule(side, packets);
            simulation.run(packets * MILLI + 2 * SECOND);
        }

        private void schedule(Side side, int packets) {
            for (int i = 0; i < packets; i++) {
                simulation.after(
                        i * MILLI,
                        () -> side.host.input(() -> {
                            side.source.append(
                                    side.host.nowMicros(),
                                    ByteBuffer.allocate(188).putInt(side.sent++).array());
                            side.host.endpoint().wake(side.connection);
                        }));
            }
        }

        long keySwitches() {
            long switches = 0;
            for (int i = 0; i < 2; i++) {
                int socketId = (i == 0 ? callerSide : listenerSide).connection.peerSocketId();
                int last = 0;
                for (ByteBuffer packet : dataPackets) {
                    if (PacketDecoder.destinationSocketId(packet) == socketId && !DataHeader.isRetransmitted(packet)) {
                        int flags = DataHeader.keyFlags(packet);
                        switches += last != 0 && flags != last ? 1 : 0;
                        last = flags;
                    }
                }
            }
            return switches;
        }

        static ByteBuffer ciphertext(ByteBuffer packet) {
            return packet.slice(DataHeader.LENGTH, packet.remaining() - DataHeader.LENGTH);
        }
    }
}
