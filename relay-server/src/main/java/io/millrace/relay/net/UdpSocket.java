package io.millrace.relay.net;

import io.netty.channel.socket.DatagramChannel;
import io.vertx.core.Future;
import java.net.InetSocketAddress;

/** A bound UDP socket on an event loop. It reads nothing until an {@link EndpointDriver} starts on it. */
public final class UdpSocket {
    private final DatagramChannel channel;
    private final LoopExecutor loop;
    private final boolean segmentation;

    UdpSocket(DatagramChannel channel, LoopExecutor loop, boolean segmentation) {
        this.channel = channel;
        this.loop = loop;
        this.segmentation = segmentation;
    }

    public InetSocketAddress localAddress() {
        return channel.localAddress();
    }

    public LoopExecutor loop() {
        return loop;
    }

    public Future<Void> close() {
        return loop.future(channel.close());
    }

    DatagramChannel channel() {
        return channel;
    }

    /** Whether the kernel can be given several datagrams as one. */
    boolean segmentation() {
        return segmentation;
    }
}
