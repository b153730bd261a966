package io.millrace.srt.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.srt.packet.DataHeader;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamKeysTest {
    private static final byte[] SALT = CryptoVectors.named("S3").bytes("salt");
    private static final byte[] CLEAR = Chunks.chunk(3);

    private final Random random = new Random(1);

    @ParameterizedTest
    @EnumSource
    void payloadsOfEveryLengthComeBack(CipherMode mode) {
        StreamKeys sender = keys(mode, KeyFlags.BOTH);
        StreamKeys receiver = keys(mode, KeyFlags.BOTH);
        for (int length = 0; length <= 1456 - mode.overheadBytes(); length += length < 70 ? 1 : 33) {
            byte[] clear = new byte[length];
            random.nextBytes(clear);
            byte[] header = header(random.nextInt() >>> 1, 1 + length % 2, 5);

            byte[] sent = CryptoVectors.encrypt(sender, header, clear);

            assertThat(sent).hasSize(length + mode.overheadBytes());
            ByteBuffer packet = CryptoVectors.packet(header, sent);
            assertThat(receiver.decrypt(packet)).isEqualTo(clear);
            assertThat(packet).isEqualTo(CryptoVectors.packet(header, sent));
            assertThat(receiver.decrypt(
                            ByteBuffer.allocateDirect(2000).put(packet).flip().asReadOnlyBuffer()))
                    .isEqualTo(clear);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRetransmissionHasTheSameCiphertext(CipherMode mode) {
        StreamKeys sender = keys(mode, KeyFlags.EVEN);
        byte[] header = header(100, KeyFlags.EVEN, 5);
        byte[] again = header.clone();
        again[4] |= 0x04;
        byte[] first = CryptoVectors.encrypt(sender, header, CLEAR);

        assertThat(CryptoVectors.encrypt(sender, again, CLEAR)).isEqualTo(first);
        assertThat(CryptoVectors.encrypt(sender, again, CLEAR)).isEqualTo(first);
        CryptoVectors.encrypt(sender, header(101, KeyFlags.EVEN, 5), CLEAR);
        assertThat(CryptoVectors.encrypt(sender, again, CLEAR)).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void eachNumberAndKeyGivesAnotherCiphertext(CipherMode mode) {
        StreamKeys sender = keys(mode, KeyFlags.BOTH);
        byte[] first = CryptoVectors.encrypt(sender, header(100, KeyFlags.EVEN, 5), CLEAR);

        assertThat(CryptoVectors.encrypt(sender, header(101, KeyFlags.EVEN, 5), CLEAR))
                .isNotEqualTo(first);
        assertThat(CryptoVectors.encrypt(sender, header(100, KeyFlags.ODD, 5), CLEAR))
                .isNotEqualTo(first);
    }

    @Test
    void everyBitOfAnAuthenticatedPacketCounts() {
        StreamKeys keys = keys(CipherMode.GCM, KeyFlags.BOTH);
        byte[] header = header(100, KeyFlags.EVEN, 5);
        byte[] sent = CryptoVectors.encrypt(keys, header, new byte[20]);
        ByteBuffer packet = CryptoVectors.packet(header, sent);
        assertThat(keys.decrypt(packet)).isNotNull();
        for (int bit = 0; bit < 8 * packet.remaining(); bit++) {
            int at = packet.position() + bit / 8;
            packet.put(at, (byte) (packet.get(at) ^ 1 << bit % 8));
            boolean retransmissionFlag = bit == 8 * 4 + 2;
            assertThat(keys.decrypt(packet) != null).as("bit %d", bit).isEqualTo(retransmissionFlag);
            packet.put(at, (byte) (packet.get(at) ^ 1 << bit % 8));
        }
        assertThat(keys.decrypt(packet)).isEqualTo(new byte[20]);
    }

    @Test
    void aPacketWithoutAWholeTagIsNotAuthentic() {
        StreamKeys keys = keys(CipherMode.GCM, KeyFlags.EVEN);
        for (int length = 0; length < 16; length++) {
            assertThat(keys.decrypt(CryptoVectors.packet(header(100, KeyFlags.EVEN, 5), new byte[length])))
                    .isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatNamesNoKeyIsUndecryptable(CipherMode mode) {
        StreamKeys keys = keys(mode, KeyFlags.EVEN);

        assertThat(keys.decrypt(CryptoVectors.packet(header(1, KeyFlags.ODD, 5), CLEAR)))
                .isNull();
        assertThat(keys.decrypt(CryptoVectors.packet(header(1, KeyFlags.CLEAR, 5), CLEAR)))
                .isNull();
        assertThat(keys.decrypt(CryptoVectors.packet(header(1, KeyFlags.BOTH, 5), CLEAR)))
                .isNull();
        assertThat(new StreamKeys(mode).decrypt(CryptoVectors.packet(header(1, KeyFlags.EVEN, 5), CLEAR)))
                .isNull();
    }

    @Test
    void nothingIsSentInTheClearForWantOfAKey() {
        StreamKeys keys = keys(CipherMode.CTR, KeyFlags.EVEN);

        for (int flags : new int[] {KeyFlags.CLEAR, KeyFlags.ODD, KeyFlags.BOTH}) {
            ByteBuffer to = ByteBuffer.allocate(2000).put(header(1, flags, 5));
            assertThatIllegalStateException().isThrownBy(() -> keys.encrypt(CLEAR, to));
            assertThat(to.position()).isEqualTo(DataHeader.LENGTH);
        }
    }

    @Test
    void aMessageForAnotherCipherModeChangesNothing() {
        StreamKeys keys = keys(CipherMode.GCM, KeyFlags.EVEN);
        KeyEncryptionKey kek = KeyEncryptionKey.derive(Passphrase.of("correct horse"), SALT, 16);
        SessionKeys other = SessionKeys.generate(16, random);
        byte[] header = header(1, KeyFlags.EVEN, 5);
        byte[] sent = CryptoVectors.encrypt(keys, header, CLEAR);

        assertThat(keys.install(KeyMaterial.wrap(CipherMode.CTR, other, kek), other))
                .isFalse();
        assertThat(keys.decrypt(CryptoVectors.packet(header, sent))).isEqualTo(CLEAR);
    }

    @Test
    void aChangedSaltIsTakenForTheNewKeysOnly() {
        byte[] otherSalt = SALT.clone();
        otherSalt[0] ^= 1;
        byte[] key = new byte[16];
        StreamKeys keys = new StreamKeys(CipherMode.CTR);
        keys.install(SessionKeys.ofFlag(KeyFlags.EVEN, key), SALT);
        keys.install(SessionKeys.ofFlag(KeyFlags.ODD, key), otherSalt);

        byte[] even = CryptoVectors.encrypt(keys, header(1, KeyFlags.EVEN, 5), CLEAR);

        assertThat(CryptoVectors.encrypt(keys(CipherMode.CTR, key), header(1, KeyFlags.EVEN, 5), CLEAR))
                .isEqualTo(even);
        assertThat(CryptoVectors.encrypt(keys, header(1, KeyFlags.ODD, 5), CLEAR))
                .isNotEqualTo(even);
    }

    private static StreamKeys keys(CipherMode mode, byte[] even) {
        StreamKeys keys = new StreamKeys(mode);
        keys.install(SessionKeys.ofFlag(KeyFlags.EVEN, even), SALT);
        return keys;
    }

    private static StreamKeys keys(CipherMode mode, int flags) {
        SessionKeys both = CryptoVectors.named("S3").keys();
        StreamKeys keys = new StreamKeys(mode);
        keys.install(flags == KeyFlags.BOTH ? both : SessionKeys.ofFlag(flags, both.key(flags)), SALT);
        return keys;
    }

    static byte[] header(int sequenceNumber, int keyFlags, int timestamp) {
        ByteBuffer header = ByteBuffer.allocate(DataHeader.LENGTH);
        DataHeader.write(header, sequenceNumber, 1, 0, false, timestamp, 0x11223344);
        header.put(4, (byte) (header.get(4) | keyFlags << 3));
        return header.array();
    }
}
