package io.millrace.relay.access;

import io.vertx.core.Future;

/** One of the places that know who may do what: rules, one-shot ids, a webhook, tokens. */
interface AccessSource {
    /**
     * Decides on a caller. Asked on a worker thread, so it may look at files; what takes longer answers later. A failed
     * future is an error of the relay, and the caller is refused.
     */
    Future<AccessDecision> decide(AccessRequest request);

    /** Gives up what it holds. */
    default Future<Void> close() {
        return Future.succeededFuture();
    }
}
