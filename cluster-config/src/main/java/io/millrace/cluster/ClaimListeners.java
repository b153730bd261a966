package io.millrace.cluster;

import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.cluster.StreamRegistry.LossReason;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Puts changes of entries into the words of {@link StreamRegistry.Listener}. */
final class ClaimListeners {
    private final Listeners<StreamRegistry.Listener> listeners;

    ClaimListeners(Executor executor) {
        listeners = new Listeners<>(executor);
    }

    void add(StreamRegistry.Listener listener) {
        listeners.add(listener);
    }

    void changed(@Nullable ClaimEntry before, @Nullable ClaimEntry after) {
        Claim from = ClaimEntry.live(before);
        Claim to = ClaimEntry.live(after);
        if (from == null) {
            if (to != null) {
                listeners.tell(listener -> listener.claimed(to));
            }
        } else if (to == null) {
            listeners.tell(listener -> listener.released(from));
        } else if (!from.equals(to)) {
            listeners.tell(listener -> listener.moved(from, to));
        }
    }

    void lost(ClaimEntry mine, ClaimEntry winner) {
        LossReason reason = winner.predecessorEpoch() == mine.epoch() ? LossReason.TAKEN_OVER : LossReason.SPLIT_HEALED;
        listeners.tell(listener -> listener.lost(mine.claim(), winner.claim(), reason));
    }
}
