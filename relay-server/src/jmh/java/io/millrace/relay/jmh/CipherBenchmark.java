package io.millrace.relay.jmh;

import io.millrace.srt.crypto.KeyFlags;
import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.crypto.SendKeys;
import io.millrace.srt.crypto.StreamKeys;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.MessageNumber;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A payload is encrypted behind its header, or decrypted into an array of its own, which is 1,336 bytes of an
 * operation's garbage.
 */
public class CipherBenchmark extends HotStep {
    private static final int DATAGRAMS = 64;
    private static final int WINDOW_PACKETS = 8_192;

    @Param({"CTR_128", "CTR_256", "GCM_128", "GCM_256"})
    public Encryption encryption = Encryption.CTR_128;

    private final byte[] payload = new byte[PAYLOAD_BYTES];
    private final ByteBuffer[] encrypted = new ByteBuffer[DATAGRAMS];
    private final ByteBuffer packet = ByteBuffer.allocateDirect(2_048);
    private @Nullable SendKeys sending;
    private @Nullable StreamKeys receiving;
    private int sequenceNumber;
    private int next;

    @Setup
    public void makeKeys() {
        Random random = new Random(1);
        random.nextBytes(payload);
        KeyAgreement.Secured keys = encryption.newKeys(random);
        receiving = new StreamKeys(keys.material().mode());
        receiving.install(keys.material(), keys.keys());
        sending = new SendKeys(
                keys.material().mode(), keys.keys(), keys.kek(), RefreshPeriod.DEFAULT, WINDOW_PACKETS, random);
        for (int i = 0; i < DATAGRAMS; i++) {
            ByteBuffer written = encrypt();
            encrypted[i] = ByteBuffer.allocateDirect(written.position()).put(written.flip());
            encrypted[i].flip();
            check(receiving.decrypt(encrypted[i]) != null, "what was encrypted can be decrypted");
        }
    }

    @Benchmark
    public ByteBuffer encrypt() {
        sequenceNumber++;
        packet.clear();
        DataHeader.write(
                packet, sequenceNumber, MessageNumber.ofOffset(sequenceNumber), KeyFlags.EVEN, false, 0, 0x1234_5678);
        sending.encrypt(payload, packet);
        return packet;
    }

    @Benchmark
    public byte @Nullable [] decrypt() {
        return receiving.decrypt(encrypted[next++ & DATAGRAMS - 1]);
    }
}
