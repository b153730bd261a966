package io.millrace.cluster;

import com.hazelcast.config.Config;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A cluster of nodes that find each other as {@link ClusterSettings} say. Every method may be called before the node has
 * joined and while it is cut off: what then can't be answered fails, and what can be told later is.
 */
public final class HazelcastCluster implements Cluster {
    private static final long LEAVE_SECONDS = 10;

    private final NodeIdentity self;
    private final HazelcastLink link;
    private final ExecutorService events = ClusterThreads.bounded("cluster-events");
    private final HazelcastNodes nodes;
    private final HazelcastStreamRegistry streams;
    private final HazelcastRoleLeases roles;
    private final HazelcastConnectionFacts connections;
    private final HazelcastSharedRecords bans;
    private final HazelcastSharedRecords oneShotIds;

    /** A node that has not joined yet. */
    public HazelcastCluster(ClusterSettings settings, NodeIdentity self) {
        this(settings, self, LeaseTimes.MEASURED, config -> config);
    }

    HazelcastCluster(
            ClusterSettings settings, NodeIdentity self, LeaseTimes leaseTimes, UnaryOperator<Config> adjustment) {
        this.self = self;
        link = new HazelcastLink(
                () -> adjustment.apply(HazelcastConfigs.of(settings, self)), settings.effectiveQuorum());
        nodes = new HazelcastNodes(link, events, self);
        streams = new HazelcastStreamRegistry(link, nodes, events, self);
        roles = new HazelcastRoleLeases(link, nodes, self, leaseTimes);
        connections = new HazelcastConnectionFacts(link);
        bans = new HazelcastSharedRecords(link, "shared-bans", events);
        oneShotIds = new HazelcastSharedRecords(link, "shared-one-shot-ids", events);
    }

    /**
     * Joins, in the background. Where no other node is found, this one is the first, and others join it, even after
     * both were the first.
     *
     * @return completes when this node is in the cluster; tries until then
     */
    public CompletionStage<Void> join() {
        return link.start();
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
        return connections;
    }

    @Override
    public SharedRecords bans() {
        return bans;
    }

    @Override
    public SharedRecords oneShotIds() {
        return oneShotIds;
    }

    @Override
    public boolean hasQuorum() {
        return link.hasQuorum();
    }

    @Override
    public CompletionStage<Void> leave() {
        return roles.withdrawAll()
                .handle((done, failure) -> streams.releaseAll())
                .thenCompose(released -> released.handle((done, failure) -> {
                    roles.stop();
                    return link.stop();
                }))
                .thenCompose(stopped -> stopped)
                .toCompletableFuture()
                .completeOnTimeout(null, LEAVE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((done, failure) -> events.shutdown());
    }

    /** Is gone without a word, as after a crash. */
    CompletionStage<Void> kill() {
        roles.stop();
        return link.kill().whenComplete((done, failure) -> events.shutdown());
    }
}
