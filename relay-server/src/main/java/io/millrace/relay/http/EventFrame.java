package io.millrace.relay.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * Something to be told to clients.
 *
 * @param text as it goes over the line, the same for all
 */
record EventFrame(EventType type, Buffer text) {
    static EventFrame of(EventType type, JsonObject data) {
        return new EventFrame(
                type,
                Buffer.buffer("event: " + type.text() + "\ndata: ")
                        .appendBuffer(data.toBuffer())
                        .appendString("\n\n"));
    }
}
