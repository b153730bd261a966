package io.millrace.relay.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;

/**
 * Somebody who is told of events as they happen. One that doesn't read what it is sent misses statistics at first, and is
 * disconnected soon: what waits for it is bounded. On the response's context.
 */
final class EventClient {
    /** What may wait beyond what the response takes. */
    static final int MAX_LATE = 64;

    private final HttpServerResponse response;
    private final Set<EventType> types;
    private int late;

    EventClient(HttpServerResponse response, Set<EventType> types) {
        this.response = response;
        this.types = types;
    }

    boolean wants(EventType type) {
        return types.contains(type);
    }

    /** False if it has not read for so long that it was disconnected. */
    boolean tell(EventFrame frame) {
        return !wants(frame.type()) || write(frame.text(), frame.type() == EventType.STATISTICS);
    }

    /** Something that is no event, and shows that the connection lives; the result is as for an event. */
    boolean comment() {
        return write(Buffer.buffer(":\n\n"), false);
    }

    private boolean write(Buffer text, boolean droppable) {
        if (!response.writeQueueFull()) {
            late = 0;
        } else if (++late > MAX_LATE) {
            // Ends it as soon as what waits is written, or the connection's own timeout has passed.
            var unused = response.reset();
            return false;
        } else if (droppable) {
            return true;
        }
        var unused = response.write(text);
        return true;
    }
}
