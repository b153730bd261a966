package io.millrace.relay.stats;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.ts.TsSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a stream is doing, and why: what an operator is shown first, the same in every list. Judged when asked, from figures
 * that are about a second old.
 *
 * @param reasons sentences that say what is wrong and what to do about it, the worst first; a good stream may have one too,
 *     that says what is not looked at
 */
public record StreamHealth(State state, List<String> reasons) {
    /** Losses before recovery that are worth a word. SRT recovers them at the price of bandwidth and latency. */
    private static final double NOTABLE_LOSS_PERCENT = 2;
    /** An encoder's own ups and downs stay above these shares of its usual bit rate. */
    private static final double FALLEN = 0.4;

    private static final double COLLAPSED = 0.1;

    /** What a viewer notices of it. */
    public enum State {
        /** Nothing. */
        GOOD,
        /** Nothing yet, but something wants to be looked at. */
        FAIR,
        /** Faults, or no stream at all. */
        BAD
    }

    /**
     * What is known of a stream.
     *
     * @param published whether it has a publisher
     * @param publisher the publisher's connection; null where there is none, or none of SRT
     * @param subscribers the connections that are sent the stream
     * @param analysed whether streams are looked at
     * @param content what was found in it; null while nothing was
     */
    public record Signs(
            boolean published,
            @Nullable ConnectionInfo publisher,
            List<ConnectionInfo> subscribers,
            boolean analysed,
            @Nullable TsSnapshot content) {}

    public StreamHealth {
        reasons = List.copyOf(reasons);
    }

    /** How a stream of these signs is doing. */
    public static StreamHealth of(Signs signs) {
        if (!signs.published()) {
            int waiting = signs.subscribers().size();
            return new StreamHealth(
                    State.BAD,
                    List.of("Nobody publishes it, and "
                            + (waiting == 0
                                    ? "callers wait"
                                    : waiting == 1 ? "a subscriber waits" : waiting + " subscribers wait")
                            + ": start the encoder, under this name."));
        }
        Findings findings = new Findings();
        RecentLink recent =
                signs.publisher() == null ? null : signs.publisher().meter().recent();
        boolean silent = recent != null && recent.isSilent();
        if (silent) {
            findings.bad("The publisher is connected and sends nothing: look at the encoder and its source.");
        }
        if (signs.publisher() != null && recent != null) {
            judgePublisher(signs.publisher(), recent, findings);
        }
        // What was found in a stream that has stopped says nothing of now.
        if (signs.content() != null && signs.analysed() && !silent) {
            TsFindings.judge(signs.content(), recent != null && recent.droppedPackets() > 0, findings);
        }
        judgeSubscribers(signs.subscribers(), findings);
        if (!signs.analysed()) {
            findings.note("What is in the stream is not looked at: set streams.analysis to true for that.");
        }
        return findings.health();
    }

    private static void judgePublisher(ConnectionInfo publisher, RecentLink recent, Findings findings) {
        LinkAdvice advice = publisher.advice();
        String order = advice == null || advice.sufficient() ? null : advice.sentence();
        if (recent.droppedPackets() > 0) {
            findings.bad(recent.droppedPackets() + (recent.droppedPackets() == 1 ? " packet was" : " packets were")
                    + " lost for good in the last 10 s. "
                    + (order == null ? "Raise the latency, or lower the encoder's bit rate." : order));
        }
        double share = recent.newBitsPerSecond() / recent.usualBitsPerSecond();
        if (recent.newBitsPerSecond() > 0 && share < FALLEN) {
            String text = "The bit rate fell from " + megabits(recent.usualBitsPerSecond()) + " to "
                    + megabits(recent.newBitsPerSecond()) + " Mbit/s: look at the encoder and its uplink.";
            findings.add(share < COLLAPSED ? State.BAD : State.FAIR, text);
        }
        if (recent.lostPercent() >= NOTABLE_LOSS_PERCENT) {
            findings.fair(oneDecimal(recent.lostPercent())
                    + " % of the packets were lost on their way in the last 10 s"
                    + (recent.droppedPackets() == 0 ? ", and recovered" : "") + ": look at the publisher's network.");
        }
        if (order != null && recent.droppedPackets() == 0) {
            findings.fair(order);
        }
    }

    private static void judgeSubscribers(List<ConnectionInfo> subscribers, Findings findings) {
        int missing = 0;
        long most = 0;
        ConnectionInfo worst = null;
        for (ConnectionInfo subscriber : subscribers) {
            long dropped = subscriber.meter().recentlyDropped();
            missing += dropped > 0 ? 1 : 0;
            if (dropped > most) {
                most = dropped;
                worst = subscriber;
            }
        }
        if (worst != null) {
            findings.fair(
                    missing + " of " + subscribers.size() + " subscribers missed packets in the last 10 s, most of all "
                            + LoggableAddress.of(worst.facts().peer()) + " (" + most
                            + "): raise its latency, or see whether its network carries the bit rate.");
        }
    }

    private static String megabits(double bitsPerSecond) {
        double megabits = bitsPerSecond / 1e6;
        return megabits < 1 ? String.format(Locale.ROOT, "%.2f", megabits) : oneDecimal(megabits);
    }

    private static String oneDecimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** What was found so far. */
    static final class Findings {
        private final List<String> bad = new ArrayList<>();
        private final List<String> fair = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        void bad(String reason) {
            bad.add(reason);
        }

        void fair(String reason) {
            fair.add(reason);
        }

        void note(String text) {
            notes.add(text);
        }

        void add(State state, String text) {
            switch (state) {
                case BAD -> bad(text);
                case FAIR -> fair(text);
                case GOOD -> note(text);
            }
        }

        StreamHealth health() {
            List<String> reasons = new ArrayList<>(bad);
            reasons.addAll(fair);
            reasons.addAll(notes);
            return new StreamHealth(!bad.isEmpty() ? State.BAD : !fair.isEmpty() ? State.FAIR : State.GOOD, reasons);
        }
    }
}
