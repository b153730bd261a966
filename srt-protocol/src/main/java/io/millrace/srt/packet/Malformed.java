package io.millrace.srt.packet;

/** Why a datagram is not an SRT packet. Each reason has a counter; none is an error of ours. */
public enum Malformed {
    /** Fewer than the 16 bytes of a header. */
    TOO_SHORT,
    /** A control type that is not assigned. */
    UNKNOWN_CONTROL_TYPE,
    /** A handshake without the 48 bytes of its fixed part. */
    SHORT_HANDSHAKE,
    /** An ACK without a sequence number. */
    SHORT_ACK,
    /** A NAK with no entry, a range without an end, or one that ends before it begins. */
    BAD_LOSS_LIST,
    /** A drop request without both ends, or one that ends before it begins. */
    BAD_DROP_REQUEST,
    /** A data packet with both key flags set, which only key material may have. */
    BAD_KEY_FLAGS
}
