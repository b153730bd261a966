package io.millrace.relay.bench;

import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.handshake.RejectReason;

/** A call that did not become a connection: the server refused it or did not answer. */
final class CallFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final RejectReason reason;
    private final int rejectionType;

    CallFailedException(EndpointEvent.ConnectFailed failed) {
        this(failed.reason(), failed.rejectionType());
    }

    /** @param rejectionType the handshake type that the server refused with; 0 if it sent none */
    CallFailedException(RejectReason reason, int rejectionType) {
        super(reason.name());
        this.reason = reason;
        this.rejectionType = rejectionType;
    }

    RejectReason reason() {
        return reason;
    }

    /** The name of the server's code, or the number for a code without a name. */
    String label() {
        return reason == RejectReason.UNKNOWN && rejectionType > RejectReason.UNKNOWN.handshakeType()
                ? "code " + (rejectionType - RejectReason.UNKNOWN.handshakeType())
                : reason.name();
    }
}
