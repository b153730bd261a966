package io.millrace.cluster;

import java.util.concurrent.CompletionStage;

/** A cluster that ends with this process: mostly a node that is alone. Its answers are complete when they are returned. */
public final class LocalCluster implements Cluster {
    private static final int MOST_CONNECTIONS = 100_000;

    private final Shared shared;
    private final NodeIdentity self;
    private final LocalNodes nodes;
    private final LocalStreamRegistry streams;
    private final LocalRoleLeases roles;

    /** What the nodes of one process have in common. */
    private static final class Shared {
        final LocalNodes.Shared nodes = new LocalNodes.Shared();
        final LocalStreamRegistry.Shared streams = new LocalStreamRegistry.Shared();
        final LocalRoleLeases.Shared roles = new LocalRoleLeases.Shared(streams::nextEpoch);
        final LocalSharedRecords bans = new LocalSharedRecords();
        final LocalSharedRecords oneShotIds = new LocalSharedRecords();
        final LocalConnectionFacts connections = new LocalConnectionFacts(MOST_CONNECTIONS, nodes::isAlive);
    }

    private LocalCluster(Shared shared, NodeIdentity self) {
        this.shared = shared;
        this.self = self;
        nodes = new LocalNodes(shared.nodes, self);
        streams = new LocalStreamRegistry(shared.streams, self);
        roles = new LocalRoleLeases(shared.roles, nodes, self);
        nodes.onDraining(roles::drainingChanged);
    }

    /** A node without others. */
    public static LocalCluster alone(NodeIdentity self) {
        return new LocalCluster(new Shared(), self);
    }

    /** What another node of this process sees of the same cluster: a cluster without a network between its nodes. */
    public LocalCluster joinedBy(NodeIdentity other) {
        return new LocalCluster(shared, other);
    }

    @Override
    public NodeIdentity self() {
        return self;
    }

    @Override
    public Nodes nodes() {
        return nodes;
    }

    @Override
    public StreamRegistry streams() {
        return streams;
    }

    @Override
    public RoleLeases roles() {
        return roles;
    }

    @Override
    public ConnectionFacts connections() {
        return shared.connections;
    }

    @Override
    public SharedRecords bans() {
        return shared.bans;
    }

    @Override
    public SharedRecords oneShotIds() {
        return shared.oneShotIds;
    }

    @Override
    public CompletionStage<Void> leave() {
        return roles.withdrawAll().handle((done, failure) -> {
            vanish();
            return null;
        });
    }

    /** Is gone without a word, as after a crash. */
    void vanish() {
        nodes.end();
        roles.end();
        streams.end();
    }
}
