package io.millrace.relay.tool;

import io.millrace.relay.call.CallFailedException;
import io.millrace.relay.call.Knock;
import io.millrace.srt.handshake.RejectReason;

/** What a failed call means, and what its user can do about it. */
final class CallRefusal {
    private CallRefusal() {}

    /**
     * One sentence, such as "refused with 1404 NOT_FOUND: nobody publishes the stream; …".
     *
     * @param encrypted whether we have a passphrase
     * @param knock what became of a knock afterwards, where there was no answer
     */
    static String describe(CallFailedException failure, boolean encrypted, Knock.Outcome knock) {
        if (failure.reason() == RejectReason.TIMEOUT && !failure.isServersRefusal()) {
            return silence(knock);
        }
        String who = failure.isServersRefusal() ? "refused with " : "the server's answer can't be accepted, ";
        String name = failure.reason() == RejectReason.UNKNOWN
                ? ""
                : " " + failure.reason().name();
        return who + failure.code() + name + ": " + meaning(failure.reason(), encrypted);
    }

    /** Whether a later call with the same URL may well succeed. */
    static boolean mayPass(RejectReason reason) {
        return switch (reason) {
            case BAD_SECRET,
                    UNSECURE,
                    CRYPTO,
                    VERSION,
                    ROGUE,
                    MESSAGE_API,
                    CONGESTION,
                    FILTER,
                    GROUP,
                    BAD_REQUEST,
                    UNAUTHORIZED,
                    FORBIDDEN,
                    BAD_MODE,
                    UNACCEPTABLE,
                    UNSUPPORTED_MEDIA,
                    UNIMPLEMENTED,
                    VERSION_NOT_SUPPORTED -> false;
            default -> true;
        };
    }

    /** Why there was no answer to a call, or to a knock. */
    static String silence(Knock knock) {
        return knock.outcome() == Knock.Outcome.UNSENDABLE
                ? "nothing can be sent there (" + knock.detail() + "); check the network and the address"
                : silence(knock.outcome());
    }

    private static String silence(Knock.Outcome knock) {
        return switch (knock) {
            case PORT_CLOSED -> "nothing listens there: the port is closed; is the server running, and the port right?";
            case SILENCE ->
                "no answer: a firewall drops UDP on the way, the host is down, or the server ignores this address";
            case ANSWERED ->
                "the server answers the first step of the handshake, but not the second: it is busy, takes its time to"
                        + " decide (try conntimeo=10000), or takes one caller only and has one";
            case NOT_SRT -> "something answers, but not as SRT 1.3 or later does: check the port";
            case UNSENDABLE -> "nothing can be sent there: check the network and the address";
        };
    }

    private static String meaning(RejectReason reason, boolean encrypted) {
        return switch (reason) {
            case BAD_REQUEST -> "the stream id is missing or not valid; set streamid=#!::r=NAME";
            case UNAUTHORIZED ->
                "a password, token or one-shot id is wrong, expired or used; check s= in the stream id";
            case OVERLOAD, RESOURCE, NO_ROOM -> "the server takes no more; try later, or raise its limits";
            case BACKLOG -> "too many callers wait for the server's decision; try later";
            case FORBIDDEN -> "the server's rules don't allow it; check the stream id and who may use it";
            case NOT_FOUND -> "nobody publishes the stream; start its publisher, or check the name";
            case BAD_MODE -> "the server doesn't know the mode; use m=publish or m=request in the stream id";
            case CONFLICT -> "somebody else publishes the stream; stop that, or take another name";
            case UNSUPPORTED_MEDIA -> "the server doesn't carry that type of media; leave t= out of the stream id";
            case LOCKED -> "the stream is locked";
            case FAILED_DEPENDENCY, DOWN, GATEWAY -> "what the server asks for its decision is down; see its log";
            case INTERNAL_SERVER_ERROR, INTERNAL_PROGRAM_ERROR, SYSTEM -> "the server failed; see its log";
            case BAD_SECRET -> "the passphrase is not the server's; check passphrase=";
            case UNSECURE ->
                encrypted
                        ? "the server has no passphrase for this stream; leave passphrase= out"
                        : "the server wants a passphrase; set passphrase=";
            case CRYPTO -> "the server wants another cipher, or its AES-GCM can't be used; try cryptomode=ctr or gcm";
            case VERSION -> "the server is too old: SRT before 1.3";
            case MESSAGE_API, CONGESTION -> "the server is not in live mode";
            case FILTER -> "the server insists on a packet filter (FEC), which is not supported yet";
            case GROUP -> "the server insists on a bonding group, which is not supported yet";
            case ROGUE -> "the handshake makes no sense; is this an SRT listener, and not a caller or rendezvous?";
            case CLOSE -> "the server is closing";
            case PEER -> "the server's application turned the call down without saying why; check the stream id";
            default -> "the server's log may say why";
        };
    }
}
