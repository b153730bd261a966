package io.millrace.relay.bench;

import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpSettings;
import io.millrace.relay.net.UdpSocket;
import io.millrace.relay.net.UdpTransport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run: publishers connect, subscribers join, everything warms up, the window is measured, and what is still on its
 * way may arrive. Publishers have the first event loop, subscribers share the others.
 */
final class Benchmark implements AutoCloseable {
    private static final long REPLY_SECONDS = 20;
    /** From the full collection to the window: the relay may have something to catch up. */
    private static final long SETTLING_MICROS = 2_000_000;

    private static final long OPENING_MICROS = 100_000;

    private final BenchOptions options;
    private final PrintWriter progress;
    private final EventLoops loops;
    private final @Nullable RelayProcess relay;
    private final MeasuredWindow window = new MeasuredWindow();
    private final List<DeliveryMeter> meters = new ArrayList<>();
    private final List<LoadPublisher> publishers = new ArrayList<>();
    private final List<SubscriberSocket> sockets = new ArrayList<>();
    private final Histogram latencies = DeliveryMeter.emptyHistogram();

    /** What only a window's beginning and end can tell. */
    private record Edge(long epochMillis, double relayCpuSeconds, double ownCpuSeconds, MachineSample machine) {}

    /** @param progress gets a line every second */
    Benchmark(BenchOptions options, int subscriberLoops, PrintWriter progress) {
        this.options = options;
        this.progress = progress;
        relay = options.relayPid() == 0 ? null : new RelayProcess(options.relayPid());
        loops = EventLoops.start(
                new VertxOptions().setEventLoopPoolSize(1 + subscriberLoops), true, builder -> builder);
        for (int i = 0; i < subscriberLoops; i++) {
            meters.add(new DeliveryMeter());
        }
    }

    BenchReport run() throws IOException, InterruptedException {
        BenchOptions.Schedule schedule = options.schedule();
        openSockets();
        for (LoadPublisher publisher : publishers) {
            on(publisher.loop(), publisher::connect);
        }
        SendClock clock = new SendClock(publishers, options.load());
        clock.start();
        joinAll();
        countDown("warming up", schedule.warmUpSeconds());
        long collectedEpochMillis = System.currentTimeMillis();
        collectRelaysGarbage();
        sleepUntil(LoopClock.nowMicros() + SETTLING_MICROS);
        for (SubscriberSocket socket : sockets) {
            on(socket.loop(), () -> {
                socket.subscribers().forEach(LoadSubscriber::windowBegins);
                return Future.succeededFuture();
            });
        }
        long fromMicros = LoopClock.nowMicros() + OPENING_MICROS;
        window.set(fromMicros, fromMicros + schedule.windowSeconds() * 1_000_000L);
        sleepUntil(fromMicros);
        Edge begin = edge();
        measure(fromMicros);
        Edge end = edge();
        countDown("draining", schedule.drainSeconds());
        collectRelaysGarbage();
        clock.end();
        collectLatencies();
        return report(begin, end, gcSummary(collectedEpochMillis));
    }

    @Override
    public void close() throws InterruptedException {
        for (SubscriberSocket socket : sockets) {
            on(socket.loop(), socket::close);
        }
        for (LoadPublisher publisher : publishers) {
            on(publisher.loop(), publisher::close);
        }
        await(loops.vertx().close());
    }

    private void openSockets() throws InterruptedException {
        SecureRandom random = new SecureRandom();
        UdpTransport transport = new UdpTransport(UdpSettings.DEFAULT);
        InetSocketAddress any =
                new InetSocketAddress(options.relay().getAddress() instanceof Inet4Address ? "0.0.0.0" : "::", 0);
        for (int stream = 0; stream < options.load().streams(); stream++) {
            UdpSocket socket = await(transport.bind(loops.all().get(0), any));
            publishers.add(new LoadPublisher(stream, options, window, socket, random));
        }
        for (int i = 0; i < options.load().sockets(); i++) {
            UdpSocket socket = await(transport.bind(loops.all().get(1 + i % meters.size()), any));
            SubscriberSocket subscribers = new SubscriberSocket(options, socket, random);
            sockets.add(subscribers);
            on(socket.loop(), () -> {
                subscribers.start();
                return Future.succeededFuture();
            });
        }
    }

    /** Neighbours in the order of joining are on different sockets: to the relay they look like different machines. */
    private void joinAll() throws InterruptedException {
        long startMicros = LoopClock.nowMicros();
        List<Future<Void>> joins = new ArrayList<>();
        for (int i = 0; i < options.load().allSubscribers(); i++) {
            sleepUntil(startMicros + i * 1_000_000L / options.schedule().joinsPerSecond());
            int socket = i % sockets.size();
            LoadSubscriber subscriber =
                    new LoadSubscriber(i % options.load().streams(), window, meters.get(socket % meters.size()));
            joins.add(
                    start(sockets.get(socket).loop(), () -> sockets.get(socket).join(subscriber)));
        }
        try {
            await(Future.join(joins));
        } catch (BenchException e) {
            // The report will say how many; it is no reason not to measure the others.
            say("%s", e.getMessage());
        }
        say("%d subscribers joined", joins.stream().filter(Future::succeeded).count());
    }

