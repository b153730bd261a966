package io.millrace.relay.ts;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Makes packets for tests, a field at a time. */
public final class TsPackets {
    private TsPackets() {}

    /** A packet with payload and nothing else. */
    public static byte[] payload(int pid, int counter) {
        byte[] ts = new byte[TsPacket.LENGTH];
        ts[0] = TsPacket.SYNC_BYTE;
        ts[1] = (byte) (pid >> 8);
        ts[2] = (byte) pid;
        ts[3] = (byte) (0x10 | counter & 0x0F);
        return ts;
    }

    /** A packet with an adaptation field of a PCR, and payload. */
    public static byte[] pcr(int pid, int counter, long ticks, boolean discontinuity) {
        byte[] ts = payload(pid, counter);
        ts[3] |= 0x20;
        long base = Math.floorMod(ticks, TsPacket.PCR_WRAP) / TsPacket.TICKS_PER_BASE;
        int extension = (int) (Math.floorMod(ticks, TsPacket.PCR_WRAP) % TsPacket.TICKS_PER_BASE);
        ByteBuffer.wrap(ts)
                .position(4)
                .put((byte) 7)
                .put((byte) (0x10 | (discontinuity ? 0x80 : 0)))
                .putInt((int) (base >> 1))
                .putShort((short) ((base & 1) << 15 | 0x7E00 | extension));
        return ts;
    }

    public static byte[] withoutPayload(int pid, int counter) {
        byte[] ts = payload(pid, counter);
        ts[3] = (byte) (0x20 | counter & 0x0F);
        ts[4] = (byte) 183;
        return ts;
    }

    /** The packet that a section begins in and fits into. */
    public static byte[] section(int pid, int counter, byte[] section) {
        byte[] ts = payload(pid, counter);
        ts[1] |= 0x40;
        Arrays.fill(ts, 5, TsPacket.LENGTH, (byte) 0xFF);
        System.arraycopy(section, 0, ts, 5, section.length);
        return ts;
    }

    /** @param programs numbers and PMT PIDs in turn */
    public static byte[] pat(int version, int... programs) {
        ByteBuffer body = ByteBuffer.allocate(programs.length * 2);
        for (int i = 0; i < programs.length; i += 2) {
            body.putShort((short) programs[i]).putShort((short) (0xE000 | programs[i + 1]));
        }
        return table(0x00, 1, version, body.array());
    }

    /** @param streams type, PID and descriptors of each, as {@link #stream} makes them */
    public static byte[] pmt(int program, int version, int pcrPid, byte[]... streams) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {(byte) (0xE0 | pcrPid >> 8), (byte) pcrPid, (byte) 0xF0, 0});
        for (byte[] stream : streams) {
            body.writeBytes(stream);
        }
        return table(0x02, program, version, body.toByteArray());
    }

    public static byte[] stream(int type, int pid, int... descriptors) {
        ByteBuffer stream = ByteBuffer.allocate(5 + descriptors.length)
                .put((byte) type)
                .putShort((short) (0xE000 | pid))
                .putShort((short) (0xF000 | descriptors.length));
        for (int octet : descriptors) {
            stream.put((byte) octet);
        }
        return stream.array();
    }

    /** All of them one after the other. */
    public static byte[] joined(byte[]... packets) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            all.writeBytes(packet);
        }
        return all.toByteArray();
    }

    private static byte[] table(int id, int extension, int version, byte[] body) {
        int length = 5 + body.length + 4;
        ByteBuffer section = ByteBuffer.allocate(3 + length)
                .put((byte) id)
                .putShort((short) (0xB000 | length))
                .putShort((short) extension)
                .put((byte) (0xC1 | version << 1))
                .putShort((short) 0)
                .put(body);
        section.putInt(Crc32Mpeg.of(section.array(), section.position()));
        return section.array();
    }
}
