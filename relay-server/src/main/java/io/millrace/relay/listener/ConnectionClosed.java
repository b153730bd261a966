package io.millrace.relay.listener;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("io.millrace.ConnectionClosed")
@Label("Connection Closed")
@Category("Millrace")
@StackTrace(false)
final class ConnectionClosed extends Event {
    @Label("Connection")
    long connection;

    @Label("Role")
    String role = "";

    @Label("Stream")
    String stream = "";

    @Label("Reason")
    String reason = "";

    @Label("Connected")
    @Timespan(Timespan.MICROSECONDS)
    long connected;
}
