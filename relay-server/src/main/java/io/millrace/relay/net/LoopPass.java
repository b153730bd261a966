package io.millrace.relay.net;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

@Name("io.millrace.LoopPass")
@Label("Event Loop Pass")
@Category("Millrace")
@Description("One socket's burst of datagrams, or its timer, with all that it led to, to the end of the sending")
@Threshold("1 ms")
@StackTrace(false)
final class LoopPass extends Event {
    @Label("Event Loop")
    int loop;

    @Label("Datagrams Read")
    long datagramsRead;

    @Label("Datagrams Written")
    long datagramsWritten;

    @Label("Reading")
    @Timespan(Timespan.MICROSECONDS)
    long reading;

    @Label("Handling")
    @Timespan(Timespan.MICROSECONDS)
    long handling;

    @Label("Sending")
    @Timespan(Timespan.MICROSECONDS)
    long sending;
}
