package io.millrace.relay.tool;

/** How the work of a tool ended. */
enum ToolResult {
    /** It came to its end. */
    DONE,
    /** Its user stopped it. */
    STOPPED,
    /** It could not go on. */
    FAILED
}
