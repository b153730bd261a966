package io.millrace.srt.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.crypto.CryptoVectors.PacketVector;
import io.millrace.srt.crypto.CryptoVectors.Vector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector of {@code vectors.txt}, whole. */
class VectorsTest {
    static List<Vector> all() {
        return CryptoVectors.all();
    }

    static List<Vector> understood() {
        return all().stream().filter(Vector::isUnderstood).toList();
    }

    @Test
    void allVectorsAreThere() {
        assertThat(all())
                .extracting(Vector::name)
                .containsExactly(
                        "S1", "S2", "S3", "S4", "S5", "S6", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8a", "C8b",
                        "C8c");
        assertThat(all().stream().mapToInt(vector -> vector.packets().size()).sum())
                .isEqualTo(23);
    }

    @ParameterizedTest
    @MethodSource("understood")
    void thePassphraseAndTheSaltGiveTheKeyThatUnwraps(Vector vector) {
        KeyMaterial material = vector.material();
        KeyEncryptionKey kek = KeyEncryptionKey.derive(vector.passphrase(), material);

        assertThat(material.salt()).isEqualTo(vector.bytes("salt"));
        assertThat(material.mode()).isEqualTo(vector.mode());
        assertThat(material.keyLength()).isEqualTo(vector.bytes("even").length);
        SessionKeys keys = material.unwrap(kek);
        assertThat(keys).isNotNull();
        assertThat(keys.flags()).isEqualTo(material.keyFlags());
        assertThat(keys.joined()).isEqualTo(vector.keys().joined());
        assertThat(KeyWrap.wrap(vector.bytes("kek"), keys.joined()))
                .isEqualTo(Arrays.copyOfRange(vector.bytes("km"), 32, material.length()));
    }

    @ParameterizedTest
    @MethodSource("understood")
    void theSameKeysMakeTheSameMessage(Vector vector) {
        KeyEncryptionKey kek = KeyEncryptionKey.derive(
                vector.passphrase(), vector.bytes("salt"), vector.keys().keyLength());

        KeyMaterial material = KeyMaterial.wrap(vector.mode(), vector.keys(), kek);

        assertThat(material).isEqualTo(vector.material());
        ByteBuffer written = ByteBuffer.allocate(material.length());
        material.write(written);
        assertThat(written.array()).isEqualTo(vector.bytes("km"));
    }

    @ParameterizedTest
    @MethodSource("understood")
    void everyPacketIsEncryptedAsThePeerDid(Vector vector) {
        StreamKeys keys = vector.streamKeys();
        for (PacketVector packet : vector.packets()) {
            byte[] clear = packet.clear();
            byte[] sent = CryptoVectors.encrypt(keys, packet.bytes("header"), clear);

            assertThat(sent)
                    .hasSize(clear.length + vector.mode().overheadBytes())
                    .startsWith(packet.bytes("sent"));
            if (packet.has("tag")) {
                assertThat(sent).endsWith(packet.bytes("tag"));
            }
            assertThat(keys.decrypt(CryptoVectors.packet(packet.bytes("header"), sent)))
                    .isEqualTo(clear);
            if (packet.has("retransmitted")) {
                assertThat(CryptoVectors.encrypt(keys, packet.bytes("retransmitted"), clear))
                        .isEqualTo(sent);
                assertThat(keys.decrypt(CryptoVectors.packet(packet.bytes("retransmitted"), sent)))
                        .isEqualTo(clear);
            }
        }
    }

    @Test
    void theVectorsAndTagsOfOldPeersAreRefused() {
        Vector legacy = CryptoVectors.named("S6");
        PacketVector packet = legacy.packets().get(0);

        assertThat(legacy.streamKeys().decrypt(CryptoVectors.packet(packet.bytes("header"), packet.bytes("sent"))))
                .isNull();
    }

    /** Bouncy Castle shares no code with the JDK's ciphers, and takes the initialisation vector from the file. */
    @ParameterizedTest
    @MethodSource("all")
    void bouncyCastleAgrees(Vector vector) throws Exception {
        for (PacketVector packet : vector.packets()) {
            boolean odd = (packet.bytes("header")[4] & 0x10) != 0;
            KeyParameter key = new KeyParameter(vector.bytes(odd ? "odd" : "even"));
            byte[] clear = packet.clear();
            byte[] sent = new byte[clear.length + vector.mode().overheadBytes()];
            if (vector.mode() == CipherMode.CTR) {
                var cipher = SICBlockCipher.newInstance(AESEngine.newInstance());
                cipher.init(true, new ParametersWithIV(key, packet.bytes("iv")));
                cipher.processBytes(clear, 0, clear.length, sent, 0);
            } else {
                byte[] authenticated = packet.bytes(packet.has("authenticated") ? "authenticated" : "header");
                var cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
                cipher.init(true, new AEADParameters(key, 128, packet.bytes("iv"), authenticated));
                int length = cipher.processBytes(clear, 0, clear.length, sent, 0);
                cipher.doFinal(sent, length);
            }

            assertThat(sent).startsWith(packet.bytes("sent"));
            assertThat(packet.has("tag") ? packet.bytes("tag") : new byte[0])
                    .isEqualTo(packet.has("tag") ? Arrays.copyOfRange(sent, clear.length, sent.length) : new byte[0]);
        }
    }
}
