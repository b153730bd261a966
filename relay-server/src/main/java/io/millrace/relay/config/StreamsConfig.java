package io.millrace.relay.config;

/**
 * How streams treat their publishers and subscribers.
 *
 * @param latency the latency that subscribers are offered
 * @param holes what subscribers get where a packet of the publisher is still missing
 * @param join where subscribers begin
 * @param aggregationMillis what packets may be held back so that more of them leave together; 0: none is
 * @param publisherGraceMillis how long a stream waits for its publisher to come back before it ends
 * @param publisherProbationMillis how long a publisher must last before it counts as established
 * @param onMissing what happens to a request for a stream that has no publisher
 * @param waitMillis how long such a request waits with {@link OnMissing#WAIT}
 * @param bufferMebibytes the bound of one stream's log
 * @param analysis whether the transport stream is looked at
 */
public record StreamsConfig(
        SubscriberLatency latency,
        Holes holes,
        JoinMode join,
        int aggregationMillis,
        int publisherGraceMillis,
        int publisherProbationMillis,
        OnMissing onMissing,
        int waitMillis,
        int bufferMebibytes,
        boolean analysis) {

    /** What subscribers get where a packet of the publisher is still missing. */
    public enum Holes {
        /** What came after it, at once; the packet follows when it is recovered. */
        FORWARD,
        /** Nothing before the packet was recovered or the publisher's latency has passed. */
        HOLD
    }

    /** What happens to a request for a stream that has no publisher. */
    public enum OnMissing {
        REJECT,
        WAIT
    }

    static StreamsConfig bind(Section keys) {
        return new StreamsConfig(
                keys.parsed("latency", SubscriberLatency.MAX, SubscriberLatency.FORM, SubscriberLatency::parse),
                keys.choice("holes", Holes.FORWARD),
                keys.choice("join", JoinMode.NEWEST),
                keys.integer("aggregationMillis", 0, 0, 10),
                keys.integer("publisherGraceMillis", 10_000, 0, 3_600_000),
                keys.integer("publisherProbationMillis", 3_000, 0, 3_600_000),
                keys.choice("onMissing", OnMissing.REJECT),
                keys.integer("waitMillis", 10_000, 0, 600_000),
                keys.integer("bufferMebibytes", 64, 1, 4_096),
                keys.flag("analysis", true));
    }
}
