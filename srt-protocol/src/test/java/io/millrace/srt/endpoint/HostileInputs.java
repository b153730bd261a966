package io.millrace.srt.endpoint;

import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.crypto.SessionKeys;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.packet.AckPacket;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.DropRequest;
import io.millrace.srt.packet.KeyMaterialPacket;
import io.millrace.srt.packet.LossList;
import io.millrace.srt.packet.SequenceNumber;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * An attacker's datagrams: anything at all, and packets that are valid but for what is chosen wrong, from the attacker's
 * own address with its connections, from strangers' and from the bystander's.
 */
final class HostileInputs {
    private static final InetSocketAddress OWN = ScriptedCaller.address(2);
    private static final InetSocketAddress STRANGER = ScriptedCaller.address(3);

    /** What the attacker's second connection is encrypted by. */
    private static final KeyEncryptionKey KEK =
            KeyEncryptionKey.derive(AttackedListener.PASSPHRASE, new byte[KeyMaterial.SALT_LENGTH], 16);

    private static final KeyEncryptionKey OTHER_KEK =
            KeyEncryptionKey.derive(AttackedListener.PASSPHRASE, new byte[KeyMaterial.SALT_LENGTH], 32);
    private static final KeyEncryptionKey FOREIGN_KEK =
            KeyEncryptionKey.derive(Passphrase.of("of somebody else"), new byte[KeyMaterial.SALT_LENGTH], 16);
    private static final KeyAgreement.Secured KEYS = KeyAgreement.Secured.initiate(KEK, CipherMode.CTR, new Random(9));

    private final AttackedListener target;
    private final RandomGenerator choices;
    private ByteBuffer last = ByteBuffer.allocate(16);
    private int openings;

    HostileInputs(AttackedListener target, RandomGenerator choices) {
        this.target = target;
        this.choices = choices;
    }

    /** The attacker's connection, opened again if it is closed. Which one decides about nothing but its IDs. */
    SrtConnection connection(int number) {
        ScriptedCaller caller = caller(number);
        for (int attempt = 0; attempt < 2; attempt++) {
            for (SrtConnection connection : target.open()) {
                if (connection.peerAddress().equals(OWN) && connection.peerSocketId() == caller.socketId) {
                    return connection;
                }
            }
            // With another number each time: the conclusion of a closed connection is known, and opens none.
            ScriptedCaller anew = caller(number, - ++openings);
            target.receive(OWN, anew.conclusionFor(target.listener));
        }
        throw new AssertionError("not let in");
    }

    /** Sends one datagram. */
    void attack() {
        InetSocketAddress from = switch (choices.nextInt(8)) {
            case 0 -> STRANGER;
            case 1 -> Bystander.ADDRESS;
            default -> OWN;
        };
        ByteBuffer packet = choices.nextInt(8) == 0 ? anything() : packet(from);
        for (int mutations = choices.nextInt(8) - 5; mutations > 0; mutations--) {
            packet = Mutation.of(packet, last, choices);
        }
        last = packet;
        target.receive(from, packet);
    }

    /** Sends bytes that mean nothing. */
    void noise() {
        target.receive(choices.nextInt(2) == 0 ? OWN : STRANGER, anything());
    }

