package io.millrace.relay;

import static org.awaitility.Awaitility.await;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ConnectionFacts;
import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.Nodes;
import io.millrace.cluster.RoleLeases;
import io.millrace.cluster.SharedRecords;
import io.millrace.cluster.StreamRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A cluster of one node whose roles a test grants and ends, as a network that breaks would. */
public final class HandDrivenCluster implements Cluster, RoleLeases {
    private final LocalCluster local = LocalCluster.alone(NodeIdentity.alone("node"));
    private final Map<String, Server> servers = new ConcurrentHashMap<>();
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private final AtomicLong epoch = new AtomicLong();

    /** Grants the role as soon as the node competes for it. */
    public Grant grant(String role) {
        await().until(() -> servers.containsKey(role));
        Grant grant = new Grant(role, self(), epoch.incrementAndGet());
        grants.put(role, grant);
        servers.get(role).granted(grant);
        return grant;
    }

    /** Ends the grant; completes when the node says that it has stopped. */
    public CompletableFuture<?> end(String role, EndReason reason) {
        return servers.get(role).ended(grants.remove(role), reason).toCompletableFuture();
    }

    boolean isIdle(String role) {
        return servers.get(role).isIdle();
    }

    @Override
    public void compete(Role role, Server server) {
        servers.put(role.name(), server);
    }

    @Override
    public CompletionStage<Void> withdraw(String role) {
        CompletionStage<?> ended = CompletableFuture.completedStage(null);
        if (grants.containsKey(role)) {
            ended = end(role, EndReason.HANDED_OVER);
        }
        servers.remove(role);
        return ended.thenApply(done -> null);
    }

    @Override
    public CompletionStage<Boolean> handOver(String role, String nodeId) {
        return CompletableFuture.completedStage(false);
    }

    @Override
    public Collection<Grant> grants() {
        return grants.values();
    }

    @Override
    public NodeIdentity self() {
        return local.self();
    }

    @Override
    public Nodes nodes() {
        return local.nodes();
    }

    @Override
    public StreamRegistry streams() {
        return local.streams();
    }

    @Override
    public RoleLeases roles() {
        return this;
    }

    @Override
    public ConnectionFacts connections() {
        return local.connections();
    }

    @Override
    public SharedRecords bans() {
        return local.bans();
    }

    @Override
    public SharedRecords oneShotIds() {
        return local.oneShotIds();
    }

    @Override
    public CompletionStage<Void> leave() {
        return local.leave();
    }
}
