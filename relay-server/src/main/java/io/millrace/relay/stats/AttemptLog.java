package io.millrace.relay.stats;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who tried to connect to this node's listeners of late, and what came of it: the answer to "why does my encoder not
 * connect". Callable from any thread.
 */
public final class AttemptLog {
    private volatile int maximumPerListener;
    private final InstantSource clock;
    private final Map<String, ListenerAttempts> listeners = new ConcurrentHashMap<>();
    private final LastMinute refusedLastMinute = new LastMinute();

    /** @param maximumPerListener how many attempts are kept of each listener */
    public AttemptLog(int maximumPerListener) {
        this(maximumPerListener, InstantSource.system());
    }

    AttemptLog(int maximumPerListener, InstantSource clock) {
        this.maximumPerListener = maximumPerListener;
        this.clock = clock;
    }

    /** From now on so many attempts are kept of each listener. */
    public void maximumPerListener(int changed) {
        maximumPerListener = changed;
    }

    /** The attempts at a listener, to be added to; from now on it is one of {@link #listeners}. */
    public ListenerAttempts of(String listener) {
        return listeners.computeIfAbsent(listener, name -> new ListenerAttempts(name, () -> maximumPerListener, clock));
    }

    /** The names of the listeners, sorted. */
    public Set<String> listeners() {
        return new TreeSet<>(listeners.keySet());
    }

    /**
     * What is kept, newest first by the last time of each.
     *
     * @param listener only those at this one; null for all
     */
    public Stream<Attempt> newestFirst(@Nullable String listener) {
        if (listener != null) {
            ListenerAttempts one = listeners.get(listener);
            return one == null ? Stream.empty() : one.newestFirst().stream();
        }
        // The sort is stable: among those of a listener, the order in which they came decides on equal times.
        return listeners.values().stream()
                .flatMap(each -> each.newestFirst().stream())
                .sorted(Comparator.comparing(Attempt::lastTime).reversed());
    }

    /** The counters of every listener, by name. */
    public List<AttemptCounts> counts() {
        return listeners.values().stream()
                .map(ListenerAttempts::counts)
                .sorted(Comparator.comparing(AttemptCounts::listener))
                .toList();
    }

    /** How many callers were turned away in the last minute, to a second. */
    public long refusedLastMinute() {
        return refusedLastMinute.growthTo(refused());
    }

    void secondPassed() {
        refusedLastMinute.secondPassed(refused());
    }

    private long refused() {
        return listeners.values().stream().mapToLong(ListenerAttempts::refused).sum();
    }
}
