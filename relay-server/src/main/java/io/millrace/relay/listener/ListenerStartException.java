package io.millrace.relay.listener;

/** A listener could not be opened; its cause says why. */
public final class ListenerStartException extends Exception {
    private final int index;
    private final int port;

    ListenerStartException(int index, int port, Throwable cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.index = index;
        this.port = port;
    }

    /** Its place in the configuration. */
    public int index() {
        return index;
    }

    /** The UDP port that it was to have. */
    public int port() {
        return port;
    }
}
