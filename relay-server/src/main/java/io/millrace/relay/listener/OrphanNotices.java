package io.millrace.relay.listener;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ConnectionFact;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the peers of nodes that are gone that their connections are over, from a listener that has taken over the address
 * that they call: they connect anew at once, instead of waiting for the silence to be long enough. Who called an address
 * that this node doesn't have would not believe it, and is told when his next datagram comes here.
 */
final class OrphanNotices {
    /** Who is told all connects anew within a second or so: no faster than they can be served. */
    private static final int BATCH = 64;

    private static final long BATCH_MILLIS = 10;

    /** The network may lose a notice. */
    private static final long REPEAT_MILLIS = 200;

    /** As long as a peer that missed its notices may be expected to try; its datagrams then find what it is about. */
    private static final long FORGET_MILLIS = 10_000;

    private final Vertx vertx;
    private final Cluster cluster;
    private final List<ListenerVerticle> onLoops;

    /** @param onLoops the listener on each of its loops, at least one */
    OrphanNotices(Vertx vertx, Cluster cluster, List<ListenerVerticle> onLoops) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.onLoops = List.copyOf(onLoops);
    }

    /** Tells the role's; completes with how many, when they have been told for the first time. */
    Future<Integer> tell(String role) {
        return Future.fromCompletionStage(cluster.connections().orphans(role), vertx.getOrCreateContext())
                .compose(this::tellAll)
                .map(told -> {
                    if (!told.isEmpty()) {
                        vertx.setTimer(REPEAT_MILLIS, id -> tellAll(told));
                        vertx.setTimer(FORGET_MILLIS, id -> forget(told));
                    }
                    return told.size();
                });
    }

    /** Completes with those that could be told. */
    private Future<List<ConnectionFact>> tellAll(List<ConnectionFact> orphans) {
        Promise<List<ConnectionFact>> done = Promise.promise();
        tellFrom(0, orphans, new ArrayList<>(), done);
        return done.future();
    }

    private void tellFrom(
            int first, List<ConnectionFact> orphans, List<ConnectionFact> told, Promise<List<ConnectionFact>> done) {
        if (first >= orphans.size()) {
            done.complete(told);
            return;
        }
        int end = Math.min(first + BATCH, orphans.size());
        onLoops.get(first / BATCH % onLoops.size())
                .tellOrphans(orphans.subList(first, end))
                .onComplete(outcome -> {
                    if (outcome.succeeded()) {
                        told.addAll(outcome.result());
                    }
                    vertx.setTimer(BATCH_MILLIS, id -> tellFrom(end, orphans, told, done));
                });
    }

    private void forget(List<ConnectionFact> told) {
        told.forEach(fact -> cluster.connections().closed(fact.localSocketId()));
    }
}