    private void measure(long fromMicros) throws IOException, InterruptedException {
        double cpuSeconds = relay == null ? 0 : relay.cpuSeconds();
        for (int second = 1; second <= options.schedule().windowSeconds(); second++) {
            sleepUntil(fromMicros + second * 1_000_000L);
            Histogram last = collectLatencies();
            StringBuilder line = new StringBuilder(String.format(
                    Locale.ROOT,
                    "%3d/%d s  %,d payloads/s, latency p50 %.2f p99 %.2f max %.2f ms",
                    second,
                    options.schedule().windowSeconds(),
                    last.getTotalCount(),
                    last.getValueAtPercentile(50) / 1e3,
                    last.getValueAtPercentile(99) / 1e3,
                    last.getMaxValue() / 1e3));
            if (relay != null) {
                double used = relay.cpuSeconds();
                line.append(String.format(
                        Locale.ROOT, ", relay %.2f cores, %,d MiB", used - cpuSeconds, relay.residentMebibytes()));
                cpuSeconds = used;
            }
            say("%s", line);
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
                relay == null ? 0 : relay.cpuSeconds(),
                RelayProcess.own().cpuSeconds(),
                MachineSample.now());
    }

    private void collectRelaysGarbage() throws IOException, InterruptedException {
        if (relay != null && options.gcLog() != null) {
            relay.collectGarbage();
        }
    }

    private GcLog.@Nullable Summary gcSummary(long fromEpochMillis) throws IOException {
        return options.gcLog() == null
                ? null
                : GcLog.read(options.gcLog()).summary(fromEpochMillis, System.currentTimeMillis());
    }

    private BenchReport report(Edge begin, Edge end, GcLog.@Nullable Summary heap)
            throws IOException, InterruptedException {
        double seconds = (end.epochMillis() - begin.epochMillis()) / 1e3;
        double relayCpuSeconds = end.relayCpuSeconds() - begin.relayCpuSeconds();
        double ownCores = (end.ownCpuSeconds() - begin.ownCpuSeconds()) / seconds;
        double relayCores = relayCpuSeconds / seconds;
        double gigabytes = latencies.getTotalCount() * TestPayload.LENGTH / 1e9;
        Histogram lag = new Histogram(publishers.get(0).lagMicros());
        lag.reset();
        List<PayloadRange> sent = new ArrayList<>();
        for (LoadPublisher publisher : publishers) {
            sent.add(on(publisher.loop(), () -> {
                lag.add(publisher.lagMicros());
                return Future.succeededFuture(publisher.windowPayloads());
            }));
        }
        return new BenchReport(
                options.load(),
                options.schedule().windowSeconds(),
                payloads(sent),
                BenchReport.Latency.of(latencies),
                relay == null
                        ? null
                        : new BenchReport.Cost(
                                relayCpuSeconds,
                                relayCores,
                                gigabytes == 0 ? 0 : relayCpuSeconds / gigabytes,
                                relay.residentMebibytes()),
                heap,
                new BenchReport.Surroundings(
                        ownCores,
                        Math.max(0, end.machine().busyCoresSince(begin.machine()) - ownCores - relayCores),
                        end.machine().stolenCoresSince(begin.machine()),
                        lag.getValueAtPercentile(99) / 1e3,
                        end.machine().udpReceiveBufferErrors() - begin.machine().udpReceiveBufferErrors()));
    }

    private BenchReport.Payloads payloads(List<PayloadRange> sent) throws InterruptedException {
        List<LoadSubscriber.Outcome> outcomes = new ArrayList<>();
        long expected = 0;
        for (SubscriberSocket socket : sockets) {
            outcomes.addAll(on(
                    socket.loop(),
                    () -> Future.succeededFuture(socket.subscribers().stream()
                            .map(subscriber -> subscriber.outcome(sent.get(subscriber.stream())))
                            .toList())));
        }
        for (PayloadRange range : sent) {
            expected += range.count() * options.load().subscribers();
        }
        return new BenchReport.Payloads(
                expected,
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

    private void countDown(String phase, int seconds) throws InterruptedException {
        for (int rest = seconds; rest > 0; rest--) {
            say("%s, %d s", phase, rest);
            sleepUntil(LoopClock.nowMicros() + 1_000_000);
        }
    }

    private void say(String format, Object... values) {
        progress.println(String.format(Locale.ROOT, format, values));
    }

    private static void sleepUntil(long micros) throws InterruptedException {
        long restMicros = micros - LoopClock.nowMicros();
        if (restMicros > 0) {
            TimeUnit.MICROSECONDS.sleep(restMicros);
        }
    }

    private static <T> T on(LoopExecutor loop, Supplier<Future<T>> action) throws InterruptedException {
        return await(start(loop, action));
    }

    private static <T> Future<T> start(LoopExecutor loop, Supplier<Future<T>> action) {
        Promise<T> done = Promise.promise();
        loop.execute(() -> {
            try {
                action.get().onComplete(done);
            } catch (RuntimeException e) {
                done.fail(e);
            }
        });
        return done.future();
    }

    private static <T> T await(Future<T> future) throws InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(REPLY_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new BenchException(e.getCause());
        } catch (TimeoutException e) {
            throw new BenchException(e);
        }
    }

    /** The run could not be made. */
    static final class BenchException extends RuntimeException {
        BenchException(Throwable cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }
}
