package io.millrace.relay.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;

/** A line of JSON a second, for programs. */
final class JsonDisplay implements WatchDisplay {
    private final PrintWriter out;

    JsonDisplay(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void show(Observation observation) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("time", observation.time().toString());
        line.put("outage", observation.outage().isEmpty() ? null : observation.outage());
        StreamSnapshot snapshot = observation.snapshot();
        if (snapshot != null) {
            line.setAll(snapshot.json());
        }
        out.println(line);
        out.flush();
    }
}
