package io.millrace.relay.tool;

/** Exit codes of the tools. */
public final class ToolExit {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    /** A second try with the same arguments is in vain. */
    public static final int BAD_USAGE = 2;

    private ToolExit() {}
}
