package io.millrace.relay.role;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.Node;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.PulledStream;
import io.millrace.cluster.RoleLeases.Grant;
import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.RelayConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as this node knows it, for those who look: a moment old, and where it is split, of its own side. Callable
 * from any thread.
 */
public final class ClusterView {
    private final Cluster cluster;
    private final Roster roster;
    private final BooleanSupplier hasJoined;
    private final Supplier<RelayConfig> config;

    /**
     * A node that lives.
     *
     * @param isSelf whether it is this one
     * @param since when this node saw it come; when it started, for this one
     * @param published how many streams are published to it
     * @param served how often other nodes take a stream from it
     * @param roles names of those that it has
     */
    public record NodeState(Node node, boolean isSelf, Instant since, int published, int served, List<String> roles) {}

    /** A node that was seen to go, and is missed. */
    public record AbsentNode(String nodeId, Instant since, boolean wasDraining) {}

    /**
     * An exclusive role of a listener.
     *
     * @param owner name of the node that has it; null if no node does that this one sees
     * @param epoch under which the owner has it; null without one
     */
    public record RoleState(
            String name,
            List<String> preferred,
            @Nullable String owner,
            @Nullable Long epoch) {}

    /** A stream on its way to a node. */
    public record Pull(String nodeId, PulledStream stream) {}

    /**
     * A stream of any node.
     *
     * @param nodeId name of the node that it is published to; null while none is known that lives
     * @param pulls by which other nodes have it, those next to the publisher first
     */
    public record StreamState(String name, @Nullable String nodeId, List<Pull> pulls) {}

    ClusterView(Cluster cluster, Roster roster, BooleanSupplier hasJoined, Supplier<RelayConfig> config) {
        this.cluster = cluster;
        this.roster = roster;
        this.hasJoined = hasJoined;
        this.config = config;
    }

    /** Name of this node. */
    public String self() {
        return cluster.self().nodeId();
    }

    /** Whether this node is in its cluster. */
    public boolean hasJoined() {
        return hasJoined.getAsBoolean();
    }

    /** Whether enough nodes hear each other for roles to be served. */
    public boolean hasQuorum() {
        return hasJoined() && cluster.hasQuorum();
    }

    /** How many nodes must hear each other for that. */
    public int quorum() {
        return roster.quorum();
    }

    /** How many nodes there are when all are up. */
    public int configured() {
        return roster.configured();
    }

    /** Those that live, this one included, by name. */
    public List<NodeState> nodes() {
        Collection<Node> all = cluster.nodes().all();
        Collection<Claim> claims = cluster.streams().claims();
        List<RoleState> roles = roles();
        return all.stream()
                .sorted(Comparator.comparing(Node::nodeId))
                .map(node -> new NodeState(
                        node,
                        isSelf(node.identity()),
                        roster.since(node),
                        (int) claims.stream()
                                .filter(claim -> claim.node().isSameAs(node.identity()))
                                .count(),
                        (int) pulls(all)
                                .filter(pull -> pull.stream().fromNodeId().equals(node.nodeId()))
                                .count(),
                        roles.stream()
                                .filter(role -> node.nodeId().equals(role.owner()))
                                .map(RoleState::name)
                                .toList()))
                .toList();
    }

    /** Those that are missing, the one that went last first. */
    public List<AbsentNode> absent() {
        return roster.absent().stream()
                .map(gone -> new AbsentNode(gone.nodeId(), gone.since(), gone.wasDraining()))
                .toList();
    }

    /** Every exclusive role that this node's listeners have. */
    public List<RoleState> roles() {
        Collection<Grant> grants = cluster.roles().grants();
        return config.get().listeners().stream()
                .filter(listener -> listener.role().exclusive())
                .map(listener -> role(listener, grants))
                .toList();
    }

    /** The role of this name; null if this node has no listener with it. */
    public @Nullable RoleState role(String name) {
        return roles().stream()
                .filter(role -> role.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * Asks the owner of a role to hand it over.
     *
     * @return whether there is an owner that can be asked
     */
    public CompletionStage<Boolean> handOver(String role, String nodeId) {
        return cluster.roles().handOver(role, nodeId);
    }

    /** Every stream that is published to a node that lives, or pulled by one, by name. */
    public List<StreamState> streams() {
        Collection<Node> nodes = cluster.nodes().all();
        Map<String, String> publishedOn = new TreeMap<>();
        for (Claim claim : cluster.streams().claims()) {
            if (isAlive(claim.node(), nodes)) {
                publishedOn.put(claim.streamName(), claim.nodeId());
            }
        }
        Map<String, List<Pull>> pulls = new TreeMap<>();
        publishedOn.keySet().forEach(name -> pulls.put(name, new ArrayList<>()));
        pulls(nodes)
                .forEach(pull -> pulls.computeIfAbsent(pull.stream().streamName(), name -> new ArrayList<>())
                        .add(pull));
        List<StreamState> streams = new ArrayList<>();
        pulls.forEach((name, of) -> {
            @Nullable String origin = publishedOn.get(name);
            of.sort(Comparator.comparing(
                            (Pull pull) -> !pull.stream().fromNodeId().equals(origin))
                    .thenComparing(Pull::nodeId));
            streams.add(new StreamState(name, origin, List.copyOf(of)));
        });
        return streams;
    }

    private RoleState role(ListenerConfig listener, Collection<Grant> grants) {
        @Nullable
        Grant grant = grants.stream()
                .filter(candidate -> candidate.role().equals(listener.name()))
                .filter(candidate -> isAlive(candidate.node(), cluster.nodes().all()))
                // Without a quorum this node serves none, whatever the others know yet.
                .filter(candidate -> !isSelf(candidate.node()) || hasQuorum())
                .findFirst()
                .orElse(null);
        return new RoleState(
                listener.name(),
                listener.role().preferred(),
                grant == null ? null : grant.nodeId(),
                grant == null ? null : grant.epoch());
    }

    private static Stream<Pull> pulls(Collection<Node> nodes) {
        return nodes.stream()
                .flatMap(node -> node.load().pulls().stream().map(pulled -> new Pull(node.nodeId(), pulled)));
    }

    private boolean isSelf(NodeIdentity node) {
        return node.isSameAs(cluster.self());
    }

    private static boolean isAlive(NodeIdentity node, Collection<Node> nodes) {
        return nodes.stream().anyMatch(living -> living.identity().isSameAs(node));
    }
}
