package io.millrace.relay.listener;

import io.millrace.cluster.Cluster;
import io.millrace.relay.access.AccessControl;
import io.millrace.relay.access.Notifications;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.UdpTransport;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionEvents;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stream.StreamDirectory;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** What all listeners of a node share. */
public final class ListenerServices {
    private final EventLoops loops;
    private final UdpTransport transport;
    private final StreamDirectory streams;
    private final ConnectionDirectory connections;
    private final SocketDirectory sockets;
    private final AttemptLog attempts;
    private final ConnectionEvents events;
    private final AccessControl access;
    private final Cluster cluster;
    private final OtherNodes otherNodes;
    private final LookupBudget lookups = new LookupBudget();
    private final ForwardedPeers forwardedPeers = new ForwardedPeers();
    private final RandomGenerator random = new SecureRandom();
    private final CookieSecrets cookieSecrets;
    private final SocketIds.Key socketIdKey = new SocketIds.Key(random);
    private volatile RelayConfig config;
    private volatile Notifications notifications;
    private volatile boolean turnsAway;

    public ListenerServices(
            RelayConfig config,
            EventLoops loops,
            UdpTransport transport,
            StreamDirectory streams,
            ConnectionDirectory connections,
            SocketDirectory sockets,
            AttemptLog attempts,
            ConnectionEvents events,
            AccessControl access,
            Notifications notifications,
            Cluster cluster) {
        this.config = config;
        this.loops = loops;
        this.transport = transport;
        this.streams = streams;
        this.connections = connections;
        this.sockets = sockets;
        this.attempts = attempts;
        this.events = events;
        this.access = access;
        this.notifications = notifications;
        this.cluster = cluster;
        otherNodes = new OtherNodes(cluster);
        cookieSecrets = CookieSecrets.of(config.cluster(), random);
    }

    /** From now on this is the configuration. What was made by the one before stays as it is. */
    public void config(RelayConfig changed) {
        config = changed;
    }

    /** From now on these are told. */
    public void notifications(Notifications changed) {
        notifications = changed;
    }

    /** Whether newcomers are turned away from now on, since the node is being drained; who is connected stays. */
    public void turnAway(boolean changed) {
        turnsAway = changed;
    }

    boolean turnsAway() {
        return turnsAway;
    }

    RelayConfig config() {
        return config;
    }

    EventLoops loops() {
        return loops;
    }

    UdpTransport transport() {
        return transport;
    }

    StreamDirectory streams() {
        return streams;
    }

    ConnectionDirectory connections() {
        return connections;
    }

    SocketDirectory sockets() {
        return sockets;
    }

    AttemptLog attempts() {
        return attempts;
    }

    ConnectionEvents events() {
        return events;
    }

    AccessControl access() {
        return access;
    }

    Notifications notifications() {
        return notifications;
    }

    Cluster cluster() {
        return cluster;
    }

    OtherNodes otherNodes() {
        return otherNodes;
    }

    LookupBudget lookups() {
        return lookups;
    }

    ForwardedPeers forwardedPeers() {
        return forwardedPeers;
    }

    RandomGenerator random() {
        return random;
    }

    CookieSecrets cookieSecrets() {
        return cookieSecrets;
    }

    SocketIds.Key socketIdKey() {
        return socketIdKey;
    }
}
