package io.millrace.srt.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.crypto.DecryptedCapture.Packet;
import io.millrace.srt.packet.DataHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every encrypted packet of real peers. The resource folder's README says what is in which capture. */
class CapturedEncryptionTest {
    private static final String RIGHT = "correcthorsebattery";
    private static final String WRONG = "wrongwrongwrong";

    @ParameterizedTest
    @CsvSource({
        "02,  100, 0,  CTR, 16",
        "03,  100, 0,  CTR, 32",
        "03b, 100, 0,  CTR, 24",
        "05e, 200, 0,  CTR, 16",
        "06,  533, 0,  CTR, 16",
        "09a,  60, 0,  GCM, 16",
        "09d,  60, 0,  GCM, 32",
        "09f,  60, 0,  GCM, 16",
        "09g,  59, 0,  GCM, 16",
        "10b, 100, 0,  CTR, 16",
        "11,   60, 0,  CTR, 32",
        "33,   60, 0,  CTR, 16",
        // The listener had begun before the caller came.
        "35,  127, 23, CTR, 32",
        "42,  100, 0,  CTR, 32"
    })
    void everyPacketGivesTheClearPayload(String capture, int packets, int firstChunk, CipherMode mode, int keyLength) {
        DecryptedCapture decrypted = new DecryptedCapture(capture, RIGHT);

        assertThat(decrypted.packets)
                .hasSize(packets)
                .allSatisfy(packet -> assertThat(packet.clear()).isEqualTo(Chunks.chunk(firstChunk + packet.offset())));
        assertThat(decrypted.requests).isNotEmpty().allSatisfy(material -> {
            assertThat(material.mode()).isEqualTo(mode);
            assertThat(material.keyLength()).isEqualTo(keyLength);
        });
        assertThat(decrypted.echoes).isEqualTo(decrypted.requests);
        assertThat(decrypted.refusals).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"02", "06", "09a", "10b", "33"})
    void encryptedAgainEveryPacketIsTheOneOnTheWire(String capture) {
        DecryptedCapture decrypted = new DecryptedCapture(capture, RIGHT);

        // The keys of the end: whatever they replaced is left out.
        List<Packet> last = decrypted.packets.subList(decrypted.packets.size() - 60, decrypted.packets.size());
        for (Packet packet : last) {
            byte[] header = new byte[DataHeader.LENGTH];
            packet.packet().get(packet.packet().position(), header);
            byte[] sent = new byte[DataHeader.payloadLength(packet.packet())];
            packet.packet().get(packet.packet().position() + DataHeader.LENGTH, sent);

            assertThat(CryptoVectors.encrypt(decrypted.keysOf(packet.from()), header, packet.clear()))
                    .isEqualTo(sent);
        }
    }

    @Test
    void theKeyRefreshOfLibsrtIsFollowed() {
        DecryptedCapture decrypted = new DecryptedCapture("06", RIGHT);

        assertThat(decrypted.requests)
                .extracting(KeyMaterial::keyFlags)
                .containsExactly(KeyFlags.EVEN, KeyFlags.BOTH, KeyFlags.BOTH);
        assertThat(decrypted.packets.get(199).packet()).matches(packet -> DataHeader.keyFlags(packet) == KeyFlags.EVEN);
        assertThat(decrypted.packets.get(200).packet()).matches(packet -> DataHeader.keyFlags(packet) == KeyFlags.ODD);
        assertThat(decrypted.packets.get(401).packet()).matches(packet -> DataHeader.keyFlags(packet) == KeyFlags.EVEN);
    }

    @Test
    void thePublisherOfAnotherEncoderSendsTransportStream() {
        assertThat(new DecryptedCapture("40", RIGHT).packets).hasSize(170).allSatisfy(packet -> {
            assertThat(packet.clear().length % 188).isZero();
            for (int i = 0; i < packet.clear().length; i += 188) {
                assertThat(packet.clear()[i]).isEqualTo((byte) 0x47);
            }
        });
    }

    /** Message i of these programs: i with the lowest byte first, then one byte over and over. */
    @ParameterizedTest
    @CsvSource({"53, 1, 1", "54, 3, 3"})
    void bothDirectionsAreReadByTheirOwnKeys(String capture, int requests, int callersKeys) {
        DecryptedCapture decrypted = new DecryptedCapture(capture, RIGHT);
        InetSocketAddress caller = decrypted.packets.stream()
                .map(Packet::from)
                .filter(from -> from.getPort() > 10_000)
                .findFirst()
                .orElseThrow();

        assertThat(decrypted.packets).hasSize(121).allSatisfy(packet -> {
            byte[] message = new byte[Chunks.LENGTH];
            Arrays.fill(message, packet.from().equals(caller) ? (byte) 0xAA : 0x55);
            ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).putInt(packet.offset());
            assertThat(packet.clear()).isEqualTo(message);
        });
        assertThat(decrypted.requests).hasSize(requests);
        assertThat(decrypted.echoes).isEqualTo(decrypted.requests);
        assertThat(flagsFrom(decrypted, caller, true)).isEqualTo(callersKeys == 1 ? List.of(1) : List.of(1, 2));
        assertThat(flagsFrom(decrypted, caller, false)).containsExactly(KeyFlags.EVEN);
    }

    private static List<Integer> flagsFrom(DecryptedCapture decrypted, InetSocketAddress caller, boolean fromCaller) {
        return decrypted.packets.stream()
                .filter(packet -> packet.from().equals(caller) == fromCaller)
                .map(packet -> DataHeader.keyFlags(packet.packet()))
                .distinct()
                .collect(Collectors.toList());
    }

    /** The development branch of libsrt computes its tags over something else than it sends. */
    @ParameterizedTest
    @CsvSource({"09b", "09e"})
    void tagsOverAnotherHeaderAreRefused(String capture) {
        assertThat(new DecryptedCapture(capture, RIGHT).packets).hasSize(60).allMatch(packet -> packet.clear() == null);
    }

    @ParameterizedTest
    @CsvSource({"02", "06", "09a", "33"})
    void theWrongPassphraseUnwrapsNothing(String capture) {
        assertThat(new DecryptedCapture(capture, WRONG).packets)
                .isNotEmpty()
                .allMatch(packet -> packet.clear() == null);
    }

    @ParameterizedTest
    @CsvSource({"08a, BAD_SECRET", "08b, NO_SECRET", "08c, UNSECURED"})
    void aResponderWithoutTheKeySaysWhy(String capture, KmState state) {
        DecryptedCapture decrypted = new DecryptedCapture(capture, RIGHT);

        assertThat(decrypted.refusals).containsExactly(state);
        assertThat(decrypted.echoes).isEmpty();
    }
}
