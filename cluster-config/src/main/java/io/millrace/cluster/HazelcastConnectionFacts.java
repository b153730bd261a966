package io.millrace.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of a cluster. What changed goes out in batches on the thread for upkeep; a batch that fails is tried
 * again, and all of this node's facts are written anew before they run out.
 */
final class HazelcastConnectionFacts implements ConnectionFacts {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastConnectionFacts.class);
    private static final String MAP = "connections";
    private static final int MOST = 100_000;
    private static final int BATCH = 1_000;
    private static final long FLUSH_MILLIS = 100;
    private static final long REWRITE_MINUTES = 10;

    private final HazelcastLink link;
    private final ConcurrentHashMap<Integer, ConnectionFact> own = new ConcurrentHashMap<>();

    /** Socket ids whose fact in the map isn't what {@link #own} says. */
    private final Set<Integer> stale = ConcurrentHashMap.newKeySet();

    private final AtomicLong dropped = new AtomicLong();

    HazelcastConnectionFacts(HazelcastLink link) {
        this.link = link;
        link.onMerged(this::rewrite);
        var unusedFlushing =
                link.upkeep().scheduleWithFixedDelay(this::flush, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
        var unusedRewriting =
                link.upkeep().scheduleWithFixedDelay(this::rewrite, REWRITE_MINUTES, REWRITE_MINUTES, TimeUnit.MINUTES);
    }

    @Override
    public void opened(ConnectionFact fact) {
        if (own.size() >= MOST && !own.containsKey(fact.localSocketId())) {
            dropped.incrementAndGet();
            return;
        }
        own.put(fact.localSocketId(), fact);
        stale.add(fact.localSocketId());
    }

    @Override
    public void closed(int localSocketId) {
        boolean isOwn = own.remove(localSocketId) != null;
        if (isOwn || stale.size() < MOST) {
            stale.add(localSocketId);
        } else {
            dropped.incrementAndGet();
        }
    }

    @Override
    public CompletionStage<Optional<ConnectionFact>> find(int localSocketId) {
        ConnectionFact mine = own.get(localSocketId);
        return mine != null
                ? CompletableFuture.completedStage(Optional.of(mine))
                : link.call(instance -> map(instance).getAsync(localSocketId)).thenApply(Optional::ofNullable);
    }

    @Override
    public CompletionStage<List<ConnectionFact>> orphans(String role) {
        CompletableFuture<List<ConnectionFact>> answer = new CompletableFuture<>();
        try {
            link.upkeep().execute(() -> {
                try {
                    answer.complete(readOrphans(role));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer.orTimeout(5, TimeUnit.SECONDS);
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    private List<ConnectionFact> readOrphans(String role) {
        HazelcastInstance instance = link.instance();
        if (instance == null) {
            throw new IllegalStateException("this node is not in the cluster now");
        }
        List<ConnectionFact> found = new ArrayList<>();
        for (ConnectionFact fact : map(instance).values()) {
            if (fact.role().equals(role) && !HazelcastNodes.isMember(instance, fact.incarnation())) {
                found.add(fact);
            }
        }
        return found;
    }

    private static IMap<Integer, ConnectionFact> map(HazelcastInstance instance) {
        return instance.getMap(MAP);
    }

    private void rewrite() {
        stale.addAll(own.keySet());
    }

    private void flush() {
        HazelcastInstance instance = link.instance();
        if (instance == null || !link.isSettled() || stale.isEmpty()) {
            return;
        }
        Map<Integer, ConnectionFact> written = new HashMap<>();
        Set<Integer> removed = new HashSet<>();
        Iterator<Integer> ids = stale.iterator();
        while (ids.hasNext() && written.size() + removed.size() < BATCH) {
            Integer id = ids.next();
            // Out of the set before the fact is read: a change from here on puts it in again.
            ids.remove();
            ConnectionFact fact = own.get(id);
            if (fact == null) {
                removed.add(id);
            } else {
                written.put(id, fact);
            }
        }
        write(instance, written, removed);
    }

    private void write(HazelcastInstance instance, Map<Integer, ConnectionFact> written, Set<Integer> removed) {
        try {
            if (!written.isEmpty()) {
                map(instance).setAllAsync(written).whenComplete((done, failure) -> retry(written.keySet(), failure));
            }
            if (!removed.isEmpty()) {
                map(instance)
                        .submitToKeys(removed, new RemoveFact())
                        .whenComplete((done, failure) -> retry(removed, failure));
            }
        } catch (RuntimeException e) {
            retry(written.keySet(), e);
            retry(removed, e);
        }
    }

    private void retry(Set<Integer> ids, @Nullable Throwable failure) {
        if (failure != null && stale.size() < MOST) {
            LOG.debug("{} facts of connections will be written again", ids.size(), failure);
            stale.addAll(ids);
        }
    }
}
