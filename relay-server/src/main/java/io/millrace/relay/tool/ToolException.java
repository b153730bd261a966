package io.millrace.relay.tool;

/** A tool can't go on; the message is the line for its user, and says what to do. */
final class ToolException extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    ToolException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static ToolException failed(String message) {
        return new ToolException(ToolExit.FAILED, message);
    }

    int exitCode() {
        return exitCode;
    }
}
