package io.millrace.relay.net;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the bugs that one socket runs into, each place with its stack at once and then once a minute at most: a bug that
 * a datagram can reach would otherwise fill the disk at the rate of the datagrams.
 */
final class FaultLog {
    private static final Logger LOG = LoggerFactory.getLogger(FaultLog.class);
    private static final long REPEAT_MICROS = 60_000_000;
    private static final int MAX_PLACES = 32;

    private final Map<Integer, Place> places = new LinkedHashMap<>();

    private static final class Place {
        private long loggedMicros;
        private long suppressed;

        Place(long loggedMicros) {
            this.loggedMicros = loggedMicros;
        }
    }

    void report(long nowMicros, String during, Throwable fault) {
        int key = 31 * fault.getClass().hashCode() + Arrays.hashCode(fault.getStackTrace());
        Place place = places.get(key);
        if (place == null) {
            if (places.size() == MAX_PLACES) {
                places.remove(places.keySet().iterator().next());
            }
            places.put(key, new Place(nowMicros));
            LOG.error("Bug while {}; the socket goes on", during, fault);
        } else if (nowMicros - place.loggedMicros >= REPEAT_MICROS) {
            LOG.error(
                    "Bug while {}; the socket goes on. {} more since the last report", during, place.suppressed, fault);
            place.loggedMicros = nowMicros;
            place.suppressed = 0;
        } else {
            place.suppressed++;
        }
    }
}
