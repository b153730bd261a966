package io.millrace.relay.role;

import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.PulledStream;
import io.millrace.relay.access.NodeStreamId;
import io.millrace.relay.call.Encryption;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.SecretReference;
import io.millrace.relay.config.SrtConfig;
import io.millrace.relay.net.EndpointDriver;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpTransport;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.LegSamples;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.LegSample;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.endpoint.StraySink;
import io.millrace.srt.handshake.Offer;
import io.millrace.srt.handshake.SrtExtension;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The socket of one event loop from which streams are pulled. Everything happens on that loop unless said otherwise.
 */
final class PullSocket {
    private static final int STATISTICS_MILLIS = 1_000;
    /** Bytes: AES-256. */
    private static final int KEY_LENGTH = 32;

    private static final long CONNECT_TIMEOUT_MICROS = 1_500_000;
    /** Between nodes of one cluster: a node that is not heard for so long is gone, and its streams may be elsewhere. */
    private static final long PEER_IDLE_MICROS = 3_000_000;

    private final LoopExecutor loop;
    private final UdpTransport transport;
    private final Supplier<RelayConfig> config;
    private final String nodeId;
    private final ConnectionDirectory connections;
    private final SecureRandom random = new SecureRandom();
    private final SrtEndpoint endpoint;
    private final LegSample sample = new LegSample();

    private final Map<Integer, NodePull> calling = new HashMap<>();
    private final Map<SrtConnection, NodePull> connected = new HashMap<>();
    /** Those that got something in the present burst. */
    private final List<NodePull> changed = new ArrayList<>();
    /** What the others are told; read from any thread. */
    private volatile List<PulledStream> pulled = List.of();

    private @Nullable EndpointDriver driver;

    PullSocket(
            LoopExecutor loop,
            UdpTransport transport,
            Supplier<RelayConfig> config,
            String nodeId,
            ConnectionDirectory connections) {
        this.loop = loop;
        this.transport = transport;
        this.config = config;
        this.nodeId = nodeId;
        this.connections = connections;
        EndpointSettings callers = EndpointSettings.CALLER;
        endpoint = new SrtEndpoint(
                new EndpointSettings(
                        false,
                        0,
                        0,
                        CONNECT_TIMEOUT_MICROS,
                        callers.mayCall(),
                        callers.handshakeLimits(),
                        callers.mayForward()),
                random,
                () -> random.nextInt(1, 0x4000_0000));
    }

    /** From any thread. */
    Future<?> start() {
        InetSocketAddress any = new InetSocketAddress(config.get().cluster().host(), 0);
        return transport
                .bind(loop, any)
                .onSuccess(socket -> loop.execute(() -> {
                    EndpointDriver started =
                            new EndpointDriver(socket, endpoint, this::onEvent, this::publishChanged, StraySink.NONE);
                    driver = started;
                    started.start();
                    Vertx vertx = loop.context().owner();
                    vertx.setPeriodic(LegSamples.INTERVAL_MILLIS, id -> loop.execute(this::takeSamples));
                    vertx.setPeriodic(STATISTICS_MILLIS, id -> loop.execute(this::updateStatistics));
                }));
    }

    /** From any thread: tells the nodes, and closes the socket. */
    Future<?> stop() {
        Promise<Void> stopped = Promise.promise();
        loop.execute(() -> {
            EndpointDriver running = driver;
            if (running == null) {
                stopped.complete();
            } else {
                endpoint.closeAll(LoopClock.nowMicros());
                running.close().onComplete(stopped);
            }
        });
        return stopped.future();
    }

    /** From any thread. */
    void execute(Runnable action) {
        loop.execute(action);
    }

    /** From any thread: what comes at present, a second old. */
    Collection<PulledStream> pulled() {
        return pulled;
    }

    /** Asks a node for a stream. */
    void call(NodePull pull, NodeIdentity node) {
        EndpointDriver running = driver;
        if (running == null || !connections.takePlace()) {
            pull.refused("this node has limits.connections connections, its limit");
            return;
        }
        SrtConfig srt = config.get().srt();
        SecretReference secret = Objects.requireNonNull(config.get().cluster().secret());
        // A key is derived, which is not for the loop.
        loop.context()
                .executeBlocking(() ->
                        new Encryption(Passphrase.of(secret.value()), KEY_LENGTH, cipherMode(srt)).newKeys(random))
                .onComplete(keys -> loop.execute(() -> {
                    if (keys.failed()) {
                        connections.givePlaceBack();
                        pull.refused(
                                "cluster.secret can't be used: " + keys.cause().getMessage());
                        return;
                    }
                    int socketId = endpoint.connect(
                            LoopClock.nowMicros(),
                            resolved(node.srtAddress()),
                            settings(srt),
                            streamId(pull.stream()),
                            keys.result(),
                            true);
                    calling.put(socketId, pull);
                    running.wake();
                }));
    }

    /** It is an IP address, as configurations have no other. */
    private static InetSocketAddress resolved(InetSocketAddress address) {
        return new InetSocketAddress(address.getHostString(), address.getPort());
    }

