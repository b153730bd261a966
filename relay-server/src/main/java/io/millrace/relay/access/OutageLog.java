package io.millrace.relay.access;

import java.util.Locale;
import org.slf4j.Logger;

/**
 * Tells the operator that a server fails and that it works again. Bounded to one line of each kind a minute, however often
 * it changes its mind, with a count of what was not told. Used on one context.
 */
final class OutageLog {
    static final long REPEAT_MILLIS = 60_000;

    private final Logger log;
    private final String server;
    private final String consequence;
    private boolean down;
    private boolean told;
    private boolean everTold;
    private long toldMillis;
    private long downSinceMillis;
    private long failures;

    /**
     * The log of a server that works.
     *
     * @param server what its lines start with
     * @param consequence of an outage, for the operator
     */
    OutageLog(Logger log, String server, String consequence) {
        this.log = log;
        this.server = server;
        this.consequence = consequence;
    }

    /** Notes a failure; its fault follows the server's name. */
    void failed(long nowMillis, String fault) {
        failures++;
        if (!down) {
            down = true;
            downSinceMillis = nowMillis;
        }
        if (!everTold || nowMillis - toldMillis >= REPEAT_MILLIS) {
            everTold = true;
            told = true;
            toldMillis = nowMillis;
            log.warn("{} {}; {}. Failures since the last line like this: {}", server, fault, consequence, count());
            failures = 0;
        }
    }

    void worked(long nowMillis) {
        if (down && told) {
            String seconds = String.format(Locale.ROOT, "%.1f", (nowMillis - downSinceMillis) / 1e3);
            log.info("{} works again, after {} s. More failures in that time: {}", server, seconds, count());
            failures = 0;
        }
        down = false;
        told = false;
    }

    private String count() {
        return String.format(Locale.ROOT, "%,d", failures);
    }
}
