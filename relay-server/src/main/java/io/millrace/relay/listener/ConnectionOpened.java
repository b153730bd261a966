package io.millrace.relay.listener;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("io.millrace.ConnectionOpened")
@Label("Connection Opened")
@Category("Millrace")
@StackTrace(false)
final class ConnectionOpened extends Event {
    @Label("Connection")
    long connection;

    @Label("Role")
    String role = "";

    @Label("Stream")
    String stream = "";

    @Label("Peer")
    String peer = "";
}
