package io.millrace.relay.net;

import static io.millrace.relay.net.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.endpoint.StraySink;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a loop says of itself, in a recording and by its figures. */
class LoopEventsTest {
    private static final Duration STALL = Duration.ofMillis(30);

    @TempDir
    Path directory;

    /**
     * A loop that stalls for its start makes the class of the event known to the recorder from its own thread, while the
     * test starts the recording: one of the two may not see the other.
     */
    @BeforeAll
    static void registerEvents() {
        FlightRecorder.register(LoopStall.class);
        FlightRecorder.register(LoopPass.class);
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void aStallIsRecorded(TransportKind kind) throws Exception {
        EventLoops loops = kind.start(2);
        try (Recording recording = new Recording()) {
            recording.enable(LoopStall.class);
            recording.start();
            // A recording that has just begun may miss what comes at once.
            Awaitility.await().untilAsserted(() -> {
                stall(loops.all().get(1));
                assertThat(recorded(recording, LoopStall.class))
                        .anySatisfy(event -> {
                            assertThat(event.getInt("loop")).isEqualTo(1);
                            assertThat(event.getDuration("stall")).isGreaterThanOrEqualTo(STALL);
                            assertThat(event.getString("cause")).isEqualTo("work");
                        })
                        .allSatisfy(event ->
                                assertThat(event.getDuration("stall")).isGreaterThanOrEqualTo(Duration.ofMillis(10)));
            });
        } finally {
            await(loops.vertx().close());
        }
    }

    @Test
    void aPassIsRecordedWithItsPhases() throws Exception {
        EventLoops loops = TransportKind.NIO.start(1);
        LoopExecutor loop = loops.all().get(0);
        CountDownLatch handled = new CountDownLatch(3);
        try (Recording recording = new Recording();
                OutsidePeer peer = new OutsidePeer()) {
            recording.enable(LoopPass.class).withThreshold(Duration.ZERO);
            recording.start();
            UdpSocket socket =
                    await(new UdpTransport(UdpSettings.DEFAULT).bind(loop, new InetSocketAddress("127.0.0.1", 0)));
            SrtEndpoint endpoint = new SrtEndpoint(EndpointSettings.CALLER, new Random(1), () -> 1);
            EndpointDriver driver =
                    new EndpointDriver(socket, endpoint, event -> {}, handled::countDown, StraySink.NONE);
            loop.eventLoop().submit(driver::start).syncUninterruptibly();
            while (handled.getCount() > 0) {
                long before = handled.getCount();
                peer.send("noise", socket.localAddress());
                Awaitility.await().until(() -> handled.getCount() < before);
            }
            onLoop(loop, () -> {});
            assertThat(recorded(recording, LoopPass.class))
                    .anySatisfy(event -> {
                        assertThat(event.getInt("loop")).isZero();
                        assertThat(event.getLong("datagramsRead")).isEqualTo(1);
                        assertThat(event.getLong("datagramsWritten")).isZero();
                        assertThat(event.getDuration()).isPositive();
                        assertThat(event.getDuration("reading")).isPositive();
                    })
                    .anySatisfy(event -> {
                        assertThat(event.getLong("datagramsRead")).isZero();
                        assertThat(event.getDuration("reading")).isZero();
                    });
        } finally {
            await(loops.vertx().close());
        }
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void theFiguresOfEachLoopAreItsOwn(TransportKind kind) {
        EventLoops loops = kind.start(2);
        try {
            stall(loops.all().get(1));
            Awaitility.await().untilAsserted(() -> {
                assertThat(loops.statistics()).extracting(LoopStatistics::loop).containsExactly(0, 1);
                LoopWindow stalled = loops.statistics().get(1).sinceStart();
                assertThat(stalled.longestIterationMicros()).isGreaterThanOrEqualTo(STALL.toMillis() * 1_000);
                assertThat(stalled.busyMicros()).isBetween(STALL.toMillis() * 1_000, stalled.wallMicros());
                assertThat(stalled.cpuMicros()).isPositive();
                LoopWindow ticking = loops.statistics().get(0).sinceStart();
                assertThat(ticking.iterations()).isPositive();
                assertThat(ticking.utilisation()).isLessThan(1);
                assertThat(ticking.longestDelayMicros()).isPositive();
            });
        } finally {
            await(loops.vertx().close());
        }
    }

    /** Keeps a loop from its sockets, and returns when it has been told of. */
    private static void stall(LoopExecutor loop) {
        onLoop(loop, () -> {
            long end = System.nanoTime() + STALL.toNanos();
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        });
        // The iteration ends after its tasks; what is timed there runs in a later one.
        loop.eventLoop().schedule(() -> {}, 1, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    private static void onLoop(LoopExecutor loop, Runnable task) {
        loop.eventLoop().submit(task).syncUninterruptibly();
    }

    private List<RecordedEvent> recorded(Recording recording, Class<?> type) throws Exception {
        Path file = directory.resolve("recording.jfr");
        recording.dump(file);
        String name = "io.millrace." + type.getSimpleName();
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }
}
