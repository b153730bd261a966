package io.millrace.relay.stream;

import io.millrace.cluster.StreamRegistry.Claim;

/** Takes streams from other nodes that are not published here. Callable from any thread. */
public interface Elsewhere {
    /** Where there are no other nodes. */
    Elsewhere NOWHERE = new Elsewhere() {
        @Override
        public boolean lives(Claim claim) {
            return false;
        }

        @Override
        public Pull pull(String stream, Target target) {
            throw new IllegalStateException("there are no other nodes");
        }
    };

    /** Whether it is another node's, and that node lives, as far as is known at once. */
    boolean lives(Claim claim);

    /** Begins to take the stream from another node. */
    Pull pull(String stream, Target target);

    /** A stream that is taken, or about to be. */
    interface Pull {
        /** Ends it; {@link Target#ended} follows once nothing more is written. */
        void end(String why);
    }

    /** What a pull writes into, and who is told of it. Told from any thread. */
    interface Target {
        /** Where the payloads go; used on the pull's loop alone. */
        PublisherSlot slot();

        /** Whom to tell of what was written. */
        StreamMedia media();

        /** The stream is coming. */
        void opened(Publisher node);

        /** It comes no more, or never did; the last call. */
        void ended(String why);
    }
}
