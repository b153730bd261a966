package io.millrace.relay.net;

import static io.millrace.relay.net.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.endpoint.DatagramEndpoint;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.StraySink;
import io.millrace.srt.packet.DatagramSink;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndpointDriverTest {
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void endpointThatAlwaysHasMoreToSendDoesNotKeepTheLoopFromItsSocket(TransportKind kind) throws Exception {
        EventLoops loops = kind.start(1);
        LoopExecutor loop = loops.all().get(0);
        try (OutsidePeer peer = new OutsidePeer()) {
            UdpSocket socket =
                    await(new UdpTransport(UdpSettings.DEFAULT).bind(loop, new InetSocketAddress("127.0.0.1", 0)));
            Insatiable endpoint = new Insatiable(peer, socket.localAddress());
            EndpointDriver driver = new EndpointDriver(socket, endpoint, event -> {});
            loop.execute(driver::start);

            Integer passesUntilRead = endpoint.passesUntilRead.poll(10, TimeUnit.SECONDS);
            // The one in which the datagram came, and the one after the sockets were read.
            assertThat(passesUntilRead).isNotNull().isLessThanOrEqualTo(2);
            loop.eventLoop().submit(driver::close).syncUninterruptibly();
        } finally {
            await(loops.vertx().close());
        }
    }

    /** Is never done with sending, and counts its passes from the time when a datagram was sent to its socket. */
    private static final class Insatiable implements DatagramEndpoint {
        private static final long PASS_MICROS = 3_000;

        private final OutsidePeer peer;
        private final InetSocketAddress local;
        private final BlockingQueue<Integer> passesUntilRead = new LinkedBlockingQueue<>();
        private int passes;

        Insatiable(OutsidePeer peer, InetSocketAddress local) {
            this.peer = peer;
            this.local = local;
        }

        @Override
        public boolean drain(long nowMicros, DatagramSink sink, int turns) {
            if (passes++ == 0) {
                peer.send("read me", local);
            }
            while (LoopClock.nowMicros() - nowMicros < PASS_MICROS) {
                Thread.onSpinWait();
            }
            return true;
        }

        @Override
        public void handleDatagram(long nowMicros, InetSocketAddress from, ByteBuffer datagram, StraySink strays) {
            passesUntilRead.add(passes);
        }

        @Override
        public void handleTimeout(long nowMicros) {}

        @Override
        public @Nullable EndpointEvent pollEvent() {
            return null;
        }

        @Override
        public long nextTimeoutMicros() {
            return Long.MAX_VALUE;
        }
    }
}
