package io.millrace.relay.log;

/** What a message is about, as members of its object in the log's JSON format. */
public final class LogField {
    /** Number of the connection on this node. */
    public static final String CONNECTION = "connection";
    /** Name of the stream. */
    public static final String STREAM = "stream";
    /** Name of the listener. */
    public static final String LISTENER = "listener";
    /** Address and port of the other side, or the address alone where there are several ports. */
    public static final String PEER = "peer";

    private LogField() {}
}
