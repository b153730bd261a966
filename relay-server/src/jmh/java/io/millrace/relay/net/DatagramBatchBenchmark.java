package io.millrace.relay.net;

import io.millrace.relay.jmh.HotStep;
import io.millrace.srt.packet.DataHeader;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A datagram goes through the batch and Netty's pipeline to a channel that drops it: what sending costs above the kernel. */
@Fork(
        value = HotStep.FORKS,
        jvmArgsAppend = {"-Djmh.executor=CUSTOM", "-Djmh.executor.class=io.millrace.relay.net.LoopThreads"})
public class DatagramBatchBenchmark extends HotStep {
    private static final int PEERS = 100;
    private static final int RUN = 8;
    /** As {@link UdpTransport} has them. */
    private static final int LOW_WATER_BYTES = 4 << 20;

    private static final int HIGH_WATER_BYTES = 8 << 20;
    private static final int DATAGRAM_BYTES = DataHeader.LENGTH + PAYLOAD_BYTES;

    private final InetSocketAddress[] peers = new InetSocketAddress[PEERS];
    private final byte[] content = new byte[DATAGRAM_BYTES];
    private final UdpCounters counters = new UdpCounters(new LoopMeter(0, 0));
    private final DroppingChannel channel = new DroppingChannel();
    private @Nullable DatagramBatch batch;

    @Setup
    public void open() {
        for (int i = 0; i < PEERS; i++) {
            peers[i] = new InetSocketAddress("10.0.0." + i, 5_000);
        }
        channel.config()
                .setAllocator(PooledByteBufAllocator.DEFAULT)
                .setWriteBufferWaterMark(new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES));
        batch = new DatagramBatch(channel, true, DatagramBatch.MAX_SEND_BYTES, counters);
    }

    @TearDown
    public void checkThatAllWasSent() {
        batch.close();
        check(counters.droppedOut == 0 && counters.socketErrors == 0, "every datagram was sent");
        check(channel.sends == counters.datagramsOut - counters.segments + counters.segmentedSends, "each once");
        channel.finishAndReleaseAll();
    }

    /** One datagram for each of a hundred peers. */
    @Benchmark
    @OperationsPerInvocation(PEERS)
    public void single() {
        for (InetSocketAddress peer : peers) {
            write(peer);
        }
        batch.flush();
    }

    /** Eight for each, which leave as one segmented send. */
    @Benchmark
    @OperationsPerInvocation(PEERS * RUN)
    public void runOfEight() {
        for (InetSocketAddress peer : peers) {
            for (int i = 0; i < RUN; i++) {
                write(peer);
            }
        }
        batch.flush();
    }

    private void write(InetSocketAddress peer) {
        ByteBuffer to = batch.begin(peer, DATAGRAM_BYTES);
        to.put(content);
        batch.end();
    }

    private static final class DroppingChannel extends EmbeddedChannel {
        private long sends;

        @Override
        protected void handleOutboundMessage(Object message) {
            sends++;
            ReferenceCountUtil.release(message);
        }
    }
}
