package io.millrace.srt.packet;

import org.jspecify.annotations.Nullable;

/** The control packets. draft-sharabayko-srt §3.2, Table 1. */
public enum ControlType {
    HANDSHAKE(0),
    KEEP_ALIVE(1),
    ACK(2),
    /** Negative acknowledgement: a loss report. */
    NAK(3),
    CONGESTION_WARNING(4),
    SHUTDOWN(5),
    ACK_ACK(6),
    DROP_REQUEST(7),
    PEER_ERROR(8),
    /** Extension commands, told apart by the subtype: 1 HSREQ, 2 HSRSP (version 4 only), 3 KMREQ, 4 KMRSP. */
    USER_DEFINED(0x7FFF);

    private static final ControlType[] BY_CODE = {
        HANDSHAKE, KEEP_ALIVE, ACK, NAK, CONGESTION_WARNING, SHUTDOWN, ACK_ACK, DROP_REQUEST, PEER_ERROR
    };

    private final int code;

    ControlType(int code) {
        this.code = code;
    }

    /** 15-bit value in the header. */
    public int code() {
        return code;
    }

    /** The type with this 15-bit value, or null if there is none. */
    static @Nullable ControlType ofCode(int code) {
        if (code < BY_CODE.length) {
            return BY_CODE[code];
        }
        return code == USER_DEFINED.code ? USER_DEFINED : null;
    }
}
