package io.millrace.srt.crypto;

import io.millrace.srt.packet.DataHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The sections of {@code vectors.txt}, which says what is in it. */
final class CryptoVectors {
    private CryptoVectors() {}

    /** One section. */
    record Vector(String name, Map<String, String> values, List<PacketVector> packets) {
        CipherMode mode() {
            return CipherMode.valueOf(values.get("mode"));
        }

        boolean isUnderstood() {
            return values.containsKey("passphrase");
        }

        Passphrase passphrase() {
            return Passphrase.of(values.get("passphrase"));
        }

        byte[] bytes(String value) {
            return hex(values.get(value));
        }

        KeyMaterial material() {
            return KeyMaterial.read(ByteBuffer.wrap(bytes("km")));
        }

        SessionKeys keys() {
            return values.containsKey("odd")
                    ? SessionKeys.ofBoth(bytes("even"), bytes("odd"))
                    : SessionKeys.ofFlag(KeyFlags.EVEN, bytes("even"));
        }

        StreamKeys streamKeys() {
            StreamKeys keys = new StreamKeys(mode());
            keys.install(keys(), bytes("salt"));
            return keys;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** One packet of a section. */
    record PacketVector(Map<String, String> values) {
        boolean has(String value) {
            return values.containsKey(value);
        }

        byte[] bytes(String value) {
            return hex(values.get(value));
        }

        byte[] clear() {
            String clear = values.get("clear");
            return clear.startsWith("chunk ") ? Chunks.chunk(Integer.parseInt(clear.substring(6))) : hex(clear);
        }
    }

    static List<Vector> all() {
        List<Vector> vectors = new ArrayList<>();
        for (String line : text().lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                vectors.add(new Vector(line.substring(1, line.length() - 1), new HashMap<>(), new ArrayList<>()));
                continue;
            }
            Vector vector = vectors.get(vectors.size() - 1);
            String[] nameAndValue = line.split(" ", 2);
            if (nameAndValue[0].equals("header")) {
                vector.packets.add(new PacketVector(new HashMap<>()));
            }
            List<PacketVector> packets = vector.packets;
            Map<String, String> values = packets.isEmpty() ? vector.values : packets.get(packets.size() - 1).values;
            values.put(nameAndValue[0], nameAndValue[1]);
        }
        return vectors;
    }

    static Vector named(String name) {
        return all().stream()
                .filter(vector -> vector.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What follows the header when this payload is encrypted. */
    static byte[] encrypt(StreamKeys keys, byte[] header, byte[] clear) {
        // Something before and behind the packet, as in a transport's buffer.
        ByteBuffer to = ByteBuffer.allocateDirect(7 + header.length + clear.length + 100)
                .position(7)
                .put(header);
        keys.encrypt(clear, to);
        byte[] sent = new byte[to.position() - 7 - DataHeader.LENGTH];
        to.get(7 + DataHeader.LENGTH, sent);
        return sent;
    }

    /** The packet with this header and payload between position and limit of a larger buffer. */
    static ByteBuffer packet(byte[] header, byte[] sent) {
        ByteBuffer packet = ByteBuffer.allocate(5 + header.length + sent.length + 50);
        return packet.position(5).put(header).put(sent).flip().position(5);
    }

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String text() {
        try (InputStream in = CryptoVectors.class.getResourceAsStream("vectors.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
