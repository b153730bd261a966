package io.millrace.srt.simulation;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
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

/** A call of ours with its two sides, which have passphrases or not, and every data packet that was sent. */
final class EncryptedCall {
    private static final long MILLI = 1_000;
    private static final long SECOND = 1_000_000;
    private static final int LATENCY_MILLIS = 300;
    /** As long as a busy machine may need for it. */
    private static final long DERIVATION_MICROS = 5 * MILLI;

    final Simulation simulation;
    final SimulatedHost caller;
    final SimulatedHost listener;
    final Side callerSide;
    final Side listenerSide;
    final List<ByteBuffer> dataPackets = new ArrayList<>();
    private final ConnectionSettings settings;
    private final Random random;
    int decisions;
    /** When the listener's side asked for another key encrypting key. */
    final List<Long> derivations = new ArrayList<>();

    @Nullable
    RejectReason refusal;

    EncryptedCall(long seed, LinkProfile profile, RefreshPeriod period) {
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

    KeyAgreement.Secured keys(String passphrase, CipherMode mode, int keyLength) {
        KeyEncryptionKey kek =
                KeyEncryptionKey.derive(Passphrase.of(passphrase), KeyEncryptionKey.generateSalt(random), keyLength);
        return KeyAgreement.Secured.initiate(kek, mode, random);
    }

    void open(KeyAgreement callers, @Nullable String listeners, boolean callerEnforces, boolean listenerEnforces) {
        listener.onEvent(event -> {
            if (event instanceof EndpointEvent.CallerArrived arrived) {
                decisions++;
                decide(arrived.caller(), listeners, listenerEnforces);
            } else if (event instanceof EndpointEvent.KeyMaterialArrived arrived) {
                derivations.add(simulation.nowMicros());
                KeyEncryptionKey kek = KeyEncryptionKey.derive(Passphrase.of(listeners), arrived.material());
                simulation.after(
                        DERIVATION_MICROS,
                        () -> listener.input(() -> listener.endpoint().rekey(arrived.connection(), kek)));
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
                : KeyAgreement.Secured.answer(material, KeyEncryptionKey.derive(Passphrase.of(passphrase), material));
        KeyAgreement agreement = KeyAgreement.respond(material != null, passphrase != null, unwrapped);
        if (enforced && agreement instanceof KeyAgreement.Unsecured unsecured) {
            listener.endpoint().reject(pending, unsecured.refusal());
        } else {
            listenerSide.attach(listener.endpoint().accept(listener.nowMicros(), pending, agreement, settings));
        }
    }

    void sendBothWays(int packets) {
        schedule(callerSide, packets, MILLI);
        send(listenerSide, packets);
    }

    void send(Side side, int packets) {
        send(side, packets, MILLI);
    }

    void send(Side side, int packets, long intervalMicros) {
        schedule(side, packets, intervalMicros);
        simulation.run(packets * intervalMicros + 2 * SECOND);
    }

    private void schedule(Side side, int packets, long intervalMicros) {
        for (int i = 0; i < packets; i++) {
            simulation.after(
                    i * intervalMicros,
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

    /** One side of a call: what it sends and what it got. */
    static final class Side {
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
}
