package io.millrace.relay.tool;

/** Where the log of the parts that a tool is made of goes: what they have to say is the operator's of a relay. */
public final class ToolLog {
    private ToolLog() {}

    /** Before the first logger is made, which reads logback.xml: errors alone, and not in between of what we print. */
    public static void silence() {
        System.setProperty("millrace.log.target", "System.err");
        System.setProperty("millrace.log.level", "ERROR");
    }
}