    private ByteBuffer anything() {
        byte[] bytes = new byte[choices.nextInt(120)];
        choices.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private ByteBuffer packet(InetSocketAddress from) {
        int which = choices.nextInt(4);
        SrtConnection connection = connection(which & 1);
        int destination = switch (which) {
            case 2 -> from.equals(OWN) ? connection.localSocketId() : target.bystander.socketIdAtListener();
            case 3 -> choices.nextInt(4) == 0 ? 0 : connection.localSocketId();
            default -> connection.localSocketId();
        };
        ByteBuffer to = ByteBuffer.allocate(1_500);
        switch (choices.nextInt(14)) {
            case 0, 1, 2 -> data(to, destination);
            case 3, 4 -> acknowledgement(to, destination);
            case 5 -> {
                LossList.writeHeader(to, timestamp(), destination);
                for (int ranges = 1 + choices.nextInt(8); ranges > 0; ranges--) {
                    int first = sequenceNumber();
                    LossList.writeRange(to, first, SequenceNumber.plus(first, choices.nextInt(20)));
                }
            }
            case 6 -> {
                int first = sequenceNumber();
                DropRequest.write(
                        to, 0, first, SequenceNumber.plus(first, choices.nextInt(9_000)), timestamp(), destination);
            }
            case 7 -> to.put(ScriptedCaller.control(ControlType.SHUTDOWN, destination));
            case 8 -> to.put(ScriptedCaller.control(ControlType.KEEP_ALIVE, destination));
            case 9 -> {
                to.put(ScriptedCaller.control(ControlType.ACK_ACK, destination));
                to.putInt(4, choices.nextInt(300)).putInt(8, timestamp());
            }
            case 10 -> to.put(caller(which).induction());
            case 12, 13 -> keyMaterial(to, destination);
            default -> {
                // Only who gets mail at an address has its cookie.
                ScriptedCaller caller = from.equals(OWN) ? caller(choices.nextInt(3)) : caller(which);
                to.put(
                        from.equals(OWN)
                                ? ScriptedCaller.with(
                                        caller.conclusionFor(target.listener),
                                        ScriptedCaller.INITIAL_SEQUENCE_NUMBER,
                                        caller.initialSequenceNumber + choices.nextInt(2))
                                : caller.induction());
            }
        }
        return to.flip();
    }

    private void data(ByteBuffer to, int destination) {
        DataHeader.write(
                to,
                sequenceNumber(),
                1 + choices.nextInt(1_000),
                choices.nextInt(4) == 0 ? choices.nextInt(4) : 0,
                choices.nextInt(4) == 0,
                timestamp(),
                destination);
        to.position(to.position() + choices.nextInt(200));
    }

    private void keyMaterial(ByteBuffer to, int destination) {
        int subtype = choices.nextInt(4) == 0 ? choices.nextInt(6) : KeyMaterialPacket.KMREQ + choices.nextInt(2);
        KeyMaterialPacket.writeHeader(to, subtype, timestamp(), destination);
        switch (choices.nextInt(6)) {
            case 0 -> KEYS.material().write(to);
            case 1 -> KmState.values()[choices.nextInt(KmState.values().length)].write(to);
            case 2 -> to.position(to.position() + choices.nextInt(KeyMaterial.MAX_LENGTH + 8));
            case 3 -> wrap(CipherMode.CTR, OTHER_KEK).write(to);
            case 4 -> wrap(CipherMode.CTR, FOREIGN_KEK).write(to);
            default -> wrap(CipherMode.values()[choices.nextInt(2)], KEK).write(to);
        }
    }

    private KeyMaterial wrap(CipherMode mode, KeyEncryptionKey kek) {
        return KeyMaterial.wrap(mode, SessionKeys.generate(kek.keyLength(), new Random(choices.nextInt(8))), kek);
    }

    private void acknowledgement(ByteBuffer to, int destination) {
        int sequenceNumber = sequenceNumber();
        switch (choices.nextInt(3)) {
            case 0 -> AckPacket.writeLight(to, sequenceNumber, timestamp(), destination);
            case 1 -> writeSmallAck(to, sequenceNumber, destination);
            default -> {
                writeSmallAck(to, sequenceNumber, destination);
                AckPacket.writeRates(to, choices.nextInt(), choices.nextInt(), choices.nextInt());
            }
        }
    }

    private void writeSmallAck(ByteBuffer to, int sequenceNumber, int destination) {
        AckPacket.writeSmall(
                to,
                1 + choices.nextInt(100),
                sequenceNumber,
                choices.nextInt(100_000),
                choices.nextInt(100_000),
                choices.nextInt(10_000),
                timestamp(),
                destination);
    }

    /** Mostly near the beginning, where a short attack is at. */
    private int sequenceNumber() {
        int first = caller(0).initialSequenceNumber;
        return switch (choices.nextInt(8)) {
            case 0 -> choices.nextInt() & SequenceNumber.MAX;
            case 1 -> SequenceNumber.plus(first, choices.nextInt(20_000) - 2_000);
            default -> SequenceNumber.plus(first, choices.nextInt(64));
        };
    }

    private int timestamp() {
        return choices.nextInt(8) == 0 ? choices.nextInt() : 1_000 * choices.nextInt(10_000);
    }

    private static ScriptedCaller caller(int number) {
        return caller(number, 0);
    }

    private static ScriptedCaller caller(int number, int more) {
        // Near the greatest number, so that it wraps.
        return new ScriptedCaller(
                OWN, 0x2000 + number, SequenceNumber.MAX - 40 + more, number == 1 ? KEYS : KeyAgreement.Clear.CLEAR);
    }
}
