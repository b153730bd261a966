package io.millrace.relay.bench;

import static io.millrace.relay.bench.LoopCalls.await;
import static io.millrace.relay.bench.LoopCalls.awaitAll;
import static io.millrace.relay.bench.LoopCalls.on;
import static io.millrace.relay.bench.LoopCalls.start;
import static io.millrace.relay.bench.Progress.sleepUntil;

import io.millrace.relay.call.Encryption;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.UdpSettings;
import io.millrace.relay.net.UdpSocket;
import io.millrace.relay.net.UdpTransport;
import io.millrace.srt.handshake.KeyAgreement;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run: publishers connect, subscribers join, everything warms up, the window is measured, and what is still on its
 * way may arrive. Publishers have the first event loop, subscribers share the others.
 */
@SuppressWarnings("try") // closing awaits the loops, and is only done where that may be interrupted
final class Benchmark implements AutoCloseable {
    private static final long SECOND_MICROS = 1_000_000;
    /** From the full collection to the window: the server may have something to catch up. */
    private static final long SETTLING_MICROS = 2_000_000;

    private static final long OPENING_MICROS = 100_000;

    private final BenchOptions options;
    private final Progress progress;
    private final SecureRandom random = new SecureRandom();
    private final EventLoops loops;
    private final @Nullable ServerProcess server;
    private final MeasuredWindow window = new MeasuredWindow();
    private final List<DeliveryMeter> meters = new ArrayList<>();
    private final List<LoadPublisher> publishers = new ArrayList<>();
    private final List<SubscriberSocket> sockets = new ArrayList<>();
    private final Histogram latencies = DeliveryMeter.emptyHistogram();

    private @Nullable SendClock clock;

    /** What only a window's beginning and end can tell. */
    private record Edge(
            long epochMillis,
            double serverCpuSeconds,
            double ownCpuSeconds,
            @Nullable MachineSample machine) {}

    /** @param progress gets a line every second */
    Benchmark(BenchOptions options, int subscriberLoops, Progress progress) throws BenchException {
        this.options = options;
        this.progress = progress;
        server = serverProcess();
        loops = EventLoops.start(
                new VertxOptions().setEventLoopPoolSize(1 + subscriberLoops), true, builder -> builder);
        for (int i = 0; i < subscriberLoops; i++) {
            meters.add(new DeliveryMeter());
        }
    }

    BenchReport run() throws BenchException, IOException, InterruptedException {
        BenchOptions.Schedule schedule = options.schedule();
        openSockets();
        connectPublishers();
        SendClock started = new SendClock(publishers, options.load());
        clock = started;
        started.start();
        FailedCalls failed = joinAll();
        progress.countDown("warming up", schedule.warmUpSeconds());
        long collectedEpochMillis = System.currentTimeMillis();
        if (collectServersGarbage()) {
            sleepUntil(LoopClock.nowMicros() + SETTLING_MICROS);
        }
        for (SubscriberSocket socket : sockets) {
            on(socket.loop(), () -> {
                socket.subscribers().forEach(LoadSubscriber::windowBegins);
                return Future.succeededFuture();
            });
        }
        long fromMicros = LoopClock.nowMicros() + OPENING_MICROS;
        window.set(fromMicros, fromMicros + schedule.windowSeconds() * SECOND_MICROS);
        sleepUntil(fromMicros);
        Edge begin = edge();
        measure(fromMicros);
        Edge end = edge();
        progress.countDown("draining", schedule.drainSeconds());
        collectServersGarbage();
        started.end();
        collectLatencies();
        return report(begin, end, failed, gcSummary(collectedEpochMillis));
    }

    @Override
    public void close() throws BenchException, InterruptedException {
        if (clock != null) {
            clock.end();
        }
        for (SubscriberSocket socket : sockets) {
            on(socket.loop(), socket::close);
        }
        for (LoadPublisher publisher : publishers) {
            on(publisher.loop(), publisher::close);
        }
        await(loops.vertx().close());
    }

    private @Nullable ServerProcess serverProcess() throws BenchException {
        if (options.serverPid() == 0) {
            return null;
        }
        if (!MachineSample.isAvailable()) {
            progress.say("--server-pid: a process's CPU time and memory are read on Linux only; going on without");
            return null;
        }
        return ServerProcess.of(options.serverPid());
    }

    private void openSockets() throws BenchException, InterruptedException {
        UdpTransport transport = new UdpTransport(UdpSettings.DEFAULT);
        Impairment impairment = options.impairment();
        SplittableRandom losses = new SplittableRandom(impairment == null ? 0 : impairment.seed());
        for (int stream = 0; stream < options.load().streams(); stream++) {
            UdpSocket socket = await(transport.bind(loops.all().get(0), anyLike(options.publishServer())));
            publishers.add(new LoadPublisher(stream, options, window, socket, random, losses.split()));
        }
        for (int i = 0; i < options.load().sockets(); i++) {
            UdpSocket socket = await(transport.bind(loops.all().get(1 + i % meters.size()), anyLike(options.server())));
            SubscriberSocket subscribers = new SubscriberSocket(options, socket, random, losses.split());
            sockets.add(subscribers);
            on(socket.loop(), () -> {
                subscribers.start();
                return Future.succeededFuture();
            });
        }
    }

