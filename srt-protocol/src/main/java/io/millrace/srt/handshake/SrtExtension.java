package io.millrace.srt.handshake;

import java.nio.ByteBuffer;

/**
 * The handshake extension message, HSREQ or HSRSP. draft-sharabayko-srt §3.2.1.1.
 *
 * <pre>
 * |                          SRT Version                          |
 * |                           SRT Flags                           |
 * |      Receiver TSBPD Delay     |       Sender TSBPD Delay      |
 * </pre>
 *
 * @param version 0x00XXYYZZ for X.Y.Z
 * @param flags see the constants
 * @param receiveLatencyMillis latency of the receiver of the side that sends this
 * @param sendLatencyMillis latency that this side asks of its peer's receiver
 */
public record SrtExtension(int version, int flags, int receiveLatencyMillis, int sendLatencyMillis) {
    /** The version that we announce: 1.5.5. Peers switch AES-GCM and nothing else by it. */
    public static final int OUR_VERSION = 0x00010505;
    /** The first version with this handshake. */
    public static final int LOWEST_VERSION = 0x00010300;

    /** The first version whose AES-GCM never repeats an initialisation vector. */
    public static final int LOWEST_GCM_VERSION = 0x00010504;

    /** Timestamp-based delivery as sender. */
    public static final int TSBPD_SENDER = 0x01;
    /** Timestamp-based delivery as receiver. */
    public static final int TSBPD_RECEIVER = 0x02;
    /** Understands encryption; says nothing about its use. */
    public static final int CRYPT = 0x04;
    /** Too-late packet drop. */
    public static final int TOO_LATE_DROP = 0x08;
    /** Repeats its loss reports by itself. */
    public static final int PERIODIC_NAK = 0x10;
    /** Knows the retransmission flag; message numbers have 26 bits. */
    public static final int RETRANSMIT_FLAG = 0x20;
    /** Buffer (stream) API, which live mode does not use. */
    public static final int STREAM = 0x40;
    /** Understands packet filters. */
    public static final int PACKET_FILTER = 0x80;

    /** What we announce: live mode, both directions. Some peers refuse a side that lacks any of these. */
    public static final int OUR_FLAGS =
            TSBPD_SENDER | TSBPD_RECEIVER | CRYPT | TOO_LATE_DROP | PERIODIC_NAK | RETRANSMIT_FLAG;

    /** Longest latency that the field can say, milliseconds. */
    public static final int MAX_LATENCY_MILLIS = 0xFFFF;

    static final int WORDS = 3;

    static SrtExtension read(ByteBuffer content) {
        int latencies = content.getInt(content.position() + 8);
        return new SrtExtension(
                content.getInt(content.position()),
                content.getInt(content.position() + 4),
                latencies >>> 16,
                latencies & 0xFFFF);
    }

    byte[] content() {
        return ByteBuffer.allocate(4 * WORDS)
                .putInt(version)
                .putInt(flags)
                .putInt(receiveLatencyMillis << 16 | sendLatencyMillis)
                .array();
    }

    /** Whether the flag is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Version as people write it, for instance {@code 1.5.3}. */
    public static String versionText(int version) {
        return (version >>> 16) + "." + (version >>> 8 & 0xFF) + "." + (version & 0xFF);
    }
}
