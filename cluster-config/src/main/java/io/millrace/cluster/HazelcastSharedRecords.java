package io.millrace.cluster;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shared records of a cluster. What each node knows is its own; the shared table is what they agree on, and what it loses
 * they offer again.
 */
final class HazelcastSharedRecords implements SharedRecords {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastSharedRecords.class);
    private static final long COMPARE_SECONDS = 30;
    private static final long OFFER_AGAIN_SECONDS = 5;

    private final HazelcastTable<SharedRecord> table;
    private final ConcurrentHashMap<String, SharedRecord> records = new ConcurrentHashMap<>();

    /** Keys whose record the table may not have. */
    private final Set<String> unshared = ConcurrentHashMap.newKeySet();

    HazelcastSharedRecords(HazelcastLink link, String name, Executor events) {
        table = new HazelcastTable<>(link, name, events);
        table.observe(this::followed);
        // When it is through with joining: what was offered before holds here, too.
        link.onJoined(instance -> link.upkeep().execute(table::compare));
        var unusedComparing = link.upkeep()
                .scheduleWithFixedDelay(table::compare, COMPARE_SECONDS, COMPARE_SECONDS, TimeUnit.SECONDS);
        var unusedOffering = link.upkeep()
                .scheduleWithFixedDelay(this::offerAgain, OFFER_AGAIN_SECONDS, OFFER_AGAIN_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public Map<String, SharedRecord> known() {
        return Collections.unmodifiableMap(records);
    }

    @Override
    public CompletionStage<Optional<SharedRecord>> find(String key) {
        SharedRecord here = records.get(key);
        return here != null
                ? CompletableFuture.completedStage(Optional.of(here))
                : table.get(key).thenApply(Optional::ofNullable);
    }

    @Override
    public CompletionStage<SharedRecord> offer(String key, SharedRecord offered) {
        SharedRecord standing = records.merge(key, offered, SharedRecord::orNewer);
        return standing.equals(offered) ? share(key, offered) : CompletableFuture.completedStage(standing);
    }

    private CompletableFuture<SharedRecord> share(String key, SharedRecord offered) {
        unshared.add(key);
        return table.change(key, new OfferChange(offered)).thenApply(after -> {
            SharedRecord standing = after == null ? offered : after;
            // Another one of the same version was there first, which is not newer than this one.
            records.replace(key, offered, standing);
            SharedRecord here = records.get(key);
            if (here == null || !here.isNewerThan(standing)) {
                unshared.remove(key);
            }
            return standing;
        });
    }

    private void followed(String key, @Nullable SharedRecord before, @Nullable SharedRecord after) {
        if (after != null) {
            records.merge(key, after, SharedRecord::orNewer);
            return;
        }
        SharedRecord here = records.get(key);
        if (here != null && !here.hasExpired()) {
            unshared.add(key);
        }
    }

    private void offerAgain() {
        records.values().removeIf(SharedRecord::hasExpired);
        unshared.retainAll(records.keySet());
        for (String key : unshared) {
            SharedRecord here = records.get(key);
            if (here != null) {
                var unused = share(key, here).whenComplete(HazelcastSharedRecords::note);
            }
        }
    }

    private static void note(@Nullable SharedRecord standing, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("a record is offered again later", failure);
        }
    }
}
