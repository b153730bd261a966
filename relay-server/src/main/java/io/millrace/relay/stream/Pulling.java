package io.millrace.relay.stream;

import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.relay.net.LoopClock;
import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * Takes one stream from another node while it is wanted here and published there, again and again. Lives on the stream's
 * context.
 */
final class Pulling {
    static final int AGAIN_MILLIS = 300;

    /** How long a stream is still taken when nobody watches it any more. */
    private static final int LINGER_MILLIS = 5_000;

    /** A stream from another node begins with a random access point; for so long it is waited until it was seen. */
    private static final int SETTLE_MILLIS = 600;

    private static final int SETTLE_CHECK_MILLIS = 20;

    private final StreamVerticle stream;
    private final StreamDirectory directory;
    private @Nullable Pulled present;
    private boolean triesAgainSoon;
    /** It has begun to come, but where subscribers may begin in it isn't known yet. */
    private boolean settling;

    private String failure = "";

    Pulling(StreamVerticle stream, StreamDirectory directory) {
        this.stream = stream;
        this.directory = directory;
    }

    /** The stream as it comes from one node. */
    private final class Pulled implements Elsewhere.Target {
        private final Context context = stream.context();
        private final PublisherSlot slot = new PublisherSlot(stream.media().log(), LoopClock::nowMicros);
        /** Of the claim that it is published under. */
        private final long epoch;

        private final Elsewhere.Pull pull;
        private @Nullable Publication publication;

        Pulled(long epoch) {
            this.epoch = epoch;
            pull = directory.elsewhere().pull(stream.name(), this);
        }

        @Override
        public PublisherSlot slot() {
            return slot;
        }

        @Override
        public StreamMedia media() {
            return stream.media();
        }

        @Override
        public void opened(Publisher node) {
            context.runOnContext(v -> onOpened(this, node));
        }

        @Override
        public void ended(String why) {
            context.runOnContext(v -> onEnded(this, why));
        }
    }

    /** Whether another node is asked, or sends; the log is its alone until it has ended. */
    boolean isUnderWay() {
        return present != null;
    }

    boolean isSettling() {
        return settling;
    }

    /** Why it came no more, or never did, the last time; empty if it has always come. */
    String failure() {
        return failure;
    }

    /** Begins, or tries again and again while it is wanted here and nobody who lives is known to have it. */
    void beginIfWanted() {
        if (present != null || !stream.isVacant() || !stream.isWanted()) {
            return;
        }
        Claim claim = directory.claimElsewhere(stream.name());
        if (claim == null) {
            againSoon();
        } else {
            present = new Pulled(claim.epoch());
        }
    }

    void end(String why) {
        Pulled ending = present;
        if (ending != null) {
            ending.pull.end(why);
        }
    }

    /** Another node publishes it. */
    void claimed(Claim claim) {
        Pulled before = present;
        if (before == null) {
            beginIfWanted();
        } else if (claim.epoch() > before.epoch) {
            // It may come from a node that doesn't know yet that it has it no more.
            before.pull.end("another publisher has begun, on node " + claim.nodeId());
        }
    }

    /** Nobody watches any more what comes from there: soon it is taken no more. */
    void linger(Publication unwatched) {
        stream.vertx().setTimer(LINGER_MILLIS, id -> {
            Pulled still = present;
            if (still != null && still.publication == unwatched && !stream.isUsed() && !stream.isWanted()) {
                still.pull.end("nobody watches it here");
            }
        });
    }

    private void onOpened(Pulled opened, Publisher node) {
        if (opened != present) {
            return;
        }
        Publication publication = stream.pulled(node, opened.slot);
        if (publication != null) {
            opened.publication = publication;
            settling = directory.settings().analysis();
            serveWhenSettled(opened, LoopClock.nowMicros() + SETTLE_MILLIS * 1_000L);
        }
    }

    private void serveWhenSettled(Pulled opened, long untilMicros) {
        if (present != opened) {
            return;
        }
        if (settling && stream.joinPoint() == null && LoopClock.nowMicros() < untilMicros) {
            stream.vertx().setTimer(SETTLE_CHECK_MILLIS, id -> serveWhenSettled(opened, untilMicros));
            return;
        }
        settling = false;
        stream.serveWaiting();
    }

    private void onEnded(Pulled gone, String why) {
        if (gone != present) {
            return;
        }
        present = null;
        settling = false;
        failure = why;
        gone.slot.end();
        stream.pullEnded(gone.publication);
        failed();
        againSoon();
    }

    private void againSoon() {
        if (!triesAgainSoon && present == null && stream.isVacant()) {
            triesAgainSoon = true;
            stream.vertx().setTimer(AGAIN_MILLIS, id -> {
                triesAgainSoon = false;
                failed();
                beginIfWanted();
            });
        }
    }

    private void failed() {
        if (present == null && stream.isVacant()) {
            stream.pullFailed();
        }
    }
}
