package io.millrace.relay;

import io.millrace.cluster.LocalStreamRegistry;
import io.millrace.relay.access.AccessControl;
import io.millrace.relay.access.ListenerAccess;
import io.millrace.relay.access.Notifications;
import io.millrace.relay.access.OneShotIds;
import io.millrace.relay.access.StreamRequest;
import io.millrace.relay.config.ConfigurationError;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.StreamsConfig;
import io.millrace.relay.demo.DemoPublisher;
import io.millrace.relay.http.HttpVerticle;
import io.millrace.relay.http.Readiness;
import io.millrace.relay.listener.ListenerLoops;
import io.millrace.relay.listener.ListenerServices;
import io.millrace.relay.listener.ListenerVerticle;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LocalAddresses;
import io.millrace.relay.net.PortReservation;
import io.millrace.relay.net.UdpBindException;
import io.millrace.relay.net.UdpSettings;
import io.millrace.relay.net.UdpTransport;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.HistoryMemory;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stats.StatisticsCollector;
import io.millrace.relay.stats.StatisticsVerticle;
import io.millrace.relay.stats.StreamHistories;
import io.millrace.relay.stream.StreamDirectory;
import io.millrace.relay.stream.StreamSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: what is started in which order, and stopped. */
public final class RelayServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayServer.class);
    private static final long START_SECONDS = 30;
    /** Peers are told within milliseconds; the rest of the two seconds that a stop may take is for a loaded machine. */
    private static final long STOP_MILLIS = 1_500;

    private static final Duration DEMO_ID_LIFETIME = Duration.ofSeconds(10);

    private final LaunchOptions options;
    private final RelayConfig config;
    private final EventLoops loops;
    private final Vertx vertx;
    private final UdpTransport transport;
    private final ConnectionDirectory connections;
    private final StreamHistories histories;
    private final SocketDirectory sockets = new SocketDirectory();
    private final AttemptLog attempts;
    private final AccessControl access;
    private final Notifications notifications;
    private final StreamDirectory streams;
    private final OneShotIds oneShotIds = new OneShotIds(Clock.systemUTC());
    private final List<List<ListenerVerticle>> listeners = new ArrayList<>();
    private final List<InetSocketAddress> bound = new ArrayList<>();
    private @Nullable HttpVerticle http;

    private RelayServer(LaunchOptions options) {
        this.options = options;
        config = options.config();
        loops = EventLoops.start(vertxOptions(config), config.transport().nativeTransport(), builder -> builder);
        vertx = loops.vertx();
        transport = new UdpTransport(new UdpSettings(
                config.transport().receiveBufferBytes(), config.transport().sendBufferBytes(), 0, true));
        transport.watchReceiveDrops(vertx);
        // Half of it is for streams, so that a crowd of subscribers takes no stream's history.
        long historyBytes = config.limits().historyMebibytes() * 1024L * 1024L / 2;
        connections = new ConnectionDirectory(config.limits().connections(), new HistoryMemory(historyBytes));
        histories = new StreamHistories(new HistoryMemory(historyBytes));
        attempts = new AttemptLog(config.limits().attempts());
        access = new AccessControl(vertx, config, oneShotIds);
        notifications = new Notifications(vertx, config.access().notifications());
        streams = new StreamDirectory(
                vertx,
                new LocalStreamRegistry(),
                "local",
                streamSettings(config),
                loops.all().size());
    }

    /** Runs the relay until the process is told to stop; returns the exit code. */
    static int run(LaunchOptions options) {
        RelayServer server;
        try {
            server = start(options);
        } catch (StartException e) {
            System.err.println(e.getMessage());
            LogQueue.flush();
            return ExitCode.BAD_CONFIGURATION;
        }
        System.out.print(server.startTable());
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            LOG.info(
                                    "stopping; open connections, which are told so: {}",
                                    server.connections.connections().size());
                            server.close();
                            LogQueue.flush();
                            stopped.countDown();
                            // A JVM that a signal ends reports the signal; for us it is the ordinary way to end.
                            Runtime.getRuntime().halt(ExitCode.OK);
                        },
                        "stop"));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK;
    }

    /** Starts a relay. */
    static RelayServer start(LaunchOptions options) throws StartException {
        options.config().warnings().forEach(LOG::warn);
        RelayServer server = new RelayServer(options);
        try {
            server.startListeners();
            server.startStatistics();
            server.startHttp();
            server.startDemo();
        } catch (StartException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Where the listeners are bound, in the order of the configuration. */
    List<InetSocketAddress> listenerAddresses() {
        return List.copyOf(bound);
    }

    /** A listener on each of its loops, by its place in the configuration. */
    List<ListenerVerticle> listener(int index) {
        return List.copyOf(listeners.get(index));
    }

    /** Where the API is bound. */
    InetSocketAddress httpAddress() {
        return http == null ? config.http().address() : http.address();
    }

    /** Tells every peer, closes every socket and waits until that is done. */
    @Override
    public void close() {
        try {
            // A listener's stop writes the farewells, and each of them is a notification.
            Future.join(vertx.deploymentIDs().stream().map(vertx::undeploy).toList())
                    .transform(undeployed -> Future.join(access.close(), notifications.close()))
                    .transform(told -> vertx.close())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the stop did not end in time: {}", e.toString());
        }
    }

    private void startListeners() throws StartException {
        ListenerServices services = new ListenerServices(
                config, loops, transport, streams, connections, sockets, attempts, access, notifications);
        LocalAddresses addresses = LocalAddresses.scan();
        for (int i = 0; i < config.listeners().size(); i++) {
            ListenerConfig listener = config.listeners().get(i);
            String key = "listeners[" + i + "].port";
            ListenerAccess listenerAccess = new ListenerAccess(listener, i);
            ListenerLoops listenerLoops = new ListenerLoops(services);
            try (PortReservation reservation = PortReservation.of(listener.address())) {
                List<ListenerVerticle> onLoops = new ArrayList<>();
                for (int loop = 0; loop < loops.all().size(); loop++) {
                    onLoops.add(new ListenerVerticle(
                            services, listener, listenerAccess, listenerLoops, reservation, addresses));
                }
                listeners.add(onLoops);
                bound.add(reservation.address());
                await(Future.all(onLoops.stream().map(vertx::deployVerticle).toList()), key, listener.port());
            } catch (UdpBindException e) {
                throw startException(key, listener.port(), e);
            }
        }
    }

    private void startStatistics() {
        StatisticsCollector collector = new StatisticsCollector(connections, histories);
        vertx.deployVerticle(new StatisticsVerticle(collector, Clock.systemUTC()))
                .onFailure(failure -> LOG.error("statistics are not collected", failure));
    }

    private void startHttp() throws StartException {
        HttpVerticle verticle = new HttpVerticle(
                config.http(),
                new Readiness(this::readiness),
                loops,
                streams,
                connections,
                histories,
                sockets,
                attempts,
                oneShotIds);
        await(vertx.deployVerticle(verticle), "http.port", config.http().port());
        http = verticle;
    }

    private void startDemo() throws StartException {
        if (options.demo()) {
            DemoPublisher demo = new DemoPublisher(
                    loops,
                    transport,
                    StartTable.reachable(bound.get(0)),
                    this::demoStreamId,
                    config.listeners().get(0).passphrase());
            await(vertx.deployVerticle(demo), "listeners[0].host", bound.get(0).getPort());
        }
    }

    /** With an id that lets it in whatever the rules say: whoever asks for the demo wants to see it. */
    private String demoStreamId() {
        return oneShotIds
                .issue(DemoPublisher.STREAM, StreamRequest.Mode.PUBLISH, null, DEMO_ID_LIFETIME)
                .map(OneShotIds.Issued::streamId)
                .orElse("#!::r=" + DemoPublisher.STREAM + ",m=publish");
    }

    private List<Readiness.Item> readiness() {
        List<Readiness.Item> items = new ArrayList<>();
        for (int i = 0; i < config.listeners().size(); i++) {
            items.add(new Readiness.Item(
                    config.listeners().get(i).name(),
                    i < listeners.size() && listeners.get(i).stream().allMatch(ListenerVerticle::isBound)));
        }
        return items;
    }

    private String startTable() {
        return StartTable.of(config, bound, httpAddress(), options.demo());
    }

    private void await(Future<?> deployment, String key, int port) throws StartException {
        try {
            deployment.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("millrace: interrupted while starting");
        } catch (TimeoutException e) {
            throw new StartException("millrace: " + key + ": did not start within " + START_SECONDS + " s");
        } catch (java.util.concurrent.ExecutionException e) {
            throw startException(key, port, e.getCause() == null ? e : e.getCause());
        }
    }

    private StartException startException(String key, int port, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        // What the HTTP server fails with has the system's words behind a colon, if at all.
        String found = cause instanceof UdpBindException
                ? message
                : "TCP port " + port + ": "
                        + message.substring(message.lastIndexOf(": ") + 1).strip();
        return new StartException(new ConfigurationError(
                        options.source(), 0, key, found, "a port that is free on an address of this machine")
                .toString());
    }

    private static VertxOptions vertxOptions(RelayConfig config) {
        int configured = config.transport().eventLoops();
        return new VertxOptions()
                .setEventLoopPoolSize(
                        configured > 0 ? configured : Runtime.getRuntime().availableProcessors());
    }

    private static StreamSettings streamSettings(RelayConfig config) {
        StreamsConfig streams = config.streams();
        return new StreamSettings(
                streams.bufferMebibytes() * 1024L * 1024L,
                streams.holes() == StreamsConfig.Holes.HOLD,
                streams.aggregationMillis(),
                streams.publisherGraceMillis(),
                streams.publisherProbationMillis(),
                streams.onMissing() == StreamsConfig.OnMissing.WAIT ? Math.max(1, streams.waitMillis()) : 0,
                config.limits().subscribersPerStream(),
                config.limits().publishers());
    }

    /** The relay can't start; the message is the line for the operator. */
    static final class StartException extends Exception {
        StartException(String message) {
            super(message);
        }
    }
}
