package io.millrace.relay.bench;

/** The run could not be made; the message says why, and what to do. */
final class BenchException extends Exception {
    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }

    BenchException(Throwable cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
