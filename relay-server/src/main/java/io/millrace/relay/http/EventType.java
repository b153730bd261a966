package io.millrace.relay.http;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a client can be told of. */
enum EventType {
    CONNECTION_OPENED,
    CONNECTION_CLOSED,
    REFUSED,
    STREAM_PUBLISHED,
    STREAM_UNPUBLISHED,
    STATISTICS;

    static final List<String> TEXTS = Stream.of(values()).map(EventType::text).toList();

    /** By the words of the API. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Those of a list with commas; all of them without it. */
    static Set<EventType> of(@Nullable String list) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (String text : list == null ? TEXTS : List.of(list.split(",", -1))) {
            int index = TEXTS.indexOf(text);
            if (index < 0) {
                throw Query.bad("types", text, String.join(", ", TEXTS) + ", with commas between them");
            }
            types.add(values()[index]);
        }
        return types;
    }
}
