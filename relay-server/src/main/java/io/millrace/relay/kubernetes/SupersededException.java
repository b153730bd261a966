package io.millrace.relay.kubernetes;

/** A service was pointed elsewhere under a later epoch than the one at hand, so this node has lost the role already. */
public final class SupersededException extends Exception {
    private static final long serialVersionUID = 1;

    SupersededException(String slice, long epoch, long later) {
        super("the EndpointSlice " + slice + " was written under epoch " + later + ", later than " + epoch);
    }
}
