package io.millrace.srt.packet;

/**
 * One payload as it was received, copied once and never changed: from here on only references travel, and garbage
 * collection frees it.
 */
public final class Payload {
    private final long position;
    private final long originMicros;
    private final byte[] bytes;

    /**
     * @param position place in the log that holds it
     * @param originMicros when its sender produced it, on this process's clock
     * @param bytes exactly the payload; owned by this object from now on
     */
    public Payload(long position, long originMicros, byte[] bytes) {
        this.position = position;
        this.originMicros = originMicros;
        this.bytes = bytes;
    }

    /** Place in the log that holds it. */
    public long position() {
        return position;
    }

    /** When its sender produced it, microseconds on this process's clock. */
    public long originMicros() {
        return originMicros;
    }

    /** The bytes themselves, not a copy: readers must not change them. */
    public byte[] bytes() {
        return bytes;
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }
}
