package io.millrace.relay.interop;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An MPEG-TS file of constant bit rate to publish. It holds a whole number of SRT live payloads (seven TS packets), so
 * that a program that reads it in steps of that size never waits for the rest of one.
 *
 * @param bitsPerSecond the rate at which to play it, which is that of its PCRs
 */
record TransportStreamFile(Path path, long bitsPerSecond) {
    static final int PACKET_BYTES = 188;
    static final int PAYLOAD_BYTES = 7 * PACKET_BYTES;

    private static final int SYNC_BYTE = 0x47;
    private static final int PAT_PID = 0;
    private static final int PMT_PID = 0x100;
    private static final int DATA_PID = 0x101;
    private static final int PRIVATE_DATA_STREAM_TYPE = 0x06;
    private static final int PSI_PER_SECOND = 10;
    private static final int PCR_PER_SECOND = 40;
    private static final long PCR_HERTZ = 27_000_000;

    /**
     * Writes a stream that only depends on its rate and length: PAT, PMT and one private-data PID, whose packets carry
     * their index in the file (8 bytes, or after the PCR where there is one) and a pattern that follows from it.
     */
    static TransportStreamFile generate(Path path, long bitsPerSecond, double seconds) throws IOException {
        long packets = (long) (bitsPerSecond * seconds / 8 / PAYLOAD_BYTES) * 7;
        long packetsPerSecond = bitsPerSecond / 8 / PACKET_BYTES;
        long psiInterval = Math.max(4, packetsPerSecond / PSI_PER_SECOND);
        long pcrInterval = Math.max(2, packetsPerSecond / PCR_PER_SECOND);
        byte[] pat = section(0x00, new byte[] {0, 1, (byte) (0xE0 | PMT_PID >> 8), (byte) PMT_PID});
        byte[] pmt = section(0x02, new byte[] {
            (byte) (0xE0 | DATA_PID >> 8),
            (byte) DATA_PID,
            (byte) 0xF0,
            0,
            PRIVATE_DATA_STREAM_TYPE,
            (byte) (0xE0 | DATA_PID >> 8),
            (byte) DATA_PID,
            (byte) 0xF0,
            0
        });
        int psiCounter = 0;
        int dataCounter = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            for (long index = 0; index < packets; index++) {
                if (index % psiInterval == 0) {
                    out.write(tablePacket(PAT_PID, psiCounter, pat));
                } else if (index % psiInterval == 1) {
                    out.write(tablePacket(PMT_PID, psiCounter++, pmt));
                } else if (index % pcrInterval == 2 % pcrInterval) {
                    long pcr = index * PACKET_BYTES * 8 * PCR_HERTZ / bitsPerSecond;
                    out.write(dataPacket(index, dataCounter++, pcr));
                } else {
                    out.write(dataPacket(index, dataCounter++, -1));
                }
            }
        }
        return new TransportStreamFile(path, bitsPerSecond);
    }

    /** Has ffmpeg make a test picture with tone (H.264, AAC), for programs that look into what they pass on. */
    static TransportStreamFile ffmpegClip(Path path, int seconds) throws IOException {
        // With a fixed multiplex rate (null packets fill it up) the file is paced by bytes like a generated one.
        long bitsPerSecond = 3_000_000;
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-y", "-hide_banner", "-nostats"));
        command.addAll(List.of("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"));
        command.addAll(List.of("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"));
        command.addAll(List.of("-t", Integer.toString(seconds), "-c:v", "libx264", "-preset", "ultrafast"));
        command.addAll(List.of("-pix_fmt", "yuv420p", "-g", "25", "-b:v", "1500k", "-maxrate", "1500k"));
        command.addAll(List.of("-bufsize", "750k", "-c:a", "aac", "-flags", "+bitexact", "-fflags", "+bitexact"));
        command.addAll(List.of("-f", "mpegts", "-muxrate", Long.toString(bitsPerSecond), path.toString()));
        try (ProgramProcess ffmpeg = ProgramProcess.start(command, "ffmpeg", Redirect.PIPE)) {
            ffmpeg.closeInput();
            ffmpeg.awaitSuccess(Duration.ofSeconds(10L + 2L * seconds));
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(file.size() / PAYLOAD_BYTES * PAYLOAD_BYTES);
        }
        return new TransportStreamFile(path, bitsPerSecond);
    }

    private static byte[] dataPacket(long index, int counter, long pcr) {
        ByteBuffer packet = header(DATA_PID, counter, false, pcr >= 0);
        if (pcr >= 0) {
            // ISO 13818-1 2.4.3.5: length, PCR flag, 33 bits of 90 kHz, 6 reserved, 9 bits of 27 MHz
            long base = pcr / 300;
            packet.put((byte) 7).put((byte) 0x10);
            packet.putInt((int) (base >> 1));
            packet.putShort((short) ((base & 1) << 15 | 0x7E00 | pcr % 300));
        }
        packet.putLong(index);
        SplittableRandom pattern = new SplittableRandom(index);
        while (packet.hasRemaining()) {
            packet.put((byte) pattern.nextInt());
        }
        return packet.array();
    }

    private static byte[] tablePacket(int pid, int counter, byte[] section) {
        ByteBuffer packet = header(pid, counter, true, false);
        packet.put((byte) 0).put(section);
        Arrays.fill(packet.array(), packet.position(), PACKET_BYTES, (byte) 0xFF);
        return packet.array();
    }

    private static ByteBuffer header(int pid, int counter, boolean unitStart, boolean adaptationField) {
        return ByteBuffer.allocate(PACKET_BYTES)
                .put((byte) SYNC_BYTE)
                .putShort((short) ((unitStart ? 0x4000 : 0) | pid))
                .put((byte) ((adaptationField ? 0x30 : 0x10) | counter & 0x0F));
    }

    private static byte[] section(int tableId, byte[] body) {
        int lengthAfterLengthField = 5 + body.length + 4;
        ByteBuffer section = ByteBuffer.allocate(3 + lengthAfterLengthField)
                .put((byte) tableId)
                .putShort((short) (0xB000 | lengthAfterLengthField))
                .putShort((short) 1)
                .put((byte) 0xC1)
                .putShort((short) 0)
                .put(body);
        section.putInt(crc32(section.array(), section.position()));
        return section.array();
    }

    /** CRC-32/MPEG-2: not reflected, no final inversion, so not that of {@code java.util.zip}. */
    private static int crc32(byte[] bytes, int length) {
        int crc = -1;
        for (int i = 0; i < length; i++) {
            crc ^= bytes[i] << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? crc << 1 ^ 0x04C11DB7 : crc << 1;
            }
        }
        return crc;
    }
}
