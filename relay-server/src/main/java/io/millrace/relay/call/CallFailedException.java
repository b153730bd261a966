package io.millrace.relay.call;

import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.handshake.RejectReason;

/** A call that did not become a connection: the server refused it or did not answer. */
public final class CallFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final RejectReason reason;
    private final int rejectionType;

    public CallFailedException(EndpointEvent.ConnectFailed failed) {
        this(failed.reason(), failed.rejectionType());
    }

    /** @param rejectionType the handshake type that the server refused with; 0 if it sent none */
    public CallFailedException(RejectReason reason, int rejectionType) {
        super(reason.name());
        this.reason = reason;
        this.rejectionType = rejectionType;
    }

    public RejectReason reason() {
        return reason;
    }

    /** The code as libsrt's API shows it, one without a name too. */
    public int code() {
        return isUnnamed() ? rejectionType - RejectReason.UNKNOWN.handshakeType() : reason.code();
    }

    /** Whether the server said no; else it did not answer, or we did not like its answer. */
    public boolean isServersRefusal() {
        return rejectionType != 0;
    }

    /** The name of the server's code, or the number for a code without a name. */
    public String label() {
        return isUnnamed() ? "code " + code() : reason.name();
    }

    private boolean isUnnamed() {
        return reason == RejectReason.UNKNOWN && rejectionType > RejectReason.UNKNOWN.handshakeType();
    }
}
