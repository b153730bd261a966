package io.millrace.srt.crypto;

import io.millrace.srt.capture.Capture;
import io.millrace.srt.capture.CapturedDatagram;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.packet.SequenceNumber;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the encrypted payloads of a capture as the two receivers of its connection would. */
final class DecryptedCapture {
    private static final int KMREQ = 3;
    private static final int KMRSP = 4;

    /** @param clear null if it could not be decrypted */
    record Packet(InetSocketAddress from, ByteBuffer packet, int offset, byte[] clear) {}

    final List<Packet> packets = new ArrayList<>();
    final List<KeyMaterial> requests = new ArrayList<>();
    final List<KeyMaterial> echoes = new ArrayList<>();
    final List<KmState> refusals = new ArrayList<>();

    private final Passphrase passphrase;
    private final Map<InetSocketAddress, StreamKeys> keysBySender = new HashMap<>();
    private KeyEncryptionKey kek;
    private int initialSequenceNumber;

    DecryptedCapture(String capture, String passphrase) {
        this.passphrase = Passphrase.of(passphrase);
        for (CapturedDatagram datagram : Capture.load(capture)) {
            ByteBuffer packet = datagram.payload();
            if (!PacketDecoder.isControl(packet)) {
                onData(datagram);
            } else if (ControlHeader.type(packet) == ControlType.HANDSHAKE) {
                onHandshake(datagram);
            } else if (ControlHeader.type(packet) == ControlType.USER_DEFINED) {
                ByteBuffer content = packet.slice(
                        packet.position() + ControlHeader.LENGTH, packet.remaining() - ControlHeader.LENGTH);
                onKeyMaterial(ControlHeader.subtype(packet), content, datagram.from());
            }
        }
    }

    StreamKeys keysOf(InetSocketAddress sender) {
        return keysBySender.get(sender);
    }

    private void onData(CapturedDatagram datagram) {
        ByteBuffer packet = datagram.payload();
        if (DataHeader.keyFlags(packet) == KeyFlags.CLEAR || DataHeader.messageNumber(packet) == 0) {
            return;
        }
        StreamKeys keys = keysBySender.get(datagram.from());
        packets.add(new Packet(
                datagram.from(),
                packet,
                SequenceNumber.distance(initialSequenceNumber, DataHeader.sequenceNumber(packet)),
                keys == null ? null : keys.decrypt(packet)));
    }

    private void onHandshake(CapturedDatagram datagram) {
        ByteBuffer packet = datagram.payload();
        HandshakePacket handshake = HandshakePacket.read(packet);
        if (handshake.type() != HandshakePacket.CONCLUSION) {
            return;
        }
        initialSequenceNumber = handshake.initialSequenceNumber();
        ByteBuffer blocks = packet.duplicate().position(packet.position() + HandshakePacket.FIXED_LENGTH);
        while (blocks.hasRemaining()) {
            int type = blocks.getShort();
            int length = 4 * blocks.getShort();
            ByteBuffer content = blocks.slice(blocks.position(), length);
            blocks.position(blocks.position() + length);
            if (type == KMREQ) {
                // Both directions start with the caller's key.
                onKeyMaterial(type, content, datagram.from());
                install(requests.get(requests.size() - 1), datagram.to());
            } else if (type == KMRSP) {
                onKeyMaterial(type, content, datagram.from());
            }
        }
    }

    private void onKeyMaterial(int type, ByteBuffer content, InetSocketAddress sender) {
        KmState refusal = KmState.read(content);
        if (refusal != null) {
            refusals.add(refusal);
            return;
        }
        KeyMaterial material = KeyMaterial.read(content);
        if (type == KMRSP) {
            echoes.add(material);
            return;
        }
        requests.add(material);
        install(material, sender);
    }

    private void install(KeyMaterial material, InetSocketAddress sender) {
        if (kek == null || !kek.fits(material)) {
            kek = KeyEncryptionKey.derive(passphrase, material);
        }
        SessionKeys keys = material.unwrap(kek);
        if (keys != null) {
            keysBySender
                    .computeIfAbsent(sender, any -> new StreamKeys(material.mode()))
                    .install(material, keys);
        }
    }
}
