package io.millrace.srt.crypto;

import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.KeyMaterialPacket;
import io.millrace.srt.packet.PacketDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Makes of a peer of ours one that takes another salt and key length with each new key, by rewriting what it sends and
 * what it hears.
 */
public final class SaltChanger {
    private final Passphrase passphrase;
    private final RandomGenerator random;
    private final KeyEncryptionKey kek;
    /** By which our peer encrypts, and by which it looks as if it did. */
    private final StreamKeys inside;

    private final StreamKeys outside;
    private final byte[][] keys = new byte[KeyFlags.BOTH][];
    private final Map<KeyMaterial, KeyMaterial> told = new HashMap<>();
    private int keyLength = 16;

    /** @param first what the peer shakes hands with */
    public SaltChanger(Passphrase passphrase, KeyMaterial first, RandomGenerator random) {
        this.passphrase = passphrase;
        this.random = random;
        kek = KeyEncryptionKey.derive(passphrase, first);
        inside = new StreamKeys(first.mode());
        outside = new StreamKeys(first.mode());
        SessionKeys unwrapped = first.unwrap(kek);
        inside.install(first, unwrapped);
        outside.install(first, unwrapped);
        keys[KeyFlags.EVEN] = unwrapped.key(KeyFlags.EVEN);
    }

    /** Messages with another salt, so far. */
    public int changes() {
        return told.size();
    }

    /** What goes out in place of this datagram. */
    public byte[] outgoing(byte[] datagram) {
        ByteBuffer packet = ByteBuffer.wrap(datagram);
        if (PacketDecoder.isControl(packet)) {
            return isKeyMaterial(packet, KeyMaterialPacket.KMREQ)
                    ? with(packet, told.computeIfAbsent(material(packet), this::change))
                    : datagram;
        }
        byte[] payload = inside.decrypt(packet);
        byte[] changed = datagram.clone();
        outside.encrypt(payload, ByteBuffer.wrap(changed).position(DataHeader.LENGTH));
        return changed;
    }

    /** What our peer hears in place of this datagram. */
    public byte[] incoming(byte[] datagram) {
        ByteBuffer packet = ByteBuffer.wrap(datagram);
        if (PacketDecoder.isControl(packet) && isKeyMaterial(packet, KeyMaterialPacket.KMRSP)) {
            for (Map.Entry<KeyMaterial, KeyMaterial> each : told.entrySet()) {
                if (each.getValue().isEchoedBy(KeyMaterialPacket.content(packet))) {
                    return with(packet, each.getKey());
                }
            }
        }
        return datagram;
    }

    /** A message with the new key alone, as the other one was told with another salt. */
    private KeyMaterial change(KeyMaterial own) {
        SessionKeys unwrapped = own.unwrap(kek);
        inside.install(own, unwrapped);
        int changedFlag = KeyFlags.EVEN;
        byte[] even = unwrapped.key(KeyFlags.EVEN);
        if (Arrays.equals(even, keys[KeyFlags.EVEN])) {
            changedFlag = KeyFlags.ODD;
        }
        keys[changedFlag] = unwrapped.key(changedFlag);
        keyLength = 48 - keyLength;
        SessionKeys other = SessionKeys.ofFlag(changedFlag, SessionKeys.generateKey(keyLength, random));
        KeyMaterial changed = KeyMaterial.wrap(
                own.mode(),
                other,
                KeyEncryptionKey.derive(passphrase, KeyEncryptionKey.generateSalt(random), keyLength));
        outside.install(changed, other);
        return changed;
    }

    private static boolean isKeyMaterial(ByteBuffer packet, int subtype) {
        return ControlHeader.type(packet) == ControlType.USER_DEFINED && ControlHeader.subtype(packet) == subtype;
    }

    private static KeyMaterial material(ByteBuffer packet) {
        return KeyMaterial.read(KeyMaterialPacket.content(packet));
    }

    private static byte[] with(ByteBuffer packet, KeyMaterial material) {
        ByteBuffer changed = ByteBuffer.allocate(KeyMaterialPacket.HEADER_LENGTH + material.length());
        changed.put(packet.slice(0, KeyMaterialPacket.HEADER_LENGTH));
        material.write(changed);
        return changed.array();
    }
}
