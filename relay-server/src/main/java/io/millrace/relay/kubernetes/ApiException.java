package io.millrace.relay.kubernetes;

/** The API server refused, or could not be asked. The message is for the operator. */
final class ApiException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int NONE = 0;

    private final int status;

    /** @param status of HTTP */
    ApiException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** There was no answer. */
    ApiException(String message, Throwable cause) {
        super(message, cause);
        status = NONE;
    }

    /**
     * Whether the same may succeed in a moment: somebody else wrote at the same time (409, 404), the token was exchanged
     * (401), or the server is busy or not there. It does no harm where the server did what it could not answer any more.
     */
    boolean isWorthRepeating() {
        return switch (status) {
            case NONE, 401, 404, 409, 429 -> true;
            default -> status >= 500;
        };
    }
}
