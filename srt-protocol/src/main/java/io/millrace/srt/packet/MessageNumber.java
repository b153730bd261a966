package io.millrace.srt.packet;

/** 26-bit message numbers: start at 1, go from the greatest to 1 again; 0 is never a message. draft-sharabayko-srt §3.1. */
public final class MessageNumber {
    /** The number of a connection's first message. */
    public static final int FIRST = 1;
    /** The greatest number; the next one is {@link #FIRST}. */
    public static final int MAX = 0x03FF_FFFF;

    private MessageNumber() {}

    /** The number of the message that comes {@code offset} messages after the first one of a connection. */
    public static int ofOffset(long offset) {
        return (int) (offset % MAX) + FIRST;
    }
}
