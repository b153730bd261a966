package io.millrace.relay.tool;

/** Exit codes of the tools. */
final class ToolExit {
    static final int DONE = 0;
    static final int FAILED = 1;
    /** A second try with the same arguments is in vain. */
    static final int BAD_USAGE = 2;

    private ToolExit() {}
}
