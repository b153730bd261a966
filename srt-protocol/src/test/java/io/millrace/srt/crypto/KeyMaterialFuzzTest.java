package io.millrace.srt.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.srt.ReplayWithoutInstrumentation;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ReplayWithoutInstrumentation.class)
class KeyMaterialFuzzTest {
    private static final Passphrase PASSPHRASE = Passphrase.of("correct horse battery");

    /** {@code content} is that of a KMREQ or KMRSP. */
    @FuzzTest(maxDuration = "5s")
    void anyContentIsReadOrRefused(byte[] content) {
        ByteBuffer packet = ByteBuffer.allocate(9 + content.length + 20)
                .position(9)
                .put(content)
                .flip()
                .position(9);

        KmState state = KmState.read(packet);
        if (state != null) {
            assertThat(content).hasSize(4);
        }
        if (KeyMaterial.check(packet) != null) {
            return;
        }
        assertThat(state).isNull();
        KeyMaterial material = KeyMaterial.read(packet);
        assertThat(material.length()).isBetween(56, KeyMaterial.MAX_LENGTH).isEqualTo(content.length);
        assertThat(material.isEchoedBy(packet)).isTrue();
        ByteBuffer written = ByteBuffer.allocate(material.length());
        material.write(written);
        assertThat(written.array()).isEqualTo(content);
        SessionKeys keys = material.unwrap(KeyEncryptionKey.derive(PASSPHRASE, material));
        if (keys != null) {
            assertThat(keys.flags()).isEqualTo(material.keyFlags());
            assertThat(keys.keyLength()).isEqualTo(material.keyLength());
            assertThat(new StreamKeys(material.mode()).install(material, keys)).isTrue();
        }
    }
}
