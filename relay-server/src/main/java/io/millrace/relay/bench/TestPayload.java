package io.millrace.relay.bench;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A payload that can be checked: seven MPEG-TS packets of one PID, the first of which carries
 *
 * <pre>
 *   4  magic      4 bytes
 *   8  stream     4 bytes
 *  12  number     8 bytes    of this payload in its stream, from zero
 *  20  sent       8 bytes    microseconds on the generator's clock
 *  28  checksum   4 bytes    CRC-32C of all other bytes
 * </pre>
 *
 * All big-endian. Everything else is filling that depends on the number.
 */
final class TestPayload {
    /** Bytes of a payload: what everybody puts into an SRT packet. */
    static final int LENGTH = 7 * 188;

    private static final int TS_LENGTH = 188;
    private static final int TS_HEADER_LENGTH = 4;
    /** Sync byte, PID 256. The low half of the last byte is the continuity counter. */
    private static final int TS_HEADER = 0x47_01_00_10;

    private static final int MAGIC = 0x4D_69_6C_6C;
    private static final int MAGIC_AT = 4;
    private static final int STREAM_AT = 8;
    private static final int NUMBER_AT = 12;
    private static final int SENT_AT = 20;
    private static final int CHECKSUM_AT = 28;
    private static final int CHECKSUM_END = 32;

    private TestPayload() {}

    static byte[] create(int stream, long number, long sentMicros) {
        byte[] bytes = new byte[LENGTH];
        ByteBuffer payload = ByteBuffer.wrap(bytes);
        for (int i = 0; i < LENGTH / TS_LENGTH; i++) {
            long packet = number * (LENGTH / TS_LENGTH) + i;
            int start = i * TS_LENGTH;
            payload.putInt(start, TS_HEADER | (int) (packet & 15));
            for (int at = start + TS_HEADER_LENGTH; at < start + TS_LENGTH; at += Long.BYTES) {
                payload.putLong(at, packet * 0x9E3779B97F4A7C15L + at);
            }
        }
        payload.putInt(MAGIC_AT, MAGIC);
        payload.putInt(STREAM_AT, stream);
        payload.putLong(NUMBER_AT, number);
        payload.putLong(SENT_AT, sentMicros);
        payload.putInt(CHECKSUM_AT, checksum(bytes));
        return bytes;
    }

    /** Whether these bytes are a payload of this stream as it was sent. */
    static boolean isIntact(byte[] bytes, int stream) {
        if (bytes.length != LENGTH) {
            return false;
        }
        ByteBuffer payload = ByteBuffer.wrap(bytes);
        return payload.getInt(MAGIC_AT) == MAGIC
                && payload.getInt(STREAM_AT) == stream
                && payload.getInt(CHECKSUM_AT) == checksum(bytes);
    }

    static long number(byte[] intact) {
        return ByteBuffer.wrap(intact).getLong(NUMBER_AT);
    }

    static long sentMicros(byte[] intact) {
        return ByteBuffer.wrap(intact).getLong(SENT_AT);
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CHECKSUM_AT);
        crc.update(bytes, CHECKSUM_END, LENGTH - CHECKSUM_END);
        return (int) crc.getValue();
    }
}
