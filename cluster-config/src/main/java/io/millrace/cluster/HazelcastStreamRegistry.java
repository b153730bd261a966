package io.millrace.cluster;

import io.millrace.cluster.ClaimChange.Kind;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of a cluster. Each node keeps its own claims itself, and the shared table is only what they agree on:
 * whatever the table loses, the nodes announce again.
 */
final class HazelcastStreamRegistry implements StreamRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastStreamRegistry.class);
    private static final long COMPARE_MILLIS = 5_000;

    private final HazelcastTable<ClaimEntry> table;
    private final HazelcastNodes nodes;
    private final NodeIdentity self;
    private final ClaimListeners listeners;

    /** What this node holds, granted or not yet announced. */
    private final ConcurrentHashMap<String, ClaimEntry> held = new ConcurrentHashMap<>();

    /** Request ids whose answer is awaited: the table may know of the claim before this node does. */
    private final Set<Long> asking = ConcurrentHashMap.newKeySet();

    /** Request ids that were found to have no owner when last looked. */
    private Set<Long> orphans = Set.of();

    HazelcastStreamRegistry(HazelcastLink link, HazelcastNodes nodes, Executor events, NodeIdentity self) {
        this.nodes = nodes;
        this.self = self;
        listeners = new ClaimListeners(events);
        table = new HazelcastTable<>(link, "streams", events);
        table.observe(new HazelcastTable.Observer<>() {
            @Override
            public void changed(String streamName, @Nullable ClaimEntry before, @Nullable ClaimEntry after) {
                listeners.changed(before, after);
                checkHeld(streamName, after);
            }

            @Override
            public void compared() {
                held.keySet().forEach(streamName -> checkHeld(streamName, table.copyOf(streamName)));
                clearOrphans();
            }
        });
        nodes.listen(new Nodes.Listener() {
            @Override
            public void left(Node node) {
                forget(node.identity());
            }
        });
        var unused = link.upkeep()
                .scheduleWithFixedDelay(table::compare, COMPARE_MILLIS, COMPARE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<ClaimResult> claim(String streamName, String identity) {
        long requestId = ThreadLocalRandom.current().nextLong();
        Claim wanted = new Claim(streamName, self, System.currentTimeMillis(), identity);
        asking.add(requestId);
        return take(wanted, requestId, 0)
                .thenCompose(entry -> {
                    // Its node is dead, but its claims have not been removed yet.
                    boolean isDead = !entry.claim().node().isSameAs(self)
                            && nodes.hasLeft(entry.claim().node());
                    return entry.requestId() != requestId && isDead
                            ? take(wanted, requestId, entry.epoch())
                            : CompletableFuture.completedFuture(entry);
                })
                .thenApply(entry -> {
                    boolean isGranted = entry.requestId() == requestId && !entry.released();
                    if (isGranted) {
                        hold(entry);
                    }
                    return new ClaimResult(isGranted, entry.claim());
                })
                // Where the answer got lost, the claim is found to be an orphan later.
                .whenComplete((result, failure) -> asking.remove(requestId));
    }

    @Override
    public Claim claimAlone(String streamName, String identity) {
        ClaimEntry known = table.copyOf(streamName);
        long epoch = Math.max(System.currentTimeMillis(), known == null ? 0 : known.epoch() + 1);
        Claim claim = new Claim(streamName, self, epoch, identity);
        long predecessor = known == null || known.released() ? 0 : known.epoch();
        ClaimEntry entry = new ClaimEntry(claim, ThreadLocalRandom.current().nextLong(), predecessor, 0, false, false);
        hold(entry);
        announce(entry);
        return claim;
    }

    @Override
    public CompletionStage<Boolean> release(Claim claim) {
        ClaimEntry mine = mine(claim);
        if (mine == null || !held.remove(claim.streamName(), mine)) {
            return CompletableFuture.completedStage(false);
        }
        return table.change(claim.streamName(), ClaimChange.of(Kind.RELEASE, mine))
                .thenApply(entry -> entry == null || entry.isSameClaimAs(mine));
    }

    @Override
    public CompletionStage<Boolean> silent(Claim claim, boolean silent) {
        ClaimEntry mine = mine(claim);
        if (mine == null) {
            return CompletableFuture.completedStage(false);
        }
        ClaimEntry changed = mine.withSilent(silent);
        if (!held.replace(claim.streamName(), mine, changed)) {
            return CompletableFuture.completedStage(false);
        }
        return table.change(claim.streamName(), ClaimChange.of(Kind.SILENT, changed))
                .thenApply(entry -> entry != null && entry.isSameClaimAs(mine));
    }

    @Override
    public CompletionStage<Optional<Claim>> lookup(String streamName) {
        return table.get(streamName).thenApply(entry -> Optional.ofNullable(ClaimEntry.live(entry)));
    }

    @Override
    public Optional<Claim> known(String streamName) {
        return Optional.ofNullable(table.copyOf(streamName))
                .filter(entry -> !entry.released())
                .map(ClaimEntry::claim);
    }

    @Override
    public Collection<Claim> claims() {
        return table.copies().stream()
                .filter(entry -> !entry.released())
                .map(ClaimEntry::claim)
                .toList();
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Gives all claims back; completes when the table knows, or doesn't answer. */
    CompletionStage<Void> releaseAll() {
        return CompletableFuture.allOf(held.values().stream()
                .map(entry -> release(entry.claim()).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<ClaimEntry> take(Claim wanted, long requestId, long deadEpoch) {
        return table.change(wanted.streamName(), ClaimChange.take(wanted, requestId, deadEpoch))
                .thenApply(Objects::requireNonNull);
    }

    private void hold(ClaimEntry entry) {
        String streamName = entry.claim().streamName();
        ClaimEntry previous = held.put(streamName, entry);
        if (previous != null && !previous.isSameClaimAs(entry)) {
            listeners.lost(previous, entry);
        }
        // It may have been lost before it was known to be held.
        checkHeld(streamName, table.copyOf(streamName));
    }

    private @Nullable ClaimEntry mine(Claim claim) {
        ClaimEntry mine = held.get(claim.streamName());
        return mine != null && mine.epoch() == claim.epoch() ? mine : null;
    }

    /** Compares what this node holds with what the table says. */
    private void checkHeld(String streamName, @Nullable ClaimEntry entry) {
        ClaimEntry mine = held.get(streamName);
        if (mine == null) {
            return;
        }
        if (entry == null) {
            announce(mine);
        } else if (entry.isSameClaimAs(mine)) {
            if (entry.released()) {
                announce(mine);
            }
        } else if (entry.isNewerThan(mine)) {
            lose(mine, entry);
        } else {
            announce(mine);
        }
    }

    private void announce(ClaimEntry mine) {
        String streamName = mine.claim().streamName();
        var unused = table.change(streamName, ClaimChange.of(Kind.ANNOUNCE, mine))
                .whenComplete((entry, failure) -> {
                    if (failure != null) {
                        LOG.debug("stream \"{}\" is not announced yet", streamName, failure);
                    } else if (entry != null && !entry.isSameClaimAs(mine)) {
                        lose(mine, entry);
                    }
                });
    }

    private void lose(ClaimEntry mine, ClaimEntry winner) {
        // Silence may have changed it meanwhile; it is still the same claim.
        ClaimEntry present = held.get(mine.claim().streamName());
        if (present != null
                && present.isSameClaimAs(mine)
                && held.remove(mine.claim().streamName(), present)) {
            listeners.lost(mine, winner);
        }
    }

    private void forget(NodeIdentity gone) {
        for (ClaimEntry entry : table.copies()) {
            if (!entry.released() && entry.claim().node().isSameAs(gone)) {
                forget(entry);
            }
        }
    }

    private void forget(ClaimEntry entry) {
        var unused = table.changeIfGone(
                        entry.claim().streamName(),
                        ClaimChange.of(Kind.GONE, entry),
                        entry.claim().node())
                .whenComplete((after, failure) -> {
                    if (failure != null) {
                        LOG.debug(
                                "the claim of a dead node on \"{}\" stays for now",
                                entry.claim().streamName(),
                                failure);
                    }
                });
    }

    /** Removes what nobody holds: claims of nodes that left unnoticed, and claims of ours whose answer got lost. */
    private void clearOrphans() {
        Set<Long> found = new HashSet<>();
        for (ClaimEntry entry : table.copies()) {
            if (!entry.released() && isOrphan(entry)) {
                found.add(entry.requestId());
                if (orphans.contains(entry.requestId())) {
                    if (entry.claim().node().isSameAs(self)) {
                        var unused = table.change(entry.claim().streamName(), ClaimChange.of(Kind.RELEASE, entry));
                    } else {
                        forget(entry);
                    }
                }
            }
        }
        orphans = found;
    }

    private boolean isOrphan(ClaimEntry entry) {
        if (!entry.claim().node().isSameAs(self)) {
            return !nodes.isPresent(entry.claim().node());
        }
        ClaimEntry mine = held.get(entry.claim().streamName());
        return (mine == null || !mine.isSameClaimAs(entry)) && !asking.contains(entry.requestId());
    }
}
