package io.millrace.relay.http;

import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.log.LogField;
import io.millrace.relay.stream.LiveReader;
import io.millrace.relay.stream.StreamVerticle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who is sent a stream as the response to a request. What waits for a client that reads slowly is one batch and what
 * the response takes. On the response's context.
 */
final class LiveViewer {
    private static final Logger LOG = LoggerFactory.getLogger(LiveViewer.class);
    /** 20 ms of 100 Mbit/s. */
    private static final int MAX_BATCH_BYTES = 256 * 1024;

    private final StreamVerticle stream;
    private final LiveReader reader;
    private final HttpServerResponse response;
    private final String caller;
    private long sentBytes;

    /** @param caller who it is, for the log */
    LiveViewer(StreamVerticle stream, LiveReader reader, HttpServerResponse response, String caller) {
        this.stream = stream;
        this.reader = reader;
        this.response = response;
        this.caller = caller;
    }

    /** Writes what has come. False if that was the end. */
    boolean write(long nowMicros) {
        // It may have been so before anybody could be told.
        if (response.closed()) {
            return false;
        }
        if (response.writeQueueFull()) {
            return true;
        }
        Buffer batch = reader.read(MAX_BATCH_BYTES, nowMicros);
        sentBytes += batch.length();
        if (reader.hasEnded()) {
            var unused = response.end(batch);
            return false;
        }
        if (batch.length() > 0) {
            var unused = response.write(batch);
        }
        return true;
    }

    /** To be called once: it is nobody any more. */
    void left() {
        stream.unwatch();
        LOG.atInfo()
                .addKeyValue(LogField.STREAM, stream.name())
                .log(
                        "stream \"{}\": {} watched it over HTTP; bytes: {}",
                        LoggableStreamId.of(stream.name()),
                        caller,
                        sentBytes);
    }
}
