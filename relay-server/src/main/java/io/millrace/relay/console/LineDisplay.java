package io.millrace.relay.console;

import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** A line a second, for a file or a pipe. */
final class LineDisplay implements WatchDisplay {
    private final PrintWriter out;
    private final DateTimeFormatter clock;

    LineDisplay(PrintWriter out, ZoneId zone) {
        this.out = out;
        clock = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(zone);
    }

    @Override
    public void show(Observation observation) {
        StreamSnapshot snapshot = observation.snapshot();
        out.println(clock.format(observation.time()) + " "
                + (snapshot == null
                        ? "no answer for " + observation.outageSeconds() + " s: " + observation.outage()
                        : text(snapshot) + (observation.resumed() ? ", the relay answers again" : "")));
        out.flush();
    }

    private static String text(StreamSnapshot snapshot) {
        long subscribers = snapshot.subscribers().size();
        String audience = subscribers + (subscribers == 1 ? " subscriber" : " subscribers");
        long troubled = snapshot.subscribers().stream().filter(Leg::isInTrouble).count();
        if (troubled > 0) {
            audience += " (" + troubled + " in trouble)";
        }
        Optional<Leg> publisher = snapshot.publisher();
        return switch (snapshot.state()) {
            case ABSENT -> "absent: waiting for it";
            case WAITING -> "waiting for a publisher, " + audience;
            default ->
                snapshot.state().word() + publisher.map(LineDisplay::link).orElse("") + ", " + audience;
        };
    }

    private static String link(Leg publisher) {
        return " " + Figures.megabits(publisher.bitsPerSecond()) + " Mbit/s, RTT "
                + Figures.decimal(publisher.rttMillis(), 1) + " of " + Figures.whole(publisher.latencyMillis())
                + " ms, lost " + Figures.percent(publisher.counters().lostPercent()) + " %, dropped "
                + publisher.counters().dropped();
    }
}
