package io.millrace.relay.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * A bound UDP socket on an event loop. It reads nothing until an {@link EndpointDriver} starts on it, or its owner wants
 * the datagrams as they are.
 */
public final class UdpSocket {
    private final DatagramChannel channel;
    private final LoopExecutor loop;
    private final boolean segmentation;
    private final int receiveBufferBytes;
    private final int sendBufferBytes;
    /** Negative while unknown. */
    private volatile long receiveDrops = -1;

    UdpSocket(DatagramChannel channel, LoopExecutor loop, boolean segmentation) {
        this.channel = channel;
        this.loop = loop;
        this.segmentation = segmentation;
        receiveBufferBytes = channel.config().getReceiveBufferSize() / reportedPerGranted(channel);
        sendBufferBytes = channel.config().getSendBufferSize() / reportedPerGranted(channel);
    }

    /** Linux reports twice what it grants, as it counts its own bookkeeping; the JDK halves that again. */
    private static int reportedPerGranted(DatagramChannel channel) {
        return channel instanceof EpollDatagramChannel ? 2 : 1;
    }

    public InetSocketAddress localAddress() {
        return channel.localAddress();
    }

    public LoopExecutor loop() {
        return loop;
    }

    /** What the kernel has granted for datagrams that come in. */
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    /** What the kernel has granted for datagrams that go out. */
    public int sendBufferBytes() {
        return sendBufferBytes;
    }

    /**
     * Receives datagrams from now on, instead of a driver.
     *
     * @param receiver called on the loop with where a datagram came from; the buffer is a loan for the call
     */
    public void receive(BiConsumer<InetSocketAddress, ByteBuffer> receiver) {
        channel.pipeline().addLast(new DatagramHandler(receiver));
        channel.config().setAutoRead(true);
    }

    /**
     * Sends one datagram at once, beside what a driver sends; on the loop. For the odd one: a system call each.
     *
     * @return false if the socket's queue is full, and the datagram is dropped
     */
    public boolean send(InetSocketAddress to, ByteBuffer datagram) {
        if (!channel.isWritable()) {
            return false;
        }
        ByteBuf copy = channel.alloc().directBuffer(datagram.remaining()).writeBytes(datagram.duplicate());
        var unused = channel.writeAndFlush(new DatagramPacket(copy, to), channel.voidPromise());
        return true;
    }

    /** Completes when the port is free again. */
    public Future<Void> close() {
        Future<Void> closed = loop.future(channel.close());
        // The JDK keeps a closed channel's port until its selector has been looked at again.
        return channel instanceof NioDatagramChannel ? closed.compose(done -> afterNextSelect()) : closed;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the task itself completes the promise
    private Future<Void> afterNextSelect() {
        Promise<Void> selected = loop.promise();
        loop.eventLoop().schedule(() -> selected.complete(), 1, TimeUnit.MILLISECONDS);
        return selected.future();
    }

    /** Datagrams that the kernel threw away on their way in; empty where it doesn't tell. */
    OptionalLong receiveDrops() {
        long drops = receiveDrops;
        return drops < 0 ? OptionalLong.empty() : OptionalLong.of(drops);
    }

    /** From any thread. */
    void receiveDrops(long drops) {
        receiveDrops = drops;
    }

    DatagramChannel channel() {
        return channel;
    }

    /** Whether the kernel can be given several datagrams as one. */
    boolean segmentation() {
        return segmentation;
    }
}