    private static ConnectionSettings settings(SrtConfig srt) {
        return new ConnectionSettings(
                new Offer(srt.latencyMillis(), 0, srt.mss(), srt.flowWindowPackets()),
                PEER_IDLE_MICROS,
                ConnectionSettings.DEFAULT.bandwidth(),
                ConnectionSettings.DEFAULT.refreshPeriod());
    }

    /** The cheaper one, unless it is not allowed. */
    private static CipherMode cipherMode(SrtConfig srt) {
        return srt.cryptoMode() == SrtConfig.CryptoMode.GCM ? CipherMode.GCM : CipherMode.CTR;
    }

    private String streamId(String stream) {
        return NodeStreamId.of(stream, nodeId);
    }

    void close(SrtConnection connection) {
        endpoint.close(LoopClock.nowMicros(), connection);
        wake();
    }

    /** A connection brings a stream from now on. */
    ConnectionInfo opened(NodePull pull, NodeIdentity node, SrtConnection connection, int latencyMillis) {
        return connections.opened(
                new ConnectionInfo.Facts(
                        ConnectionInfo.Role.PUBLISHER,
                        ConnectionInfo.Facts.NODES_LISTENER,
                        pull.stream(),
                        streamId(pull.stream()),
                        node.nodeId(),
                        "AES-256 " + cipherMode(config.get().srt()),
                        connection.peerAddress(),
                        Objects.requireNonNull(driver).socket().localAddress(),
                        SrtExtension.versionText(connection.negotiated().peerVersion()),
                        latencyMillis),
                why -> pull.end(why));
    }

    /** What a pull receives into changed in the present burst. */
    void changed(NodePull pull) {
        changed.add(pull);
    }

    /** A pull is over. */
    void ended(NodePull pull) {
        SrtConnection connection = pull.connection();
        if (connection != null) {
            connected.remove(connection);
        }
        ConnectionInfo info = pull.info();
        if (info != null) {
            connections.closed(info);
        } else if (connection != null) {
            connections.givePlaceBack();
        }
    }

    private void onEvent(EndpointEvent event) {
        if (event instanceof EndpointEvent.Connected opened) {
            NodePull pull = calling.remove(opened.connection().localSocketId());
            if (pull == null) {
                endpoint.close(LoopClock.nowMicros(), opened.connection());
            } else {
                connected.put(opened.connection(), pull);
                pull.connected(opened.connection());
            }
        } else if (event instanceof EndpointEvent.ConnectFailed failed) {
            NodePull pull = calling.remove(failed.socketId());
            if (pull != null) {
                connections.givePlaceBack();
                pull.refused(failed);
            }
        } else if (event instanceof EndpointEvent.KeyMaterialArrived arrived) {
            rekey(arrived);
        } else if (event instanceof EndpointEvent.Closed closed) {
            NodePull pull = connected.get(closed.connection());
            if (pull != null) {
                update(pull, closed.connection());
                pull.closed(closed.reason());
            }
        }
    }

    private void rekey(EndpointEvent.KeyMaterialArrived arrived) {
        SecretReference secret = Objects.requireNonNull(config.get().cluster().secret());
        loop.context()
                .executeBlocking(() -> KeyEncryptionKey.derive(Passphrase.of(secret.value()), arrived.material()))
                .onSuccess(kek -> loop.execute(() -> {
                    endpoint.rekey(arrived.connection(), kek);
                    wake();
                }));
    }

    private void publishChanged() {
        for (int i = 0; i < changed.size(); i++) {
            NodePull pull = changed.get(i);
            pull.target().slot().batchEnded();
            pull.target().media().published(Objects.requireNonNull(driver).arrivedMicros());
        }
        changed.clear();
    }

    private void takeSamples() {
        long now = LoopClock.nowMicros();
        connected.forEach((connection, pull) -> {
            ConnectionInfo info = pull.info();
            if (info != null) {
                connection.sampleReceived(sample);
                info.samples().add(now, sample);
            }
        });
    }

    private void updateStatistics() {
        List<PulledStream> now = new ArrayList<>();
        connected.forEach((connection, pull) -> {
            ConnectionInfo info = update(pull, connection);
            pull.secondPassed();
            NodeIdentity node = pull.node();
            if (info != null && node != null) {
                now.add(pulledStream(pull.stream(), node, info));
            }
        });
        pulled = List.copyOf(now);
    }

    private static @Nullable ConnectionInfo update(NodePull pull, SrtConnection connection) {
        ConnectionInfo info = pull.info();
        if (info != null) {
            info.update(connection.statistics(LoopClock.nowMicros()));
        }
        return info;
    }

    private static PulledStream pulledStream(String stream, NodeIdentity node, ConnectionInfo info) {
        ConnectionStatistics newest = Objects.requireNonNull(info.statistics());
        ConnectionStatistics second = info.interval() == null ? newest : info.interval();
        double received = second.value(Statistic.pktRecvUniqueTotal);
        double lost = second.value(Statistic.pktRcvLossTotal);
        return new PulledStream(
                stream,
                node.nodeId(),
                Math.round(newest.value(Statistic.msRTT) * 1_000),
                received + lost == 0 ? 0 : (int) (1e6 * lost / (received + lost)),
                Math.round(newest.value(Statistic.mbpsRecvRate) * 1e6));
    }

    private void wake() {
        if (driver != null) {
            driver.wake();
        }
    }
}
