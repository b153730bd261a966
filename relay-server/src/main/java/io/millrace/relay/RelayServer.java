package io.millrace.relay;

import io.millrace.cluster.RoleLeases;
import io.millrace.relay.access.AccessControl;
import io.millrace.relay.access.Bans;
import io.millrace.relay.access.Notifications;
import io.millrace.relay.access.OneShotIds;
import io.millrace.relay.access.StreamRequest;
import io.millrace.relay.config.ConfigurationError;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.LogConfig;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.StreamsConfig;
import io.millrace.relay.demo.DemoPublisher;
import io.millrace.relay.http.ApiServices;
import io.millrace.relay.http.HttpVerticle;
import io.millrace.relay.http.NodeInfo;
import io.millrace.relay.http.Readiness;
import io.millrace.relay.kubernetes.EndpointSlices;
import io.millrace.relay.listener.ListenerServices;
import io.millrace.relay.listener.ListenerStartException;
import io.millrace.relay.listener.ListenerSupervisor;
import io.millrace.relay.log.LogLevels;
import io.millrace.relay.log.LogQueue;
import io.millrace.relay.metrics.Metrics;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopWatch;
import io.millrace.relay.net.UdpBindException;
import io.millrace.relay.net.UdpSettings;
import io.millrace.relay.net.UdpTransport;
import io.millrace.relay.role.ClusterView;
import io.millrace.relay.role.Drain;
import io.millrace.relay.role.ListenerRoles;
import io.millrace.relay.role.LoadReport;
import io.millrace.relay.role.Membership;
import io.millrace.relay.role.NodePulls;
import io.millrace.relay.role.ServiceEndpoints;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionEvents;
import io.millrace.relay.stats.HistoryMemory;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stats.StatisticsCollector;
import io.millrace.relay.stats.StatisticsVerticle;
import io.millrace.relay.stats.StreamHistories;
import io.millrace.relay.stream.AnalysisVerticle;
import io.millrace.relay.stream.Elsewhere;
import io.millrace.relay.stream.StreamDirectory;
import io.millrace.relay.stream.StreamSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: what is started in which order, and stopped. */
public final class RelayServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayServer.class);
    static final String FREE_PORT = "a port that is free on an address of this machine";
    private static final long START_SECONDS = 30;
    /** Peers are told within milliseconds; the rest of the two seconds that a stop may take is for a loaded machine. */
    private static final long STOP_MILLIS = 1_500;

    /** What a drain may take beyond its own time. */
    private static final long DRAIN_MARGIN_SECONDS = 2;

    private static final long LEAVE_SECONDS = 12;
    private static final Duration DEMO_ID_LIFETIME = Duration.ofSeconds(10);

    private final Instant started = Instant.now();
    private final LaunchOptions options;
    private final Membership membership;
    private final @Nullable Metrics metrics;
    private final EventLoops loops;
    private final LoopWatch watch;
    private final Vertx vertx;
    private final UdpTransport transport;
    private final ConnectionDirectory connections;
    private final StreamHistories histories;
    private final SocketDirectory sockets = new SocketDirectory();
    private final AttemptLog attempts;
    private final ConnectionEvents events = new ConnectionEvents();
    private final Bans bans;
    private final AccessControl access;
    private final LogLevels logLevels;
    private final StreamDirectory streams;
    private final NodePulls pulls;
    private final ClusterView view;
    private final Drain drain;
    private final OneShotIds oneShotIds;
    private final ListenerServices services;
    private final ListenerSupervisor listeners;
    private final ListenerRoles roles;
    private final ConfigurationReload reload;
    private final Readiness readiness = new Readiness(this::readiness);
    private volatile RelayConfig config;
    private volatile Notifications notifications;
    private @Nullable HttpVerticle http;

    private RelayServer(LaunchOptions options, Membership membership) {
        this.options = options;
        this.membership = membership;
        config = options.config();
        metrics = config.metrics().enabled() ? new Metrics(config.metrics()) : null;
        boolean preferNative = config.transport().nativeTransport();
        loops = metrics == null
                ? EventLoops.start(vertxOptions(config), preferNative, builder -> builder)
                : metrics.startLoops(vertxOptions(config), preferNative);
        watch = new LoopWatch(loops);
        vertx = loops.vertx();
        transport = new UdpTransport(new UdpSettings(
                config.transport().receiveBufferBytes(), config.transport().sendBufferBytes(), 0, true));
        transport.watchReceiveDrops(vertx);
        logLevels = new LogLevels(config.log(), vertx, Clock.systemUTC());
        // Half of it is for streams, so that a crowd of subscribers takes no stream's history.
        long historyBytes = config.limits().historyMebibytes() * 1024L * 1024L / 2;
        connections = new ConnectionDirectory(config.limits().connections(), new HistoryMemory(historyBytes));
        histories = new StreamHistories(new HistoryMemory(historyBytes));
        attempts = new AttemptLog(config.limits().attempts());
        bans = new Bans(Clock.systemUTC(), membership.cluster().bans());
        oneShotIds = new OneShotIds(Clock.systemUTC(), membership.cluster().oneShotIds());
        access = new AccessControl(vertx, config, bans, oneShotIds);
        notifications = new Notifications(vertx, config.access().notifications());
        streams = new StreamDirectory(
                vertx,
                membership.cluster().streams(),
                streamSettings(config),
                loops.all().size());
        pulls = new NodePulls(membership.cluster(), () -> config, loops, transport, connections);
        services = new ListenerServices(
                config,
                loops,
                transport,
                streams,
                connections,
                sockets,
                attempts,
                events,
                access,
                notifications,
                membership.cluster());
        listeners = new ListenerSupervisor(vertx, services);
        roles = new ListenerRoles(
                membership.cluster(), config.cluster(), listeners, this::tookOver, serviceEndpoints());
        drain = new Drain(
                vertx,
                membership.cluster(),
                connections,
                () -> Duration.ofSeconds(config.cluster().drainSeconds()),
                this::turnAway,
                Clock.systemUTC());
        reload = new ConfigurationReload(options.sources(), config, this::reconfigure);
        view = membership.view(() -> config);
        if (metrics != null) {
            metrics.observe(
                    () -> config, loops, streams, connections, sockets, attempts, () -> notifications, view, drain);
        }
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
        HangupSignal.onEach(() -> {
            // The log has the outcome.
            var unused = server.reload.reload("SIGHUP");
        });
        if (options.config().log().format() == LogConfig.Format.TEXT) {
            System.out.print(server.startTable());
        } else {
            LOG.info(
                    "started: {}",
                    StartTable.summary(server.config, server.listeners.addresses(), server.httpAddress()));
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.drain();
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
        try {
            return start(options, Membership.of(options.config()));
        } catch (UdpBindException e) {
            throw new StartException("millrace: cluster.mediaPort: " + e.getMessage() + "; allowed: " + FREE_PORT);
        }
    }

    /** Starts a relay as this node. */
    static RelayServer start(LaunchOptions options, Membership membership) throws StartException {
        options.config().warnings().forEach(LOG::warn);
        RelayServer server = new RelayServer(options, membership);
        try {
            server.startCluster();
            server.startListeners();
            server.startStatistics();
            server.startAnalysis();
            server.startHttp();
            membership.join();
            server.startDemo();
            server.reload.watch();
        } catch (StartException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Where the listeners that are open are bound, in the order of the configuration. */
    List<InetSocketAddress> listenerAddresses() {
        return List.copyOf(listeners.addresses().values());
    }

    ListenerSupervisor listeners() {
        return listeners;
    }

    /** Where the API is bound. */
    InetSocketAddress httpAddress() {
        return http == null ? config.http().address() : http.address();
    }

    /** The HTTP side; null before it has started. */
    @Nullable
    HttpVerticle http() {
        return http;
    }

    /** Sends the callers to other nodes, where there are any, and waits until that is done. */
    void drain() {
        if (!config.cluster().hasOthers()) {
            return;
        }
        try {
            drain.begin().get(config.cluster().drainSeconds() + DRAIN_MARGIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("draining did not end in time: {}", e.toString());
        }
    }

    private void turnAway(boolean away) {
        readiness.draining(away);
        services.turnAway(away);
    }

    /** Tells every peer, closes every socket and waits until that is done. */
    @Override
    public void close() {
        reload.close();
        readiness.draining(true);
        // Streams end one after the other now, and none of them is to be taken from elsewhere.
        streams.elsewhere(Elsewhere.NOWHERE);
        roles.close();
        watch.close();
        try {
            // A listener's stop writes the farewells, and each of them is a notification.
            Future.join(vertx.deploymentIDs().stream().map(vertx::undeploy).toList())
                    .transform(undeployed -> Future.join(access.close(), notifications.close(), pulls.stop()))
                    .transform(told -> vertx.close())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the stop did not end in time: {}", e.toString());
        }
        if (metrics != null) {
            metrics.close();
        }
        leave();
    }

    /** Last, so that the others learn of each stream as it ends, and of the node when it has none. */
    private void leave() {
        try {
            membership.cluster().leave().toCompletableFuture().get(LEAVE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the other nodes were not told of the end of this one: {}", e.toString());
        }
    }

    /** What other nodes call, and what calls them; nobody knows of it before this node joins. */
    private void startCluster() throws StartException {
        LoadReport report = new LoadReport(membership.cluster().nodes(), connections, pulls);
        vertx.setPeriodic(
                LoadReport.INTERVAL_MILLIS,
                id -> vertx.executeBlocking(() -> {
                    report.send();
                    membership.look();
                    return null;
                }));
        ListenerConfig media = membership.mediaListener();
        if (media == null) {
            return;
        }
        try {
            listeners.openForNodes(media);
        } catch (ListenerStartException e) {
            throw new StartException("millrace: cluster.mediaPort: " + e.getMessage() + "; allowed: " + FREE_PORT);
        }
        await(pulls.start(), "cluster.host", 0);
        streams.elsewhere(pulls);
    }

    private void startListeners() throws StartException {
        try {
            roles.apply(config.listeners());
        } catch (ListenerStartException e) {
            throw new StartException(
                    ConfigurationReload.error(options.sources(), e).toString());
        }
    }

    /** Where this is a pod that may write endpoints, roles with a service point it here. */
    private ServiceEndpoints serviceEndpoints() {
        return EndpointSlices.inCluster(vertx)
                .<ServiceEndpoints>map(slices -> (service, port, epoch) ->
                        slices.point(service, port, config.cluster().host(), epoch))
                .orElse(ServiceEndpoints.NONE);
    }

    /** This node serves a role now, and its callers may be those of a node that is gone. */
    private void tookOver(RoleLeases.Grant grant) {
        listeners.epoch(grant.role(), grant.epoch());
        listeners
                .tellOrphans(grant.role())
                .onSuccess(told -> {
                    if (told > 0) {
                        LOG.info("role {}: {} peers of nodes that are gone were told to call anew", grant.role(), told);
                    }
                })
                .onFailure(failure -> LOG.warn(
                        "role {}: peers of nodes that are gone were not told to call anew: {}; they find out by"
                                + " themselves",
                        grant.role(),
                        failure.getMessage()));
    }

    /** Goes by another configuration; all that was let in by the one before stays. */
    private void reconfigure(RelayConfig changed) throws ListenerStartException {
        RelayConfig before = config;
        // First, for those listeners that are opened.
        services.config(changed);
        try {
            roles.apply(changed.listeners());
        } catch (ListenerStartException e) {
            services.config(before);
            roles.restore();
            throw e;
        }
        config = changed;
        access.reconfigure(changed);
        streams.settings(streamSettings(changed));
        connections.maximum(changed.limits().connections());
        attempts.maximumPerListener(changed.limits().attempts());
        if (!changed.access().notifications().equals(before.access().notifications())) {
            Notifications old = notifications;
            notifications = new Notifications(vertx, changed.access().notifications());
            services.notifications(notifications);
            var unused = old.close();
        }
        logLevels.configure(changed.log());
    }

    private void startStatistics() {
        StatisticsCollector collector = new StatisticsCollector(connections, histories, attempts);
        vertx.deployVerticle(new StatisticsVerticle(collector, Clock.systemUTC()))
                .onFailure(failure -> LOG.error("statistics are not collected", failure));
    }

    private void startAnalysis() {
        vertx.deployVerticle(new AnalysisVerticle(streams))
                .onFailure(failure -> LOG.error("streams are not looked at", failure));
    }

    private void startHttp() throws StartException {
        HttpVerticle verticle = new HttpVerticle(
                config.http(),
                new ApiServices(
                        () -> config,
                        () -> reload.reload("the API was asked to"),
                        new NodeInfo(
                                membership.cluster().self().nodeId(),
                                MillraceCommand.Version.programVersion(),
                                started),
                        readiness,
                        view,
                        drain,
                        watch,
                        metrics,
                        loops,
                        streams,
                        connections,
                        histories,
                        sockets,
                        attempts,
                        events,
                        bans,
                        oneShotIds,
                        logLevels));
        await(vertx.deployVerticle(verticle), "http.port", config.http().port());
        http = verticle;
    }

    private void startDemo() throws StartException {
        if (options.demo()) {
            ListenerConfig listener = StartTable.firstOpen(config, listeners.addresses());
            InetSocketAddress address = listeners.addresses().getOrDefault(listener.name(), listener.address());
            DemoPublisher demo = new DemoPublisher(
                    loops, transport, StartTable.reachable(address), this::demoStreamId, listener.passphrase());
            await(
                    vertx.deployVerticle(demo),
                    "listeners[" + config.listeners().indexOf(listener) + "].host",
                    address.getPort());
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
        listeners
                .bound(config.listeners())
                .forEach((name, isBound) -> items.add(new Readiness.Item("listeners", name, isBound)));
        if (config.cluster().hasOthers()) {
            items.add(new Readiness.Item("cluster", config.cluster().name(), membership.hasJoined()));
        }
        return items;
    }

    private String startTable() {
        return StartTable.of(config, listeners.addresses(), httpAddress(), options.demo());
    }

    private void await(Future<?> deployment, String key, int port) throws StartException {
        try {
            deployment.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("millrace: interrupted while starting");
        } catch (TimeoutException e) {
            throw new StartException("millrace: " + key + ": did not start within " + START_SECONDS + " s");
        } catch (ExecutionException e) {
            throw startException(key, port, e.getCause() == null ? e : e.getCause());
        }
    }

    private StartException startException(String key, int port, Throwable cause) {
        // What the HTTP server fails with has the system's words behind a colon, if at all.
        String message = String.valueOf(cause.getMessage());
        String found = cause instanceof UdpBindException
                ? message
                : "TCP port " + port + ": "
                        + message.substring(message.lastIndexOf(": ") + 1).strip();
        return new StartException(
                new ConfigurationError(options.sources().name(), 0, key, found, FREE_PORT).toString());
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
                config.limits().publishers(),
                streams.analysis());
    }

    /** The relay can't start; the message is the line for the operator. */
    static final class StartException extends Exception {
        StartException(String message) {
            super(message);
        }
    }
}
