package io.millrace.relay;

/** What the program tells the shell. */
final class ExitCode {
    static final int OK = 0;
    static final int FAILURE = 1;
    /** Also for a port that somebody else has: in all of these cases a second try with the same input is in vain. */
    static final int BAD_CONFIGURATION = 2;

    private ExitCode() {}
}
