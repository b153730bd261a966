package io.millrace.cluster;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryExpiredListener;
import com.hazelcast.map.listener.EntryMergedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A map of the cluster whose entries change by {@link Change}s alone, with a copy in this node that follows it: events of
 * the map may get lost, so the copy is also compared with the whole map now and then.
 */
final class HazelcastTable<V extends Versioned<V>> {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastTable.class);

    private final HazelcastLink link;
    private final String name;
    private final Executor events;
    private final ConcurrentHashMap<String, V> copy = new ConcurrentHashMap<>();
    private final List<Observer<V>> observers = new CopyOnWriteArrayList<>();
    private Set<String> missing = Set.of();

    /** Told of what happens to the copy, on the executor of events. */
    interface Observer<V> {
        void changed(String key, @Nullable V before, @Nullable V after);

        /** The copy has been compared with the whole map. */
        default void compared() {}
    }

    /** @param events carries out one task after the other */
    HazelcastTable(HazelcastLink link, String name, Executor events) {
        this.link = link;
        this.name = name;
        this.events = events;
        link.onJoined(instance -> map(instance).addEntryListener(new MapEvents(), true));
        link.onMerged(this::compare);
    }

    void observe(Observer<V> observer) {
        observers.add(observer);
    }

    /** Carries out a change where the entry lives, and answers with what is there then. */
    CompletableFuture<@Nullable V> change(String key, Change<V> change) {
        return submit(key, new ChangeProcessor<>(change, null));
    }

    /** As {@link #change}, unless the node turns out to live after all. */
    CompletableFuture<@Nullable V> changeIfGone(String key, Change<V> change, NodeIdentity node) {
        return submit(key, new ChangeProcessor<>(change, node.incarnation()));
    }

    CompletableFuture<@Nullable V> get(String key) {
        return link.call(instance -> map(instance).getAsync(key));
    }

    /** The present copy of an entry. */
    @Nullable
    V copyOf(String key) {
        return copy.get(key);
    }

    Collection<V> copies() {
        return Collections.unmodifiableCollection(copy.values());
    }

    /** Compares the copy with the whole map; waits for the map. */
    void compare() {
        HazelcastInstance instance = link.instance();
        if (instance == null || !link.isSettled()) {
            return;
        }
        try {
            Set<Map.Entry<String, V>> all = map(instance).entrySet();
            inOrder(() -> compareWith(all));
        } catch (RuntimeException e) {
            LOG.debug("the map {} doesn't answer", name, e);
        }
    }

    private CompletableFuture<@Nullable V> submit(String key, ChangeProcessor<V> processor) {
        return send(key, processor)
                .exceptionallyCompose(failure ->
                        mayHaveHappened(failure) ? send(key, processor) : CompletableFuture.failedFuture(failure))
                .thenApplyAsync(
                        after -> {
                            if (after != null) {
                                follow(key, after);
                            }
                            return after;
                        },
                        events);
    }

    private CompletableFuture<@Nullable V> send(String key, ChangeProcessor<V> processor) {
        return link.call(instance -> map(instance).submitToKey(key, processor));
    }

    /** The entry or its backup was on a node that just died. Changes may be carried out twice, so this one is. */
    private static boolean mayHaveHappened(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof IndeterminateOperationStateException;
    }

    private IMap<String, V> map(HazelcastInstance instance) {
        return instance.getMap(name);
    }

    private void compareWith(Set<Map.Entry<String, V>> all) {
        Set<String> nowMissing = new HashSet<>(copy.keySet());
        for (Map.Entry<String, V> entry : all) {
            nowMissing.remove(entry.getKey());
            follow(entry.getKey(), entry.getValue());
        }
        // One that is missing may have been added after the map was read.
        for (String key : nowMissing) {
            if (missing.contains(key)) {
                follow(key, null);
            }
        }
        missing = nowMissing;
        observers.forEach(Observer::compared);
    }

    private void follow(String key, @Nullable V after) {
        V before = copy.get(key);
        if (after == null) {
            copy.remove(key);
        } else if (before == null || after.isNewerThan(before)) {
            copy.put(key, after);
        } else {
            return;
        }
        if (before != null || after != null) {
            observers.forEach(observer -> observer.changed(key, before, after));
        }
    }

    private void inOrder(Runnable task) {
        try {
            events.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("the node has left", e);
        }
    }

    private final class MapEvents
            implements EntryAddedListener<String, V>,
                    EntryUpdatedListener<String, V>,
                    EntryMergedListener<String, V>,
                    EntryRemovedListener<String, V>,
                    EntryExpiredListener<String, V> {
        @Override
        public void entryAdded(EntryEvent<String, V> event) {
            inOrder(() -> follow(event.getKey(), event.getValue()));
        }

        @Override
        public void entryUpdated(EntryEvent<String, V> event) {
            inOrder(() -> follow(event.getKey(), event.getValue()));
        }

        @Override
        public void entryMerged(EntryEvent<String, V> event) {
            inOrder(() -> follow(event.getKey(), event.getMergingValue()));
        }

        @Override
        public void entryRemoved(EntryEvent<String, V> event) {
            inOrder(() -> follow(event.getKey(), null));
        }

        @Override
        public void entryExpired(EntryEvent<String, V> event) {
            inOrder(() -> follow(event.getKey(), null));
        }
    }
}
