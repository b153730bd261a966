package io.millrace.relay.console;

/** Why the API didn't give what it was asked for, in words for who asked. */
final class ApiException extends Exception {
    private static final int NOT_FOUND = 404;
    private static final int FAULT_OF_THE_SERVER = 500;

    private final int status;

    /** @param status of HTTP; 0 without an answer */
    ApiException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Whether the API answered, and has nothing of this name. */
    boolean isNotFound() {
        return status == NOT_FOUND;
    }

    /** Whether asking again may help. */
    boolean isTemporary() {
        return status == 0 || status >= FAULT_OF_THE_SERVER;
    }
}
