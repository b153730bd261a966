package io.millrace.relay.net;

import static io.millrace.relay.net.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatagramBatchTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final UdpCounters counters = new UdpCounters(new LoopMeter(0, 0));
    private final TrackingAllocator allocator = new TrackingAllocator();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        allocator.assertAllCameBack();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void equalDatagramsArriveAsTheyWereWritten(TransportKind kind) {
        OutsidePeer peer = peer();
        send(socket(kind, UdpSettings.DEFAULT), DatagramBatch.MAX_SEND_BYTES, batch -> {
            for (int i = 0; i < 200; i++) {
                write(batch, peer, i, 1_332);
            }
        });
        for (int i = 0; i < 200; i++) {
            assertThat(peer.receive()).isEqualTo(content(i, 1_332));
        }
        assertThat(counters.datagramsOut).isEqualTo(200);
        assertThat(counters.bytesOut).isEqualTo(200 * 1_332);
        assertThat(counters.socketErrors).isZero();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void mixedSizesAndPeersKeepTheirOrderPerPeer(TransportKind kind) {
        OutsidePeer one = peer();
        OutsidePeer other = peer();
        int[] sizes = {1_332, 1_332, 700, 700, 700, 1_332, 16, 16, 1_332, 1_400, 1_400, 1_332, 1};
        send(socket(kind, UdpSettings.DEFAULT), DatagramBatch.MAX_SEND_BYTES, batch -> {
            for (int i = 0; i < sizes.length; i++) {
                write(batch, one, i, sizes[i]);
                if (i % 4 == 0) {
                    write(batch, other, i, sizes[i]);
                }
            }
        });
        for (int i = 0; i < sizes.length; i++) {
            assertThat(one.receive()).isEqualTo(content(i, sizes[i]));
        }
        for (int i = 0; i < sizes.length; i += 4) {
            assertThat(other.receive()).isEqualTo(content(i, sizes[i]));
        }
    }

    @Test
    void epollSendsEqualDatagramsForOnePeerAsOne() {
        OutsidePeer peer = peer();
        send(socket(TransportKind.EPOLL, UdpSettings.DEFAULT), DatagramBatch.MAX_SEND_BYTES, batch -> {
            for (int i = 0; i < 49; i++) {
                write(batch, peer, i, 1_332);
            }
            write(batch, peer, 49, 1_332);
            write(batch, peer, 50, 20);
            write(batch, peer, 51, 20);
        });
        for (int i = 0; i < 52; i++) {
            assertThat(peer.receive()).startsWith(content(i, 8));
        }
        // 49 of 1,332 bytes are what 65,507 hold; then 1,332 and 20; and the last is alone.
        assertThat(counters.segmentedSends).isEqualTo(2);
        assertThat(counters.segments).isEqualTo(51);
    }

    @Test
    void aRunHasAtMostSixtyFourSegments() {
        OutsidePeer peer = peer();
        send(socket(TransportKind.EPOLL, UdpSettings.DEFAULT), DatagramBatch.MAX_SEND_BYTES, batch -> {
            for (int i = 0; i < 65; i++) {
                write(batch, peer, i, 44);
            }
        });
        for (int i = 0; i < 65; i++) {
            assertThat(peer.receive()).isEqualTo(content(i, 44));
        }
        assertThat(counters.segments).isEqualTo(64);
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void nothingIsSegmentedWhereThatIsOffOrMissing(TransportKind kind) {
        OutsidePeer peer = peer();
        boolean wanted = kind == TransportKind.NIO;
        send(socket(kind, new UdpSettings(0, 0, 0, wanted)), DatagramBatch.MAX_SEND_BYTES, batch -> {
            write(batch, peer, 0, 500);
            write(batch, peer, 1, 500);
        });
        assertThat(peer.receive()).isEqualTo(content(0, 500));
        assertThat(peer.receive()).isEqualTo(content(1, 500));
        assertThat(counters.segmentedSends).isZero();
    }

    @Test
    void aPeerWhoseSegmentedSendFailedGetsSingleDatagrams() {
        OutsidePeer refusing = peer();
        OutsidePeer other = peer();
        UdpSocket socket = socket(TransportKind.EPOLL, UdpSettings.DEFAULT);
        // 60 x 1,400 bytes are more than the kernel takes in one send, which is how an EMSGSIZE can be had anywhere.
        DatagramBatch batch = batch(socket, 1 << 20);
        on(socket, () -> {
            for (int i = 0; i < 60; i++) {
                write(batch, refusing, i, 1_400);
            }
            batch.flush();
            for (int i = 0; i < 3; i++) {
                write(batch, refusing, 100 + i, 1_400);
                write(batch, refusing, 200 + i, 1_400);
                write(batch, other, i, 1_400);
                write(batch, other, 10 + i, 1_400);
            }
            batch.flush();
        });
        assertThat(counters.socketErrors).isEqualTo(1);
        assertThat(counters.segmentedSends)
                .as("the failed one, and those to the other peer")
                .isEqualTo(4);
        for (int i = 0; i < 3; i++) {
            assertThat(refusing.receive()).isEqualTo(content(100 + i, 1_400));
            assertThat(refusing.receive()).isEqualTo(content(200 + i, 1_400));
            assertThat(other.receive()).isEqualTo(content(i, 1_400));
            assertThat(other.receive()).isEqualTo(content(10 + i, 1_400));
        }
        on(socket, batch::close);
    }

    @Test
    void remembersAsManyRefusingPeersAsItMay() {
        var peers = new UnsegmentedPeers(2);
        Function<Integer, InetSocketAddress> peer = port -> new InetSocketAddress("127.0.0.1", port);
        assertThat(peers.add(peer.apply(1))).isTrue();
        assertThat(peers.add(peer.apply(1))).isFalse();
        peers.add(peer.apply(2));
        peers.add(peer.apply(3));
        assertThat(peers.contains(peer.apply(1))).isFalse();
        assertThat(peers.contains(peer.apply(2))).isTrue();
        assertThat(peers.contains(peer.apply(3))).isTrue();
    }

    @Test
    void dropsWhatComesWhileTheSocketsQueueIsFull() {
        var stuck = new StuckChannel();
        var batch = new DatagramBatch(stuck, false, DatagramBatch.MAX_SEND_BYTES, counters);
        stuck.config().setAllocator(allocator);
        OutsidePeer peer = peer();
        for (int i = 0; i < 100; i++) {
            write(batch, peer, i, 1_000);
            batch.flush();
        }
        assertThat(stuck.waitingBytes()).isBetween(10_000L, 12_500L);
        assertThat(counters.datagramsOut + counters.droppedOut).isEqualTo(100);
        assertThat(counters.droppedOut).isGreaterThan(85);
        batch.close();
        stuck.close();
    }

    @Test
    void aLongBatchIsWrittenInPartsRatherThanDropped() {
        var channel = new EmbeddedChannel();
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(500_000, 1_000_000));
        var batch = new DatagramBatch(channel, false, DatagramBatch.MAX_SEND_BYTES, counters);
        OutsidePeer peer = peer();
        for (int i = 0; i < 3_000; i++) {
            write(batch, peer, i, 1_332);
        }
        batch.flush();
        assertThat(counters.droppedOut).isZero();
        assertThat(channel.outboundMessages()).hasSize(3_000);
        batch.close();
        channel.finishAndReleaseAll();
    }

    @Test
    void aSentBlockIsFilledAgainWithoutAnAllocation() {
        OutsidePeer peer = peer();
        UdpSocket socket = socket(TransportKind.EPOLL, UdpSettings.DEFAULT);
        DatagramBatch batch = batch(socket, DatagramBatch.MAX_SEND_BYTES);
        List<ByteBuffer> views = new ArrayList<>();
        on(socket, () -> {
            for (int i = 0; i < 1_000; i++) {
                views.add(write(batch, peer, i, 1_332));
                if (i % 30 == 29) {
                    batch.flush();
                }
            }
            batch.close();
        });
        ByteBuffer first = views.get(0);
        assertThat(views).allSatisfy(view -> assertThat(view).isSameAs(first));
    }

    @Test
    void aDatagramThatWasNotEndedIsForgotten() {
        OutsidePeer peer = peer();
        send(socket(TransportKind.NIO, UdpSettings.DEFAULT), DatagramBatch.MAX_SEND_BYTES, batch -> {
            batch.begin(peer.address(), 1_500).put(content(1, 700));
            write(batch, peer, 2, 600);
            batch.begin(peer.address(), 1_500).put(content(3, 700));
        });
        assertThat(peer.receive()).isEqualTo(content(2, 600));
        assertThat(counters.datagramsOut).isEqualTo(1);
    }

    @Test
    void buffersAreBigEndianAndAsLongAsAskedFor() {
        var batch = new DatagramBatch(new EmbeddedChannel(), false, DatagramBatch.MAX_SEND_BYTES, counters);
        ByteBuffer buffer = batch.begin(LOOPBACK, 1_316);
        assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(buffer.remaining()).isEqualTo(1_316);
        assertThatThrownBy(() -> batch.begin(LOOPBACK, 65_508)).isInstanceOf(IllegalArgumentException.class);
        batch.close();
    }

    private void send(UdpSocket socket, int maxRunBytes, Consumer<DatagramBatch> writing) {
        DatagramBatch batch = batch(socket, maxRunBytes);
        on(socket, () -> {
            writing.accept(batch);
            batch.flush();
            batch.close();
        });
    }

    private DatagramBatch batch(UdpSocket socket, int maxRunBytes) {
        return new DatagramBatch(socket.channel(), socket.segmentation(), maxRunBytes, counters);
    }

    private UdpSocket socket(TransportKind kind, UdpSettings settings) {
        EventLoops loops = kind.start(1);
        open.add(() -> await(loops.vertx().close()));
        UdpSocket socket = await(new UdpTransport(settings).bind(loops.all().get(0), LOOPBACK));
        socket.channel().config().setAllocator(allocator);
        return socket;
    }

    private OutsidePeer peer() {
        var peer = new OutsidePeer();
        open.add(0, peer);
        return peer;
    }

    private static ByteBuffer write(DatagramBatch batch, OutsidePeer to, int seed, int length) {
        ByteBuffer buffer = batch.begin(to.address(), 1_500);
        buffer.put(content(seed, length));
        batch.end();
        return buffer;
    }

    private static byte[] content(int seed, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (seed * 31 + i);
        }
        return bytes;
    }

    private static void on(UdpSocket socket, Runnable task) {
        socket.loop().eventLoop().submit(task).syncUninterruptibly();
    }

    /** A socket whose kernel buffer stays full. */
    private static final class StuckChannel extends EmbeddedChannel {
        StuckChannel() {
            config().setWriteBufferWaterMark(new WriteBufferWaterMark(5_000, 10_000));
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) {}

        long waitingBytes() {
            return unsafe().outboundBuffer().totalPendingWriteBytes();
        }
    }
}
