package io.millrace.srt.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyMaterialTest {
    /** One key of 16 bytes: 56 bytes. */
    private static final byte[] ONE_KEY = CryptoVectors.named("S1").bytes("km");
    /** Two keys of 32 bytes: 104 bytes. */
    private static final byte[] TWO_KEYS = CryptoVectors.named("S3").bytes("km");

    private static final Passphrase PASSPHRASE = Passphrase.of("correct horse battery");

    @ParameterizedTest
    @CsvSource({
        "0,  02, NOT_KEY_MATERIAL",
        "0,  22, NOT_KEY_MATERIAL",
        "0,  92, NOT_KEY_MATERIAL",
        "0,  11, NOT_KEY_MATERIAL",
        "1,  21, NOT_KEY_MATERIAL",
        "2,  28, NOT_KEY_MATERIAL",
        "3,  00, NO_KEY",
        "3,  FC, NO_KEY",
        "3,  03, WRONG_LENGTH",
        "7,  01, UNKNOWN_KEK",
        "8,  00, UNSUPPORTED_CIPHER",
        "8,  01, UNSUPPORTED_CIPHER",
        "8,  03, UNSUPPORTED_CIPHER",
        "8,  04, UNSUPPORTED_CIPHER",
        "8,  FF, UNSUPPORTED_CIPHER",
        "9,  01, UNSUPPORTED_CIPHER",
        "10, 01, WRONG_ENCAPSULATION",
        "14, 00, BAD_SALT_LENGTH",
        "14, FF, BAD_SALT_LENGTH",
        "15, 00, BAD_KEY_LENGTH",
        "15, 05, BAD_KEY_LENGTH",
        "15, FF, BAD_KEY_LENGTH",
        "15, 06, WRONG_LENGTH"
    })
    void aWrongFieldIsNamed(int at, String value, BadKeyMaterial reason) {
        byte[] message = ONE_KEY.clone();
        message[at] = (byte) Integer.parseInt(value, 16);

        assertThat(KeyMaterial.check(ByteBuffer.wrap(message))).isEqualTo(reason);
    }

    /** CVE-2026-55869: a message longer than its fields say, taken from a packet that needs no passphrase. */
    @Test
    void onlyTheExactLengthIsAccepted() {
        for (byte[] message : new byte[][] {ONE_KEY, TWO_KEYS}) {
            for (int length = 0; length <= 1456; length++) {
                BadKeyMaterial expected = length < 32 ? BadKeyMaterial.TOO_SHORT : BadKeyMaterial.WRONG_LENGTH;

                assertThat(KeyMaterial.check(ByteBuffer.wrap(Arrays.copyOf(message, length))))
                        .as("%d bytes", length)
                        .isEqualTo(length == message.length ? null : expected);
            }
        }
    }

    @Test
    void theLongestMessageHasTwoLongKeys() {
        assertThat(TWO_KEYS).hasSize(KeyMaterial.MAX_LENGTH);
    }

    @Test
    void reservedBitsAreIgnoredAndKept() {
        byte[] message = ONE_KEY.clone();
        message[3] |= 0x04;
        message[11] = 7;
        message[12] = 8;

        KeyMaterial material = KeyMaterial.read(ByteBuffer.wrap(message));

        assertThat(material.keyFlags()).isEqualTo(KeyFlags.EVEN);
        ByteBuffer written = ByteBuffer.allocate(material.length());
        material.write(written);
        assertThat(written.array()).isEqualTo(message);
    }

    @Test
    void aMessageIsReadWithinALargerBuffer() {
        ByteBuffer packet = ByteBuffer.allocate(200)
                .position(16)
                .put(ONE_KEY)
                .limit(16 + ONE_KEY.length)
                .position(16);

        assertThat(KeyMaterial.read(packet)).isEqualTo(KeyMaterial.read(ByteBuffer.wrap(ONE_KEY)));
        assertThat(packet.position()).isEqualTo(16);
    }

    @Test
    void anUncheckedMessageIsNotRead() {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyMaterial.read(ByteBuffer.allocate(56)));
    }

    @Test
    void damageIsNoticedWhereverItIs() {
        KeyEncryptionKey kek = KeyEncryptionKey.derive(PASSPHRASE, KeyMaterial.read(ByteBuffer.wrap(TWO_KEYS)));
        for (int at = 32; at < TWO_KEYS.length; at++) {
            byte[] message = TWO_KEYS.clone();
            message[at] ^= 0x10;

            assertThat(KeyMaterial.read(ByteBuffer.wrap(message)).unwrap(kek)).isNull();
        }
    }

    @Test
    void anotherPassphraseUnwrapsNothing() {
        KeyMaterial material = KeyMaterial.read(ByteBuffer.wrap(ONE_KEY));

        assertThat(material.unwrap(KeyEncryptionKey.derive(Passphrase.of("correct horse batterY"), material)))
                .isNull();
    }

    @Test
    void aKeyEncryptionKeyFitsItsSaltAndKeyLength() {
        KeyMaterial material = KeyMaterial.read(ByteBuffer.wrap(ONE_KEY));
        byte[] message = ONE_KEY.clone();
        message[16] ^= 1;
        KeyMaterial otherSalt = KeyMaterial.read(ByteBuffer.wrap(message));
        KeyEncryptionKey kek = KeyEncryptionKey.derive(PASSPHRASE, material);

        assertThat(kek.fits(material)).isTrue();
        assertThat(kek.fits(otherSalt)).isFalse();
        assertThat(kek.fits(KeyMaterial.read(ByteBuffer.wrap(TWO_KEYS)))).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> otherSalt.unwrap(kek));
    }

    @Test
    void onlyTheSameBytesAreAnEcho() {
        KeyMaterial material = KeyMaterial.read(ByteBuffer.wrap(ONE_KEY));
        byte[] other = ONE_KEY.clone();
        other[55] ^= 1;

        assertThat(material.isEchoedBy(ByteBuffer.wrap(ONE_KEY))).isTrue();
        assertThat(material.isEchoedBy(ByteBuffer.wrap(other))).isFalse();
        assertThat(material.isEchoedBy(ByteBuffer.wrap(TWO_KEYS))).isFalse();
        assertThat(material.isEchoedBy(ByteBuffer.wrap(ONE_KEY, 0, 55))).isFalse();
    }

    @Test
    void nothingShowsASecret() {
        SessionKeys keys = CryptoVectors.named("S3").keys();
        KeyMaterial material = KeyMaterial.read(ByteBuffer.wrap(TWO_KEYS));

        assertThat(keys).hasToString("SessionKeys[flags=3, keyLength=32]");
        assertThat(material).hasToString("KeyMaterial[keyFlags=3, mode=CTR, keyLength=32]");
        assertThat(KeyEncryptionKey.derive(PASSPHRASE, material)).hasToString("KeyEncryptionKey[keyLength=32]");
    }

    @Test
    void aWipedKeyEncryptionKeyCannotBeUsed() {
        SessionKeys keys = CryptoVectors.named("S3").keys();
        KeyMaterial material = KeyMaterial.read(ByteBuffer.wrap(TWO_KEYS));
        KeyEncryptionKey kek = KeyEncryptionKey.derive(PASSPHRASE, material);

        kek.wipe();

        assertThatIllegalStateException().isThrownBy(() -> material.unwrap(kek));
        assertThatIllegalStateException().isThrownBy(() -> KeyMaterial.wrap(CipherMode.CTR, keys, kek));
    }

    @Test
    void wipedKeysAreGone() {
        SessionKeys keys = CryptoVectors.named("S3").keys();

        keys.wipe();

        assertThat(keys.joined()).hasSize(64).containsOnly(0);
    }
}
