package io.millrace.cluster;

import static java.util.concurrent.CompletableFuture.completedStage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The roles of nodes in one process, as one of them sees them. Nothing can come between the nodes, so an owner stays one
 * until it gives the role back or ends.
 */
final class LocalRoleLeases implements RoleLeases {
    private final Shared shared;
    private final Nodes nodes;
    private final NodeIdentity self;

    private record Candidate(LocalRoleLeases leases, Role role, Server server) {}

    /** A role's candidates, and which of them has it. */
    private static final class State {
        final List<Candidate> candidates = new ArrayList<>();

        @Nullable
        Candidate owner;

        @Nullable
        Grant grant;

        boolean ending;
    }

    /** What the nodes of one process have in common. */
    static final class Shared {
        private final Map<String, State> roles = new HashMap<>();
        private final LocalEvents events = new LocalEvents();
        private final LongSupplier epochs;

        Shared(LongSupplier epochs) {
            this.epochs = epochs;
        }

        private void grantNext(String role, State state, String successor) {
            state.owner = null;
            state.grant = null;
            state.ending = false;
            Optional<Candidate> next = state.candidates.stream()
                    .filter(candidate -> !candidate.leases.isDraining())
                    .min(Comparator.comparing((Candidate candidate) ->
                                    !candidate.leases.self.nodeId().equals(successor))
                            .thenComparingInt(Shared::rank));
            next.ifPresent(candidate -> {
                Grant grant = new Grant(role, candidate.leases.self, epochs.getAsLong());
                state.owner = candidate;
                state.grant = grant;
                events.execute(() -> candidate.server.granted(grant));
            });
        }

        private static int rank(Candidate candidate) {
            int index = candidate.role.preferredNodes().indexOf(candidate.leases.self.nodeId());
            return index < 0 ? Integer.MAX_VALUE : index;
        }

        /** Who competes, or drains, has changed. A draining owner has its role until there is another node to take it. */
        private void review(String role, State state) {
            if (state.owner == null) {
                grantNext(role, state, "");
            } else if (state.owner.leases.isDraining()
                    && state.candidates.stream().anyMatch(candidate -> !candidate.leases.isDraining())) {
                var unused = endOrderly(role, state, "");
            }
        }

        private CompletionStage<Void> endOrderly(String role, State state, String successor) {
            Candidate owner = state.owner;
            Grant grant = state.grant;
            if (owner == null || grant == null || state.ending) {
                return completedStage(null);
            }
            state.ending = true;
            CompletableFuture<Void> ended = new CompletableFuture<>();
            events.execute(() -> owner.server
                    .ended(grant, EndReason.HANDED_OVER)
                    .whenComplete((done, failure) -> {
                        synchronized (this) {
                            grantNext(role, state, successor);
                        }
                        ended.complete(null);
                    }));
            return ended;
        }
    }

    LocalRoleLeases(Shared shared, Nodes nodes, NodeIdentity self) {
        this.shared = shared;
        this.nodes = nodes;
        this.self = self;
    }

    @Override
    public void compete(Role role, Server server) {
        synchronized (shared) {
            State state = shared.roles.computeIfAbsent(role.name(), name -> new State());
            state.candidates.add(new Candidate(this, role, server));
            shared.review(role.name(), state);
        }
    }

    /** This node drains, or doesn't any more. */
    void drainingChanged() {
        synchronized (shared) {
            shared.roles.forEach(shared::review);
        }
    }

    @Override
    public CompletionStage<Void> withdraw(String role) {
        synchronized (shared) {
            State state = shared.roles.get(role);
            if (state == null) {
                return completedStage(null);
            }
            state.candidates.removeIf(candidate -> candidate.leases == this);
            boolean isOwner = state.owner != null && state.owner.leases == this;
            return isOwner ? shared.endOrderly(role, state, "") : completedStage(null);
        }
    }

    @Override
    public CompletionStage<Boolean> handOver(String role, String nodeId) {
        synchronized (shared) {
            State state = shared.roles.get(role);
            if (state == null || state.grant == null) {
                return completedStage(false);
            }
            if (!state.grant.nodeId().equals(nodeId)) {
                var unused = shared.endOrderly(role, state, nodeId);
            }
            return completedStage(true);
        }
    }

    @Override
    public Collection<Grant> grants() {
        synchronized (shared) {
            List<Grant> grants = new ArrayList<>();
            for (State state : shared.roles.values()) {
                if (state.grant != null) {
                    grants.add(state.grant);
                }
            }
            return grants;
        }
    }

    /** Gives all roles back. */
    CompletionStage<Void> withdrawAll() {
        List<String> names;
        synchronized (shared) {
            names = List.copyOf(shared.roles.keySet());
        }
        return CompletableFuture.allOf(
                names.stream().map(name -> withdraw(name).toCompletableFuture()).toArray(CompletableFuture[]::new));
    }

    /** Ends with its node, which had no time to say so. */
    void end() {
        synchronized (shared) {
            shared.roles.forEach((name, state) -> {
                state.candidates.removeIf(candidate -> candidate.leases == this);
                if (state.owner != null && state.owner.leases == this) {
                    shared.grantNext(name, state, "");
                }
            });
        }
    }

    private boolean isDraining() {
        return nodes.all().stream().anyMatch(node -> node.identity().isSameAs(self) && node.draining());
    }
}
