package io.millrace.relay.net;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("io.millrace.LoopStall")
@Label("Event Loop Stall")
@Category("Millrace")
@Description("An event loop let its sockets wait for 10 ms or more; committed at the end of it")
@StackTrace(false)
final class LoopStall extends Event {
    @Label("Event Loop")
    int loop;

    @Label("Stall")
    @Timespan(Timespan.MICROSECONDS)
    long stall;

    @Label("Cause")
    @Description("work: of the loop itself, or a pause in its midst; delay: something else kept it from running")
    String cause = "";
}
