package io.millrace.relay.access;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Posts notifications one after the other. Used on one context. */
final class NotificationLane {
    private final NotificationPost post;
    private final Consumer<End> ended;
    /** The first one is on its way. */
    private final Deque<JsonObject> queue = new ArrayDeque<>();

    private boolean stopped;

    /** What became of a notification. */
    enum End {
        SENT,
        FAILED,
        DROPPED
    }

    /** Takes who is told of each notification once. */
    NotificationLane(NotificationPost post, Consumer<End> ended) {
        this.post = post;
        this.ended = ended;
    }

    void add(JsonObject notification) {
        if (stopped) {
            ended.accept(End.DROPPED);
            return;
        }
        queue.add(notification);
        if (queue.size() == 1) {
            postFirst();
        }
    }

    /** Drops what is queued, and what is on its way. */
    void stop() {
        stopped = true;
        int dropped = queue.size();
        queue.clear();
        for (int i = 0; i < dropped; i++) {
            ended.accept(End.DROPPED);
        }
    }

    private void postFirst() {
        post.deliver(queue.element(), () -> stopped).onComplete(taken -> {
            if (stopped) {
                return;
            }
            queue.remove();
            ended.accept(taken.succeeded() && taken.result() ? End.SENT : End.FAILED);
            if (!queue.isEmpty()) {
                postFirst();
            }
        });
    }
}
