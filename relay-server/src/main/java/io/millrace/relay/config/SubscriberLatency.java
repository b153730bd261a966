package io.millrace.relay.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rule by which the latency that subscribers are offered follows from the publisher's. In the file it is one word:
 * {@code max}, {@code max+MILLIS} or {@code sum}.
 *
 * @param base how the publisher's latency and {@link SrtConfig#latencyMillis()} make one
 * @param marginMillis what is added to the publisher's latency with {@link Base#MAX}; 0 with {@link Base#SUM}
 */
public record SubscriberLatency(Base base, int marginMillis) {
    /** The greater one of both latencies, without a margin. */
    public static final SubscriberLatency MAX = new SubscriberLatency(Base.MAX, 0);

    private static final int MAX_MARGIN_MILLIS = 60_000;
    private static final Pattern MARGIN = Pattern.compile("max\\+(0|[1-9][0-9]{0,4})");

    static final TextForm FORM = TextForm.of("max|sum|" + MARGIN.pattern(), "max, max+MILLIS with 0 to 60000 ms, sum");

    /** How two latencies make one. */
    public enum Base {
        MAX,
        SUM
    }

    static Optional<SubscriberLatency> parse(String text) {
        if (text.equals("max")) {
            return Optional.of(MAX);
        }
        if (text.equals("sum")) {
            return Optional.of(new SubscriberLatency(Base.SUM, 0));
        }
        Matcher margin = MARGIN.matcher(text);
        return margin.matches()
                ? Optional.of(new SubscriberLatency(Base.MAX, Integer.parseInt(margin.group(1))))
                        .filter(latency -> latency.marginMillis <= MAX_MARGIN_MILLIS)
                : Optional.empty();
    }

    /** The word of the file. */
    @JsonValue
    @Override
    public String toString() {
        if (base == Base.SUM) {
            return "sum";
        }
        return marginMillis == 0 ? "max" : "max+" + marginMillis;
    }
}
