package io.millrace.cluster;

import static java.util.concurrent.CompletableFuture.completedStage;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The registry of nodes in one process, as one of them sees it. Its answers are complete when they are returned. */
final class LocalStreamRegistry implements StreamRegistry {
    private final Shared shared;
    private final NodeIdentity self;
    private final ClaimListeners listeners;

    /** What the nodes of one process have in common. */
    static final class Shared {
        private final Map<String, ClaimEntry> entries = new HashMap<>();
        private final List<LocalStreamRegistry> registries = new CopyOnWriteArrayList<>();
        private final LocalEvents events = new LocalEvents();

        // One counter for all names: epochs rise per name all the same, and a released name leaves nothing behind.
        private long lastEpoch;

        synchronized long nextEpoch() {
            lastEpoch = Math.max(lastEpoch + 1, System.currentTimeMillis());
            return lastEpoch;
        }

        private synchronized @Nullable ClaimEntry update(String streamName, ClaimChange change) {
            ClaimEntry before = entries.get(streamName);
            ClaimEntry after = change.applyTo(before);
            boolean isLive = after != null && !after.released();
            if (after != null && isLive) {
                entries.put(streamName, after);
            } else {
                entries.remove(streamName);
            }
            registries.forEach(registry -> registry.listeners.changed(before, after));
            if (before != null && after != null && isLive && !before.isSameClaimAs(after)) {
                registries.stream()
                        .filter(registry ->
                                registry.self.isSameAs(before.claim().node()))
                        .forEach(registry -> registry.listeners.lost(before, after));
            }
            return after;
        }

        private synchronized @Nullable ClaimEntry present(String streamName) {
            return entries.get(streamName);
        }

        private synchronized List<ClaimEntry> all() {
            return List.copyOf(entries.values());
        }
    }

    LocalStreamRegistry(Shared shared, NodeIdentity self) {
        this.shared = shared;
        this.self = self;
        listeners = new ClaimListeners(shared.events);
        shared.registries.add(this);
    }

    @Override
    public CompletionStage<ClaimResult> claim(String streamName, String identity) {
        // The epoch is drawn within the lock: one drawn outside could be granted after a greater one.
        synchronized (shared) {
            long requestId = shared.nextEpoch();
            Claim wanted = new Claim(streamName, self, requestId, identity);
            ClaimEntry after =
                    Objects.requireNonNull(shared.update(streamName, ClaimChange.take(wanted, requestId, 0)));
            return completedStage(new ClaimResult(after.requestId() == requestId, after.claim()));
        }
    }

    @Override
    public Claim claimAlone(String streamName, String identity) {
        synchronized (shared) {
            long epoch = shared.nextEpoch();
            Claim claim = new Claim(streamName, self, epoch, identity);
            shared.update(
                    streamName,
                    ClaimChange.of(ClaimChange.Kind.ANNOUNCE, new ClaimEntry(claim, epoch, 0, 0, false, false)));
            return claim;
        }
    }

    @Override
    public CompletionStage<Boolean> release(Claim claim) {
        synchronized (shared) {
            ClaimEntry present = mine(claim);
            if (present == null) {
                return completedStage(false);
            }
            shared.update(claim.streamName(), ClaimChange.of(ClaimChange.Kind.RELEASE, present));
            return completedStage(true);
        }
    }

    @Override
    public CompletionStage<Boolean> silent(Claim claim, boolean silent) {
        synchronized (shared) {
            ClaimEntry present = mine(claim);
            if (present == null) {
                return completedStage(false);
            }
            shared.update(claim.streamName(), ClaimChange.of(ClaimChange.Kind.SILENT, present.withSilent(silent)));
            return completedStage(true);
        }
    }

    @Override
    public CompletionStage<Optional<Claim>> lookup(String streamName) {
        return completedStage(Optional.ofNullable(ClaimEntry.live(shared.present(streamName))));
    }

    @Override
    public Optional<Claim> known(String streamName) {
        return Optional.ofNullable(ClaimEntry.live(shared.present(streamName)));
    }

    @Override
    public Collection<Claim> claims() {
        return shared.all().stream().map(ClaimEntry::claim).toList();
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Ends with its node: what it holds is free. */
    void end() {
        shared.registries.remove(this);
        for (ClaimEntry entry : shared.all()) {
            if (entry.claim().node().isSameAs(self)) {
                shared.update(entry.claim().streamName(), ClaimChange.of(ClaimChange.Kind.GONE, entry));
            }
        }
    }

    private @Nullable ClaimEntry mine(Claim claim) {
        ClaimEntry present = shared.present(claim.streamName());
        return present != null
                        && present.epoch() == claim.epoch()
                        && present.claim().node().isSameAs(self)
                ? present
                : null;
    }
}
