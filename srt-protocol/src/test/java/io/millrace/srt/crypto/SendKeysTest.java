package io.millrace.srt.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.SequenceNumber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SendKeysTest {
    private static final RefreshPeriod PERIOD = new RefreshPeriod(200, 60);
    private static final int WINDOW = 50;
    private static final int RTT_MICROS = 20_000;
    /** The number wraps on the way. */
    private static final int INITIAL_SEQUENCE_NUMBER = SequenceNumber.MAX - 300;

    private final Random random = new Random(7);
    private final Passphrase passphrase = Passphrase.of("correct horse battery");
    private final byte[] salt = KeyEncryptionKey.generateSalt(random);
    private final SessionKeys first = SessionKeys.generate(16, random);
    private long nowMicros = 1_000_000;

    /** The receiver has nothing but what key material gives it. */
    private StreamKeys receiver;

    @ParameterizedTest
    @EnumSource
    void everyPacketIsReadAcrossManyRefreshes(CipherMode mode) {
        SendKeys sender = open(mode);
        for (int offset = 0; offset < 2_000; offset++) {
            sender.beforeFirst(offset);
            deliver(sender);
            assertThat(receiver.decrypt(packet(sender, offset))).isEqualTo(clear(offset));
            // Losses are repaired from anywhere in the window.
            int earlier = Math.max(0, offset - random.nextInt(WINDOW));
            assertThat(receiver.decrypt(packet(sender, earlier))).isEqualTo(clear(earlier));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRetransmissionIsTheSameAcrossAKeySwitch(CipherMode mode) {
        SendKeys sender = open(mode);
        Map<Integer, ByteBuffer> sent = new HashMap<>();
        for (int offset = 0; offset < 450; offset++) {
            sender.beforeFirst(offset);
            sent.put(offset, packet(sender, offset));
            for (int earlier = Math.max(0, offset - WINDOW); earlier <= offset; earlier++) {
                assertThat(packet(sender, earlier)).isEqualTo(sent.get(earlier));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOlderThanTheOldKeyCanStillBeRead(CipherMode mode) {
        SendKeys sender = open(mode);
        for (int offset = 0; offset < 1_000; offset++) {
            sender.beforeFirst(offset);
            deliver(sender);
        }

        for (int offset = 0; offset < 1_000; offset++) {
            assertThat(receiver.decrypt(packet(sender, offset))).isEqualTo(clear(offset));
        }
    }

    @Test
    void aHoleThatIsFilledAfterTheSwitchGoesByTheOldKey() {
        SendKeys sender = open(CipherMode.CTR);
        for (int offset = 0; offset < 210; offset++) {
            if (offset != 195) {
                sender.beforeFirst(offset);
                deliver(sender);
            }
        }

        assertThat(sender.keyFlagsAt(195)).isEqualTo(KeyFlags.EVEN);
        assertThat(receiver.decrypt(packet(sender, 195))).isEqualTo(clear(195));
    }

    @Test
    void anAnnouncementHoldsBothKeysAndIsRepeatedUntilItIsEchoed() {
        SendKeys sender = open(CipherMode.CTR);
        assertThat(sender.nextAnnouncementMicros()).isEqualTo(Long.MAX_VALUE);
        advance(sender, 0, 141);

        assertThat(sender.nextAnnouncementMicros()).isLessThanOrEqualTo(nowMicros);
        KeyMaterial material = sender.takeAnnouncement(nowMicros, RTT_MICROS);
        assertThat(material).isNotNull();
        assertThat(material.keyFlags()).isEqualTo(KeyFlags.BOTH);
        assertThat(material.salt()).isEqualTo(salt);
        assertThat(sender.nextAnnouncementMicros()).isEqualTo(nowMicros + 30_000);
        assertThat(sender.takeAnnouncement(nowMicros + 29_999, RTT_MICROS)).isNull();
        assertThat(sender.takeAnnouncement(nowMicros + 30_000, RTT_MICROS)).isEqualTo(material);
        assertThat(sender.isAnnouncing()).isTrue();

        assertThat(sender.onAnswer(content(material))).isTrue();
        assertThat(sender.isAnnouncing()).isFalse();
        assertThat(sender.takeAnnouncement(nowMicros + 1_000_000, RTT_MICROS)).isNull();
        assertThat(sender.onAnswer(content(material))).isFalse();
    }

    @Test
    void anAnnouncementIsRepeatedLessAndLessOftenUntilItIsAnswered() {
        SendKeys sender = open(CipherMode.CTR);
        advance(sender, 0, 141);
        long start = nowMicros;

        KeyMaterial material = null;
        List<Long> pauses = new ArrayList<>();
        while (nowMicros < start + 20_000_000) {
            long last = nowMicros;
            nowMicros = Math.max(nowMicros, sender.nextAnnouncementMicros());
            pauses.add(nowMicros - last);
            material = sender.takeAnnouncement(nowMicros, RTT_MICROS);
        }

        assertThat(pauses.subList(1, 11)).containsOnly(RTT_MICROS * 3L / 2);
        assertThat(pauses.subList(10, pauses.size())).isSorted().last().isEqualTo(1_000_000L);
        assertThat(sender.onAnswer(content(material))).isTrue();
        assertThat(sender.nextAnnouncementMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void onAShortWayThePausesAreNotTooShort() {
        SendKeys sender = open(CipherMode.CTR);
        advance(sender, 0, 141);
        sender.takeAnnouncement(nowMicros, 100);

        assertThat(sender.nextAnnouncementMicros() - nowMicros).isEqualTo(10_000);
    }

    @Test
    void theKeyIsSwitchedOnScheduleWithoutAnAnswerAndStillAnnounced() {
        SendKeys sender = open(CipherMode.CTR);
        advance(sender, 0, 141);
        sender.takeAnnouncement(nowMicros, RTT_MICROS);
        advance(sender, 141, 230);

        assertThat(sender.keyFlagsAt(199)).isEqualTo(KeyFlags.EVEN);
        assertThat(sender.keyFlagsAt(200)).isEqualTo(KeyFlags.ODD);
        assertThat(receiver.decrypt(packet(sender, 229))).isNull();
        nowMicros += 30_000;
        deliver(sender);
        assertThat(receiver.decrypt(packet(sender, 229))).isEqualTo(clear(229));
    }

    /** CVE-2026-55868: a late or forged answer that takes the encryption back. */
    @Test
    void answersToAnythingElseChangeNothing() {
        SendKeys sender = open(CipherMode.CTR);
        assertThat(sender.onAnswer(content(KmState.BAD_SECRET))).isFalse();
        advance(sender, 0, 141);
        KeyMaterial material = sender.takeAnnouncement(nowMicros, RTT_MICROS);
        ByteBuffer longer = ByteBuffer.allocate(material.length() + 1300);
        material.write(longer);
        ByteBuffer shorter = content(material);

        for (KmState state : KmState.values()) {
            assertThat(sender.onAnswer(content(state))).isFalse();
        }
        assertThat(sender.onAnswer(ByteBuffer.allocate(0))).isFalse();
        assertThat(sender.onAnswer(longer.rewind())).isFalse();
        assertThat(sender.onAnswer(shorter.limit(shorter.limit() - 4))).isFalse();
        assertThat(sender.onAnswer(content(firstMaterial(CipherMode.CTR)))).isFalse();

        assertThat(sender.isAnnouncing()).isTrue();
        advance(sender, 141, 230);
        nowMicros += 30_000;
        deliver(sender);
        assertThat(receiver.decrypt(packet(sender, 229))).isEqualTo(clear(229));
    }

    @Test
    void anAnswerBeforeTheQuestionIsNone() {
        SendKeys sender = open(CipherMode.CTR);
        advance(sender, 0, 141);
        SendKeys twin = openTwin(CipherMode.CTR);
        advance(twin, 0, 141);

        assertThat(sender.onAnswer(content(twin.takeAnnouncement(nowMicros, RTT_MICROS))))
                .isFalse();
    }

    @Test
    void twoDirectionsThatBeginWithOneKeyRevealTheXorOfTheirPayloads() {
        SendKeys oneWay = open(CipherMode.CTR);
        SendKeys otherWay = openTwin(CipherMode.CTR);
        oneWay.beforeFirst(0);
        otherWay.beforeFirst(0);

        assertThat(packet(otherWay, 0)).isEqualTo(packet(oneWay, 0));
    }

    @Test
    void aRenewedKeyIsAnotherThanThePeersFromTheFirstPacketOn() {
        SendKeys oneWay = open(CipherMode.CTR);
        SendKeys otherWay = openTwin(CipherMode.CTR);
        otherWay.renew();
        deliver(otherWay);
        assertThat(otherWay.isAnnouncing()).isFalse();
        oneWay.beforeFirst(0);
        otherWay.beforeFirst(0);

        assertThat(otherWay.keyFlagsAt(0)).isEqualTo(KeyFlags.ODD);
        assertThat(payload(packet(otherWay, 0))).isNotEqualTo(payload(packet(oneWay, 0)));
        assertThat(receiver.decrypt(packet(otherWay, 0))).isEqualTo(clear(0));
        for (int offset = 1; offset < 500; offset++) {
            otherWay.beforeFirst(offset);
            deliver(otherWay);
            assertThat(receiver.decrypt(packet(otherWay, offset))).isEqualTo(clear(offset));
        }
    }

    @Test
    void newKeysComeFromTheGivenSourceOnly() {
        SendKeys sender = open(CipherMode.CTR);
        SendKeys twin = openTwin(CipherMode.CTR);
        advance(sender, 0, 141);
        advance(twin, 0, 141);

        assertThat(sender.takeAnnouncement(nowMicros, RTT_MICROS))
                .isEqualTo(twin.takeAnnouncement(nowMicros, RTT_MICROS));
    }

    @Test
    void aConnectionStartsWithAnEvenKey() {
        KeyEncryptionKey kek = KeyEncryptionKey.derive(passphrase, salt, 16);
        SessionKeys odd = SessionKeys.ofFlag(KeyFlags.ODD, new byte[16]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SendKeys(CipherMode.CTR, odd, kek, PERIOD, WINDOW, random));
    }

    @Test
    void wipedKeysEncryptNothing() {
        SendKeys sender = open(CipherMode.CTR);
        advance(sender, 0, 141);

        sender.wipe();

        assertThat(sender.isAnnouncing()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> packet(sender, 0));
    }

    private SendKeys open(CipherMode mode) {
        receiver = new StreamKeys(mode);
        install(firstMaterial(mode));
        return openTwin(mode);
    }

    private SendKeys openTwin(CipherMode mode) {
        KeyEncryptionKey kek = KeyEncryptionKey.derive(passphrase, salt, 16);
        return new SendKeys(mode, first, kek, PERIOD, WINDOW, new Random(11));
    }

    private KeyMaterial firstMaterial(CipherMode mode) {
        return KeyMaterial.wrap(mode, first, KeyEncryptionKey.derive(passphrase, salt, 16));
    }

    private void install(KeyMaterial material) {
        SessionKeys keys = material.unwrap(KeyEncryptionKey.derive(passphrase, material));
        assertThat(receiver.install(material, keys)).isTrue();
    }

    private static void advance(SendKeys sender, int first, int end) {
        for (int offset = first; offset < end; offset++) {
            sender.beforeFirst(offset);
        }
    }

    /** Brings an announcement to the receiver, and the echo back. */
    private void deliver(SendKeys sender) {
        KeyMaterial material = sender.takeAnnouncement(nowMicros, RTT_MICROS);
        if (material != null) {
            install(material);
            assertThat(sender.onAnswer(content(material))).isTrue();
        }
    }

    private static ByteBuffer content(KeyMaterial material) {
        ByteBuffer content = ByteBuffer.allocate(material.length());
        material.write(content);
        return content.flip();
    }

    private static ByteBuffer content(KmState state) {
        ByteBuffer content = ByteBuffer.allocate(KmState.LENGTH);
        state.write(content);
        return content.flip();
    }

    private static byte[] clear(int offset) {
        return ("payload " + offset + " of a stream that is longer than one block").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] payload(ByteBuffer packet) {
        byte[] payload = new byte[DataHeader.payloadLength(packet)];
        packet.get(packet.position() + DataHeader.LENGTH, payload);
        return payload;
    }

    /** As it goes out, with a timestamp that depends on the packet only. */
    private static ByteBuffer packet(SendKeys sender, int offset) {
        byte[] clear = clear(offset);
        ByteBuffer to = ByteBuffer.allocate(
                DataHeader.LENGTH + clear.length + sender.mode().overheadBytes());
        to.put(StreamKeysTest.header(
                SequenceNumber.plus(INITIAL_SEQUENCE_NUMBER, offset), sender.keyFlagsAt(offset), 1000 * offset));
        sender.encrypt(clear, to);
        return to.flip();
    }
}
