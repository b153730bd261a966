package io.millrace.relay.role;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ClusterSettings;
import io.millrace.cluster.HazelcastCluster;
import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.NodeIdentity;
import io.millrace.relay.config.ClusterConfig;
import io.millrace.relay.config.HttpConfig;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.RoleConfig;
import io.millrace.relay.config.SecretReference;
import io.millrace.relay.net.PortReservation;
import io.millrace.relay.net.UdpBindException;
import io.millrace.relay.stats.ConnectionInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node among those that work together: who it is, and whether it has found the others. */
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** A node that is alone is called so. */
    private static final String ALONE = "local";

    private final Cluster cluster;
    private final @Nullable HazelcastCluster joining;
    private final @Nullable ListenerConfig mediaListener;
    private final Roster roster;
    private volatile boolean joined;

    private Membership(
            ClusterConfig settings,
            Cluster cluster,
            @Nullable HazelcastCluster joining,
            @Nullable ListenerConfig mediaListener) {
        this.cluster = cluster;
        this.joining = joining;
        this.mediaListener = mediaListener;
        roster = new Roster(cluster, settings.expectedNodes(), settings.effectiveQuorum(), Clock.systemUTC());
        joined = joining == null;
        cluster.nodes().listen(roster);
    }

    /**
     * A node that has not joined yet.
     *
     * @throws UdpBindException if the port for streams between nodes can't be had
     */
    public static Membership of(RelayConfig config) throws UdpBindException {
        ClusterConfig settings = config.cluster();
        if (!settings.hasOthers()) {
            return in(LocalCluster::alone, config);
        }
        ListenerConfig media = mediaListener(settings);
        HazelcastCluster cluster = new HazelcastCluster(settings(settings), identity(config, media));
        return new Membership(settings, cluster, cluster, media);
    }

    /**
     * The same for a cluster that needs no joining.
     *
     * @param cluster as this node sees it
     * @throws UdpBindException if the port for streams between nodes can't be had
     */
    public static Membership in(Function<NodeIdentity, Cluster> cluster, RelayConfig config) throws UdpBindException {
        if (!config.cluster().hasOthers()) {
            return new Membership(config.cluster(), cluster.apply(alone(config.cluster())), null, null);
        }
        ListenerConfig media = mediaListener(config.cluster());
        return new Membership(config.cluster(), cluster.apply(identity(config, media)), null, media);
    }

    public Cluster cluster() {
        return cluster;
    }

    /** What other nodes call; null for a node that is alone. */
    public @Nullable ListenerConfig mediaListener() {
        return mediaListener;
    }

    /** Begins to look for the others, if there may be any. */
    public void join() {
        if (joining == null) {
            return;
        }
        joining.join().whenComplete((done, failure) -> {
            if (failure == null) {
                joined = true;
                LOG.info("node {} has joined its cluster", cluster.self());
            } else {
                LOG.error("node {} can't join its cluster", cluster.self(), failure);
            }
        });
    }

    /** Whether it is in its cluster. */
    public boolean hasJoined() {
        return joined;
    }

    /** To be called about once a second: what isn't told of is looked at. */
    public void look() {
        if (joined && mediaListener != null) {
            roster.look();
        }
    }

    /**
     * What this node knows of the cluster.
     *
     * @param config as it is at present
     */
    public ClusterView view(Supplier<RelayConfig> config) {
        return new ClusterView(cluster, roster, this::hasJoined, config);
    }

    private static ListenerConfig mediaListener(ClusterConfig cluster) throws UdpBindException {
        boolean anyPort = cluster.mode() == ClusterConfig.Mode.HOST;
        InetSocketAddress address;
        try (PortReservation reservation =
                PortReservation.of(new InetSocketAddress(cluster.host(), anyPort ? 0 : cluster.mediaPort()))) {
            address = reservation.address();
        }
        return new ListenerConfig(
                ConnectionInfo.Facts.NODES_LISTENER,
                cluster.host(),
                address.getPort(),
                cluster.secret(),
                true,
                List.of(),
                List.of(),
                List.of(),
                null,
                ListenerConfig.Mode.REQUEST,
                RoleConfig.EVERY_NODE);
    }

    private static NodeIdentity alone(ClusterConfig settings) {
        String name = settings.nodeId();
        return NodeIdentity.alone(name == null ? ALONE : name);
    }

    private static NodeIdentity identity(RelayConfig config, ListenerConfig media) {
        ClusterConfig settings = config.cluster();
        return NodeIdentity.starting(nodeId(settings), media.address(), httpAddress(config.http(), settings));
    }

    private static InetSocketAddress httpAddress(HttpConfig http, ClusterConfig cluster) {
        boolean anyAddress = http.address().getAddress().isAnyLocalAddress();
        return InetSocketAddress.createUnresolved(anyAddress ? cluster.host() : http.host(), http.port());
    }

    private static String nodeId(ClusterConfig cluster) {
        String given = cluster.nodeId();
        if (given != null) {
            return given;
        }
        String host = System.getenv("HOSTNAME");
        if (host == null || host.isBlank()) {
            try {
                host = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                host = cluster.host();
            }
        }
        // Processes of one machine have one name between them.
        return cluster.mode() == ClusterConfig.Mode.HOST
                ? host + "-" + ProcessHandle.current().pid()
                : host;
    }

    private static ClusterSettings settings(ClusterConfig cluster) {
        return new ClusterSettings(
                switch (cluster.mode()) {
                    case NONE, HOST -> ClusterSettings.Mode.ONE_HOST;
                    case STATIC -> ClusterSettings.Mode.STATIC_HOSTS;
                    case KUBERNETES -> ClusterSettings.Mode.KUBERNETES;
                },
                cluster.name(),
                secret(Objects.requireNonNull(cluster.secret())),
                cluster.members(),
                cluster.host(),
                cluster.port(),
                "",
                cluster.serviceDns() == null ? "" : cluster.serviceDns(),
                cluster.nodes(),
                cluster.quorum());
    }

    private static String secret(SecretReference reference) {
        try {
            return reference.value();
        } catch (IOException e) {
            throw new IllegalStateException("cluster.secret was readable a moment ago", e);
        }
    }
}
