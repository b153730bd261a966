package io.millrace.relay.bench;

import java.util.Locale;

/**
 * A bad network, the same in both directions.
 *
 * @param lossPercent of the datagrams, one by one and independent of each other
 * @param delayMillis of each datagram one way: a round trip takes twice as long
 * @param legs whose datagrams
 * @param seed the same seed makes the same decisions about each socket's datagrams, in the order in which they come
 */
record Impairment(double lossPercent, int delayMillis, Legs legs, long seed) {
    /** The connections that go through the bad network. */
    enum Legs {
        SUBSCRIBERS,
        PUBLISHERS,
        BOTH;

        /** As on the command line. */
        String optionValue() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean havePublishers() {
            return this != SUBSCRIBERS;
        }

        boolean haveSubscribers() {
            return this != PUBLISHERS;
        }
    }
}
