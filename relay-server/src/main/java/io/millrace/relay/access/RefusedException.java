package io.millrace.relay.access;

/** A caller is turned away. Has no stack trace: it is an answer, not a fault, and there may be many. */
public final class RefusedException extends Exception {
    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.explanation(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
