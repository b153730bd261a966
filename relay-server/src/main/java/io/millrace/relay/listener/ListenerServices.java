package io.millrace.relay.listener;

import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.UdpTransport;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stream.StreamDirectory;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** What all listeners of a node share. */
public final class ListenerServices {
    private final RelayConfig config;
    private final EventLoops loops;
    private final UdpTransport transport;
    private final StreamDirectory streams;
    private final ConnectionDirectory connections;
    private final SocketDirectory sockets;
    private final AttemptLog attempts;
    private final RandomGenerator random = new SecureRandom();
    private final SocketIds.Key socketIdKey = new SocketIds.Key(random);

    public ListenerServices(
            RelayConfig config,
            EventLoops loops,
            UdpTransport transport,
            StreamDirectory streams,
            ConnectionDirectory connections,
            SocketDirectory sockets,
            AttemptLog attempts) {
        this.config = config;
        this.loops = loops;
        this.transport = transport;
        this.streams = streams;
        this.connections = connections;
        this.sockets = sockets;
        this.attempts = attempts;
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

    RandomGenerator random() {
        return random;
    }

    SocketIds.Key socketIdKey() {
        return socketIdKey;
    }
}
