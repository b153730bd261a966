package io.millrace.relay.net;

import static io.millrace.relay.net.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.LoggedLines;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceiveDropsTest {
    private static final int FLOOD = 500;
    private static final int BUFFER_BYTES = 4_096;

    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final LoggedLines log = new LoggedLines(ReceiveDrops.class.getName());
    private final UdpTransport transport = new UdpTransport(new UdpSettings(BUFFER_BYTES, 0, 0, true));
    private EventLoops loops;

    @BeforeEach
    void start() {
        loops = TransportKind.EPOLL.start(1);
    }

    @AfterEach
    void close() {
        goOn.countDown();
        await(loops.vertx().close());
        log.close();
    }

    @Test
    void whatTheKernelThrowsAwayIsCountedAndTold() throws Exception {
        EndpointDriver flooded = driver();
        EndpointDriver other = driver();
        block();
        flood(flooded.socket().localAddress());
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            transport.updateReceiveDrops();
            // All that did not fit: the buffer holds a few of them.
            assertThat(flooded.statistics().receiveDrops().orElse(0)).isBetween(FLOOD - 50L, (long) FLOOD);
        });
        assertThat(other.statistics().receiveDrops()).hasValue(0);
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains(flooded.socket().localAddress().toString())
                .contains("loop 0");
    }

    @Test
    void aSocketThatNothingWasLookedUpForHasNoCounter() {
        assertThat(driver().statistics().receiveDrops()).isEmpty();
    }

    @Test
    void aClosedSocketIsForgotten() {
        EndpointDriver driver = driver();
        assertThat(transport.watchedSockets()).isEqualTo(1);
        onLoop(() -> driver.close());
        Awaitility.await().until(() -> transport.watchedSockets() == 0);
    }

    @Test
    void adviceDependsOnWhatIsShort() {
        assertThat(ReceiveDrops.advice(0.95, 4 << 20, 4 << 20))
                .contains("too busy")
                .doesNotContain("sysctl");
        assertThat(ReceiveDrops.advice(0.5, 4 << 20, 212_992))
                .contains("only 212992 bytes")
                .contains("sysctl -w net.core.rmem_max=4194304");
        assertThat(ReceiveDrops.advice(0.5, 4 << 20, 4 << 20))
                .contains("sysctl -w net.core.rmem_max=8388608")
                .contains("transport.receiveBufferBytes");
    }

    private EndpointDriver driver() {
        UdpSocket socket = await(transport.bind(loops.all().get(0), new InetSocketAddress("127.0.0.1", 0)));
        SrtEndpoint endpoint = new SrtEndpoint(EndpointSettings.CALLER, new Random(1), () -> 1);
        EndpointDriver driver = new EndpointDriver(socket, endpoint, event -> {});
        onLoop(driver::start);
        return driver;
    }

    private void onLoop(Runnable task) {
        loops.all().get(0).eventLoop().submit(task).syncUninterruptibly();
    }

    private void block() throws InterruptedException {
        loops.all().get(0).execute(() -> {
            blocked.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        blocked.await();
    }

    private static void flood(InetSocketAddress to) {
        try (OutsidePeer peer = new OutsidePeer()) {
            for (int i = 0; i < FLOOD; i++) {
                peer.send("x".repeat(1_000), to);
            }
        }
    }
}
