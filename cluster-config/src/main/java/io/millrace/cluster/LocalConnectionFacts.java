package io.millrace.cluster;

import static java.util.concurrent.CompletableFuture.completedStage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** The facts of nodes in one process. */
final class LocalConnectionFacts implements ConnectionFacts {
    private final Map<Integer, ConnectionFact> facts = new ConcurrentHashMap<>();
    private final AtomicLong dropped = new AtomicLong();
    private final int most;
    private final Predicate<String> isAlive;

    /** @param isAlive whether an incarnation is that of a living node */
    LocalConnectionFacts(int most, Predicate<String> isAlive) {
        this.most = most;
        this.isAlive = isAlive;
    }

    @Override
    public void opened(ConnectionFact fact) {
        if (facts.size() >= most && !facts.containsKey(fact.localSocketId())) {
            dropped.incrementAndGet();
        } else {
            facts.put(fact.localSocketId(), fact);
        }
    }

    @Override
    public void closed(int localSocketId) {
        facts.remove(localSocketId);
    }

    @Override
    public CompletionStage<Optional<ConnectionFact>> find(int localSocketId) {
        return completedStage(Optional.ofNullable(facts.get(localSocketId)));
    }

    @Override
    public CompletionStage<List<ConnectionFact>> orphans(String role) {
        return completedStage(facts.values().stream()
                .filter(fact -> fact.role().equals(role) && !isAlive.test(fact.incarnation()))
                .toList());
    }

    @Override
    public long dropped() {
        return dropped.get();
    }
}
