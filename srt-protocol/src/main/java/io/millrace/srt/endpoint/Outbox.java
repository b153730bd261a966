package io.millrace.srt.endpoint;

import io.millrace.srt.packet.DatagramSink;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint has to say beside its connections: events for its owner, packets for those who have no connection, and
 * counts of what it discarded. Bounded, whatever strangers send.
 */
final class Outbox {
    /** Answers that may wait to be written; with a driver that drains after each burst they never come near. */
    private static final int MAX_REPLIES = 4096;

    /** Events beyond which no caller adds another one; a driver that polls after each burst never comes near. */
    private static final int MAX_EVENTS = 4096;

    private final ArrayDeque<EndpointEvent> events = new ArrayDeque<>();
    private final ArrayDeque<Reply> replies = new ArrayDeque<>();
    private final long[] discarded = new long[Discarded.values().length];

    void add(EndpointEvent event) {
        events.add(event);
    }

    /** Whether strangers have to wait until the owner has polled. */
    boolean isFullOfEvents() {
        return events.size() >= MAX_EVENTS;
    }

    @Nullable
    EndpointEvent pollEvent() {
        return events.poll();
    }

    /** An answer, which whoever asked will ask for again if there is no room for it. */
    void answer(Reply reply) {
        if (replies.size() < MAX_REPLIES) {
            replies.add(reply);
        } else {
            discard(Discarded.REPLIES_FULL);
        }
    }

    /** The end of a connection, one for each, which nobody asks for again. */
    void farewell(Reply shutdown) {
        replies.add(shutdown);
    }

    void drain(long nowMicros, DatagramSink sink) {
        Reply reply = replies.poll();
        while (reply != null) {
            reply.write(nowMicros, sink);
            reply = replies.poll();
        }
    }

    void discard(Discarded reason) {
        discarded[reason.ordinal()]++;
    }

    long discarded(Discarded reason) {
        return discarded[reason.ordinal()];
    }

    /** Events and packets that wait. */
    int size() {
        return events.size() + replies.size();
    }
}
