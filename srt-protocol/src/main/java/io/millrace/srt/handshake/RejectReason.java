package io.millrace.srt.handshake;

import io.millrace.srt.packet.HandshakePacket;

/**
 * Why a connection is refused. draft-sharabayko-srt §4.3, Table 7, with the codes that libsrt added for access control.
 *
 * <p>The wire value, in the handshake type, is the code + 1000, for the access-control codes too: "not found" is code
 * 1404 and travels as 2404. Mixing the two is the known trap.
 */
public enum RejectReason {
    UNKNOWN(0),
    SYSTEM(1),
    PEER(2),
    RESOURCE(3),
    ROGUE(4),
    BACKLOG(5),
    INTERNAL_PROGRAM_ERROR(6),
    CLOSE(7),
    VERSION(8),
    RENDEZVOUS_COOKIE(9),
    BAD_SECRET(10),
    UNSECURE(11),
    MESSAGE_API(12),
    CONGESTION(13),
    FILTER(14),
    GROUP(15),
    TIMEOUT(16),
    CRYPTO(17),
    FALLBACK(1000),
    KEY_NOT_SUPPORTED(1001),
    FILE_PATH(1002),
    HOST_NOT_FOUND(1003),
    BAD_REQUEST(1400),
    UNAUTHORIZED(1401),
    OVERLOAD(1402),
    FORBIDDEN(1403),
    NOT_FOUND(1404),
    BAD_MODE(1405),
    UNACCEPTABLE(1406),
    CONFLICT(1409),
    UNSUPPORTED_MEDIA(1415),
    LOCKED(1423),
    FAILED_DEPENDENCY(1424),
    INTERNAL_SERVER_ERROR(1500),
    UNIMPLEMENTED(1501),
    GATEWAY(1502),
    DOWN(1503),
    VERSION_NOT_SUPPORTED(1505),
    NO_ROOM(1507);

    private final int code;

    RejectReason(int code) {
        this.code = code;
    }

    /** Code as libsrt's API shows it. */
    public int code() {
        return code;
    }

    /** Value of the handshake type that says so on the wire. */
    public int handshakeType() {
        return HandshakePacket.FIRST_REJECTION + code;
    }

    /** The reason that a peer gave by this handshake type; {@link #UNKNOWN} for a value that nobody assigned. */
    public static RejectReason ofHandshakeType(int handshakeType) {
        for (RejectReason reason : values()) {
            if (reason.handshakeType() == handshakeType) {
                return reason;
            }
        }
        return UNKNOWN;
    }
}
