package io.millrace.relay.config;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a new subscriber begins in a stream. */
public enum JoinMode {
    /** At the newest random access point, with the tables before it: there is a picture at once. */
    NEWEST,
    /** At the next random access point, with the tables before it: there is nothing before. */
    NEXT,
    /** At what comes next, whatever that is. */
    LIVE;

    /** What configurations and stream ids may say. */
    static final TextForm FORM = TextForm.oneOf(
            Stream.of(values()).map(JoinMode::text).toList(), "newest, next or live; or null for streams.join");

    /** The mode that is written like this. */
    public static Optional<JoinMode> parse(String text) {
        return Stream.of(values()).filter(mode -> mode.text().equals(text)).findFirst();
    }

    /** As it is written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
