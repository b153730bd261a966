package io.millrace.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import io.millrace.cluster.RoleContest.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles of a cluster: drives this node's {@link RoleContest}s, all on one thread that does nothing else, so that
 * nothing delays an owner that has to stop.
 */
final class HazelcastRoleLeases implements RoleLeases {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastRoleLeases.class);
    private static final long TICK_MILLIS = 25;
    private static final long STOP_MILLIS = 10_000;

    private final HazelcastLink link;
    private final HazelcastNodes nodes;
    private final NodeIdentity self;
    private final LeaseTimes times;
    private final ScheduledExecutorService thread = ClusterThreads.scheduled("cluster-roles");
    private final HazelcastTable<LeaseEntry> table;
    private final OwnerWatch owners;
    private final Map<String, Candidacy> candidacies = new LinkedHashMap<>();

    private record Candidacy(RoleContest contest, Server server, CompletableFuture<Void> over) {}

    HazelcastRoleLeases(HazelcastLink link, HazelcastNodes nodes, NodeIdentity self, LeaseTimes times) {
        this.link = link;
        this.nodes = nodes;
        this.self = self;
        this.times = times;
        owners = new OwnerWatch(thread, this::tick);
        table = new HazelcastTable<>(link, "roles", thread);
        table.observe(new HazelcastTable.Observer<>() {
            @Override
            public void changed(String role, @Nullable LeaseEntry before, @Nullable LeaseEntry after) {
                Candidacy candidacy = candidacies.get(role);
                if (candidacy != null) {
                    candidacy.contest().observed(after, System.nanoTime());
                    tick();
                }
            }

            @Override
            public void compared() {
                long now = System.nanoTime();
                candidacies.values().forEach(candidacy -> candidacy.contest().tableRead(now));
            }
        });
        link.onJoined(this::watch);
        var unusedComparing = link.upkeep().scheduleWithFixedDelay(table::compare, 1, 1, TimeUnit.SECONDS);
        var unusedTicking = thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void compete(Role role, Server server) {
        thread.execute(() -> {
            RoleContest contest = new RoleContest(role, self, times, System::currentTimeMillis);
            Candidacy candidacy = new Candidacy(contest, server, new CompletableFuture<>());
            if (candidacies.putIfAbsent(role.name(), candidacy) != null) {
                LOG.error("this node competes for the role {} already", role.name());
                return;
            }
            LeaseEntry present = table.copyOf(role.name());
            if (present != null) {
                contest.observed(present, System.nanoTime());
            }
        });
    }

    @Override
    public CompletionStage<Void> withdraw(String role) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                Candidacy candidacy = candidacies.get(role);
                if (candidacy == null) {
                    over.complete(null);
                } else {
                    candidacy.contest().withdraw();
                    var unused = candidacy.over().whenComplete((done, failure) -> over.complete(null));
                    tick();
                }
            });
        } catch (RejectedExecutionException e) {
            over.complete(null);
        }
        return over;
    }

    @Override
    public CompletionStage<Boolean> handOver(String role, String nodeId) {
        LeaseEntry present = table.copyOf(role);
        if (present == null || present.released() || nodes.named(nodeId).isEmpty()) {
            return CompletableFuture.completedStage(false);
        }
        return table.change(role, LeaseChange.ask(present.grant(), nodeId))
                .thenApply(entry -> entry != null && entry.grant().equals(present.grant()));
    }

    @Override
    public Collection<Grant> grants() {
        return table.copies().stream()
                .filter(entry -> !entry.released())
                .map(LeaseEntry::grant)
                .toList();
    }

    /** Hands all roles over. */
    CompletionStage<Void> withdrawAll() {
        CompletableFuture<List<String>> roles = new CompletableFuture<>();
        try {
            thread.execute(() -> roles.complete(List.copyOf(candidacies.keySet())));
        } catch (RejectedExecutionException e) {
            roles.complete(List.of());
        }
        return roles.thenCompose(names -> CompletableFuture.allOf(
                names.stream().map(role -> withdraw(role).toCompletableFuture()).toArray(CompletableFuture[]::new)));
    }

    void stop() {
        thread.shutdownNow();
    }

    private void watch(HazelcastInstance instance) {
        instance.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                soon();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                soon();
            }
        });
    }

    private void soon() {
        try {
            thread.execute(this::tick);
        } catch (RejectedExecutionException e) {
            LOG.trace("the node has left", e);
        }
    }

    private void tick() {
        try {
            HazelcastInstance instance = link.instance();
            if (instance != null && link.isSettled()) {
                owners.look(instance);
            }
            if (!candidacies.isEmpty()) {
                Surroundings around = surroundings();
                List.copyOf(candidacies.values()).forEach(candidacy -> step(candidacy, around));
            }
        } catch (RuntimeException e) {
            // The next tick comes; a contest that is never asked again would hold a role for ever.
            LOG.error("the roles of this node can't be looked after", e);
        }
    }

    private Surroundings surroundings() {
        List<String> candidates = new ArrayList<>();
        boolean isDraining = false;
        for (Node node : nodes.all()) {
            if (node.identity().isSameAs(self)) {
                isDraining = node.draining();
            } else if (!node.draining()) {
                candidates.add(node.nodeId());
            }
        }
        Map<String, Integer> rolesByNode = new HashMap<>();
        grants().forEach(grant -> rolesByNode.merge(grant.nodeId(), 1, Integer::sum));
        return new Surroundings(link.hasQuorum(), isDraining, candidates, rolesByNode);
    }

    private void step(Candidacy candidacy, Surroundings around) {
        RoleContest contest = candidacy.contest();
        // One after the other, so that the first one taken counts when the next is decided.
        if (contest.grant().isEmpty() && !contest.isTaking() && isTakingAny()) {
            return;
        }
        boolean isIdle = contest.grant().isPresent() && candidacy.server().isIdle();
        carryOut(
                candidacy,
                contest.next(
                        System.nanoTime(),
                        around,
                        owners.presence(contest.owner().orElse(null)),
                        isIdle));
        if (contest.isOver()) {
            candidacies.remove(contest.role().name(), candidacy);
            candidacy.over().complete(null);
        }
    }

    private boolean isTakingAny() {
        return candidacies.values().stream()
                .anyMatch(candidacy -> candidacy.contest().isTaking());
    }

    private void carryOut(Candidacy candidacy, Step step) {
        if (step instanceof Step.Submit submit) {
            submit(candidacy, submit.change());
        } else if (step instanceof Step.End end) {
            end(candidacy, end.grant(), end.reason());
        }
    }

    private void submit(Candidacy candidacy, LeaseChange change) {
        RoleContest contest = candidacy.contest();
        long sentAt = contest.sentAt();
        var unused = table.change(contest.role().name(), change)
                .orTimeout(times.answer() * 9 / 10, TimeUnit.NANOSECONDS)
                .whenCompleteAsync(
                        (entry, failure) -> {
                            if (failure == null) {
                                contest.answered(change, sentAt, entry, System.nanoTime())
                                        .ifPresent(grant -> grant(candidacy, grant));
                            } else {
                                LOG.debug("role {}: {} failed", contest.role().name(), change.kind(), failure);
                                contest.failed(change, sentAt);
                            }
                            tick();
                        },
                        thread);
    }

    private void grant(Candidacy candidacy, Grant grant) {
        try {
            candidacy.server().granted(grant);
        } catch (RuntimeException e) {
            LOG.error("role {}: its server failed to start", grant.role(), e);
        }
    }

    private void end(Candidacy candidacy, Grant grant, EndReason reason) {
        CompletionStage<?> stopped;
        try {
            stopped = candidacy.server().ended(grant, reason);
        } catch (RuntimeException e) {
            stopped = CompletableFuture.failedStage(e);
        }
        var unused = stopped.toCompletableFuture()
                .copy()
                .orTimeout(STOP_MILLIS, TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (done, failure) -> {
                            if (failure != null) {
                                LOG.error("role {}: its server failed to stop", grant.role(), failure);
                            }
                            carryOut(candidacy, candidacy.contest().stopped(grant, System.nanoTime()));
                        },
                        thread);
    }
}