    private static InetSocketAddress anyLike(ServerAddress server) {
        return new InetSocketAddress(server.address().getAddress() instanceof Inet4Address ? "0.0.0.0" : "::", 0);
    }

    private KeyAgreement newKeys() {
        Encryption encryption = options.encryption();
        return encryption == null ? KeyAgreement.Clear.CLEAR : encryption.newKeys(random);
    }

    private void connectPublishers() throws BenchException, InterruptedException {
        progress.say("connecting, %,d publishers", publishers.size());
        long startMicros = LoopClock.nowMicros();
        List<Future<Void>> calls = new ArrayList<>();
        for (LoadPublisher publisher : publishers) {
            awaitTurn(calls.size(), startMicros);
            KeyAgreement keys = newKeys();
            calls.add(start(publisher.loop(), () -> publisher.connect(keys)));
        }
        awaitAll(calls);
        FailedCalls failed = FailedCalls.among(calls);
        if (failed.count() > 0) {
            throw new BenchException(describe(failed, "publishers", options.publishServer()));
        }
    }

    /** Neighbours in the order of joining are on different sockets: to the server they look like different machines. */
    private FailedCalls joinAll() throws BenchException, InterruptedException {
        int all = options.load().allSubscribers();
        long startMicros = LoopClock.nowMicros();
        long sayMicros = startMicros;
        List<Future<Void>> joins = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            awaitTurn(i, startMicros);
            if (LoopClock.nowMicros() >= sayMicros) {
                progress.say("joining, %,d of %,d subscribers", i, all);
                sayMicros += SECOND_MICROS;
            }
            int socket = i % sockets.size();
            LoadSubscriber subscriber =
                    new LoadSubscriber(i % options.load().streams(), window, meters.get(socket % meters.size()));
            KeyAgreement keys = newKeys();
            joins.add(
                    start(sockets.get(socket).loop(), () -> sockets.get(socket).join(subscriber, keys)));
        }
        awaitAll(joins);
        FailedCalls failed = FailedCalls.among(joins);
        if (failed.count() == all) {
            throw new BenchException(describe(failed, "subscribers", options.server()));
        }
        if (failed.count() > 0) {
            // No reason not to measure the others; the run is not a success.
            progress.say("%s", describe(failed, "subscribers", options.server()));
        }
        progress.say("joined, %,d of %,d subscribers", all - failed.count(), all);
        return failed;
    }

    /** Servers count whoever calls too often from one address as a flood. */
    private void awaitTurn(int number, long startMicros) throws InterruptedException {
        sleepUntil(startMicros + number * SECOND_MICROS / options.schedule().callsPerSecond());
    }

    private String describe(FailedCalls failed, String who, ServerAddress where) {
        return failed.describe(who, where.text(), options.encryption() != null);
    }

    private void measure(long fromMicros) throws IOException, InterruptedException {
        double cpuSeconds = server == null ? 0 : server.cpuSeconds();
        for (int second = 1; second <= options.schedule().windowSeconds(); second++) {
            sleepUntil(fromMicros + second * SECOND_MICROS);
            Histogram last = collectLatencies();
            StringBuilder line = new StringBuilder(String.format(
                    Locale.ROOT,
                    "measuring, %d of %d s: %,d payloads/s, latency p50 %.2f ms, p99 %.2f ms, max %.2f ms",
                    second,
                    options.schedule().windowSeconds(),
                    last.getTotalCount(),
                    last.getValueAtPercentile(50) / 1e3,
                    last.getValueAtPercentile(99) / 1e3,
                    last.getMaxValue() / 1e3));
            if (server != null) {
                double used = server.cpuSeconds();
                line.append(String.format(
                        Locale.ROOT, "; server %.2f cores, %,d MiB", used - cpuSeconds, server.residentMebibytes()));
                cpuSeconds = used;
            }
            progress.say("%s", line);
        }
    }

    /** Adds what came since the last call to the whole, and returns it. */
    private Histogram collectLatencies() {
        Histogram last = DeliveryMeter.emptyHistogram();
        for (DeliveryMeter meter : meters) {
            last.add(meter.next());
        }
        latencies.add(last);
        return last;
    }

    private Edge edge() throws IOException {
        return new Edge(
                System.currentTimeMillis(),
                server == null ? 0 : server.cpuSeconds(),
                ServerProcess.own().cpuSeconds(),
                MachineSample.now());
    }

    /** False if there is nothing to collect. */
    private boolean collectServersGarbage() throws IOException, InterruptedException {
        if (server == null || options.gcLog() == null) {
            return false;
        }
        server.collectGarbage();
        return true;
    }

    private GcLog.@Nullable Summary gcSummary(long fromEpochMillis) throws IOException {
        return options.gcLog() == null
                ? null
                : GcLog.read(options.gcLog()).summary(fromEpochMillis, System.currentTimeMillis());
    }

    private BenchReport report(Edge begin, Edge end, FailedCalls failed, GcLog.@Nullable Summary heap)
            throws BenchException, IOException, InterruptedException {
        double seconds = (end.epochMillis() - begin.epochMillis()) / 1e3;
        double serverCpuSeconds = end.serverCpuSeconds() - begin.serverCpuSeconds();
        double ownCores = (end.ownCpuSeconds() - begin.ownCpuSeconds()) / seconds;
        double gigabytes = latencies.getTotalCount() * TestPayload.LENGTH / 1e9;
        Histogram lag = new Histogram(publishers.get(0).lagMicros());
        lag.reset();
        List<PayloadRange> sent = new ArrayList<>();
        int closedPublishers = 0;
        for (LoadPublisher publisher : publishers) {
            boolean closed = on(publisher.loop(), () -> {
                lag.add(publisher.lagMicros());
                sent.add(publisher.windowPayloads());
                return Future.succeededFuture(publisher.isClosed());
            });
            closedPublishers += closed ? 1 : 0;
        }
        List<LoadSubscriber.Outcome> outcomes = outcomes(sent);
        int joined = options.load().allSubscribers() - failed.count();
        int closed =
                (int) outcomes.stream().filter(LoadSubscriber.Outcome::closed).count();
        Impairment impairment = options.impairment();
        return new BenchReport(
                options.load(),
                impairment == null ? null : BenchReport.Impaired.of(impairment, toll()),
                options.schedule().windowSeconds(),
                new BenchReport.Connections(closedPublishers, joined, closed - failed.count(), failed.byLabel()),
                payloads(sent, outcomes),
                BenchReport.Latency.of(latencies),
                server == null
                        ? null
                        : new BenchReport.Cost(
                                serverCpuSeconds,
                                serverCpuSeconds / seconds,
                                gigabytes == 0 ? 0 : serverCpuSeconds / gigabytes,
                                server.residentMebibytes()),
                heap,
                new BenchReport.Surroundings(
                        ownCores,
                        lag.getValueAtPercentile(99) / 1e3,
                        machine(begin.machine(), end.machine(), ownCores + serverCpuSeconds / seconds)));
    }

    private ImpairedEndpoint.Toll toll() throws BenchException, InterruptedException {
        ImpairedEndpoint.Toll toll = ImpairedEndpoint.Toll.NONE;
        for (LoadPublisher publisher : publishers) {
            toll = toll.plus(on(publisher.loop(), () -> Future.succeededFuture(publisher.toll())));
        }
        for (SubscriberSocket socket : sockets) {
            toll = toll.plus(on(socket.loop(), () -> Future.succeededFuture(socket.toll())));
        }
        return toll;
    }

    private static BenchReport.@Nullable Machine machine(
            @Nullable MachineSample begin, @Nullable MachineSample end, double knownCores) {
        return begin == null || end == null
                ? null
                : new BenchReport.Machine(
                        Math.max(0, end.busyCoresSince(begin) - knownCores),
                        end.stolenCoresSince(begin),
                        end.udpReceiveBufferErrors() - begin.udpReceiveBufferErrors());
    }

    private List<LoadSubscriber.Outcome> outcomes(List<PayloadRange> sent) throws BenchException, InterruptedException {
        List<LoadSubscriber.Outcome> outcomes = new ArrayList<>();
        for (SubscriberSocket socket : sockets) {
            outcomes.addAll(on(
                    socket.loop(),
                    () -> Future.succeededFuture(socket.subscribers().stream()
                            .map(subscriber -> subscriber.outcome(sent.get(subscriber.stream())))
                            .toList())));
        }
        return outcomes;
    }

    private BenchReport.Payloads payloads(List<PayloadRange> sent, List<LoadSubscriber.Outcome> outcomes) {
        return new BenchReport.Payloads(
                sent.stream().mapToLong(PayloadRange::count).sum()
                        * options.load().subscribers(),
                latencies.getTotalCount(),
                outcomes.stream().mapToLong(LoadSubscriber.Outcome::missing).sum(),
                outcomes.stream().mapToLong(LoadSubscriber.Outcome::duplicates).sum(),
                outcomes.stream().mapToLong(LoadSubscriber.Outcome::corrupted).sum(),
                outcomes.stream()
                        .mapToLong(LoadSubscriber.Outcome::missing)
                        .max()
                        .orElse(0),
                (int) outcomes.stream().filter(outcome -> !outcome.isPerfect()).count(),
                outcomes.stream().mapToLong(LoadSubscriber.Outcome::lostPackets).sum(),
                outcomes.stream()
                        .mapToLong(LoadSubscriber.Outcome::retransmittedPackets)
                        .sum());
    }
}
