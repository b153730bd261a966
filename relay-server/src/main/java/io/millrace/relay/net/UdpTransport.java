package io.millrace.relay.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens UDP sockets on event loops: epoll where Vert.x runs on it, the JDK's channels elsewhere. A port that is named may
 * be shared with other sockets of this user, as a listener's is by all loops, so it is taken by a {@link PortReservation}
 * first. A port that is not named is its socket's alone.
 */
public final class UdpTransport {
    private static final Logger LOG = LoggerFactory.getLogger(UdpTransport.class);

    /** Longer datagrams are cut off; SRT's are at most 1,500 bytes less the IP and UDP headers. */
    private static final int MAX_RECEIVED_BYTES = 2_048;

    /**
     * Datagrams read before what they caused is sent: all that have come, so that a loop with many acknowledgements to read
     * is not kept from them by the packets that it sends in between. Bounded for floods, at some milliseconds.
     */
    private static final int MAX_READS_PER_BURST = 2_048;

    /** What may wait for a socket whose kernel buffer is full; new datagrams are dropped from then on. */
    private static final int OUTBOUND_HIGH_WATER_BYTES = 8 << 20;

    private static final int OUTBOUND_LOW_WATER_BYTES = 4 << 20;
    private static final int DROPS_MILLIS = 5_000;
    private static final boolean JDK_SHARES_PORTS = jdkSharesPorts();

    private final UdpSettings settings;
    private final ReceiveDrops drops;
    private final AtomicBoolean saidReceiveBuffer = new AtomicBoolean();
    private final AtomicBoolean saidSendBuffer = new AtomicBoolean();

    public UdpTransport(UdpSettings settings) {
        this.settings = settings;
        drops = new ReceiveDrops(settings.receiveBufferBytes());
    }

    /** Looks every few seconds, as long as Vert.x runs, how many datagrams the kernel threw away at each socket. */
    public void watchReceiveDrops(Vertx vertx) {
        vertx.setPeriodic(
                DROPS_MILLIS,
                id -> vertx.executeBlocking(() -> {
                    updateReceiveDrops();
                    return null;
                }));
    }

    /** Looks now; blocks. */
    void updateReceiveDrops() {
        drops.update(LoopClock.nowMicros());
    }

    /**
     * Opens one socket.
     *
     * @param local port 0 takes any that is free, and shares it with nobody
     * @return fails with {@link UdpBindException}; completes on the loop
     */
    public Future<UdpSocket> bind(LoopExecutor loop, InetSocketAddress local) {
        if (local.isUnresolved()) {
            return Future.failedFuture(UdpBindException.unknownHost(local));
        }
        Promise<UdpSocket> bound = loop.promise();
        boolean epoll = ((IoEventLoop) loop.eventLoop()).isIoType(EpollIoHandler.class);
        boolean segmentation =
                epoll && settings.segmentation() && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
        ChannelFuture binding = bootstrap(loop, epoll, local).bind(local);
        binding.addListener(finished -> {
            if (finished.isSuccess()) {
                var channel = (DatagramChannel) binding.channel();
                UdpSocket socket = new UdpSocket(channel, loop, segmentation);
                checkGrantedBuffers(socket);
                watch(socket);
                bound.complete(socket);
            } else {
                bound.fail(UdpBindException.of(local, finished.cause()));
            }
        });
        return bound.future();
    }

    /**
     * Opens a listener's sockets on one loop: one, or for a wildcard those of {@link LocalAddresses#socketsFor}.
     *
     * @return fails with the first {@link UdpBindException}, and then nothing stays open. But next to a wildcard, an
     *     address that can't be bound (it went away, or IPv6 is still checking that it is unique) is left out
     */
    public Future<List<UdpSocket>> bindAll(LoopExecutor loop, PortReservation reservation, LocalAddresses addresses) {
        List<Future<UdpSocket>> bindings = new ArrayList<>();
        for (InetSocketAddress local : addresses.socketsFor(reservation.address())) {
            bindings.add(bind(loop, local));
        }
        boolean wildcard = bindings.size() > 1;
        return Future.join(bindings).transform(joined -> {
            List<UdpSocket> open = new ArrayList<>();
            Throwable failure = null;
            for (Future<UdpSocket> binding : bindings) {
                if (binding.succeeded()) {
                    open.add(binding.result());
                } else if (wildcard && isNotLocal(binding.cause())) {
                    LOG.info(
                            "{}; the wildcard socket stands in for it",
                            binding.cause().getMessage());
                } else if (failure == null) {
                    failure = binding.cause();
                }
            }
            if (failure == null) {
                return Future.succeededFuture(List.copyOf(open));
            }
            Throwable cause = failure;
            List<Future<Void>> closings = open.stream().map(UdpSocket::close).toList();
            return Future.join(closings).transform(closed -> Future.failedFuture(cause));
        });
    }

    /** Open sockets that drops are looked up for. */
    int watchedSockets() {
        return drops.size();
    }

    /** NIO hides a socket's file descriptor, and its address may be others' as well. */
    private void watch(UdpSocket socket) {
        if (socket.channel() instanceof EpollDatagramChannel channel) {
            drops.add(socket, channel.fd().intValue(), socket.receiveBufferBytes());
            channel.closeFuture().addListener(closed -> drops.remove(socket));
        }
    }

    private static boolean isNotLocal(Throwable cause) {
        return cause instanceof UdpBindException failure && failure.reason() == UdpBindException.Reason.NOT_LOCAL;
    }

    private Bootstrap bootstrap(LoopExecutor loop, boolean epoll, InetSocketAddress local) {
        var family =
                local.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.eventLoop())
                .channelFactory(() -> epoll ? new EpollDatagramChannel(family) : new NioDatagramChannel(family))
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                // Plain recvmsg: Netty's recvmmsg doubles the cost of a datagram that comes alone.
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(MAX_RECEIVED_BYTES).maxMessagesPerRead(MAX_READS_PER_BURST))
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(OUTBOUND_LOW_WATER_BYTES, OUTBOUND_HIGH_WATER_BYTES))
                .handler(new ChannelInboundHandlerAdapter());
        // Linux takes a port for free as well if all who have it would share it. Of two sockets that get the same one,
        // only one hears the peer that both call.
        boolean shared = local.getPort() != 0;
        if (shared && epoll) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        } else if (shared && JDK_SHARES_PORTS) {
            bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
        if (settings.receiveBufferBytes() > 0) {
            bootstrap.option(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes());
        }
        if (settings.sendBufferBytes() > 0) {
            bootstrap.option(ChannelOption.SO_SNDBUF, settings.sendBufferBytes());
        }
        if (settings.trafficClass() > 0) {
            bootstrap.option(ChannelOption.IP_TOS, settings.trafficClass());
        }
        return bootstrap;
    }

    private static boolean jdkSharesPorts() {
        try (var channel = java.nio.channels.DatagramChannel.open()) {
            return channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
        } catch (IOException e) {
            return false;
        }
    }

    private void checkGrantedBuffers(UdpSocket socket) {
        warnIfLess(
                "receive",
                settings.receiveBufferBytes(),
                socket.receiveBufferBytes(),
                "net.core.rmem_max",
                saidReceiveBuffer);
        warnIfLess("send", settings.sendBufferBytes(), socket.sendBufferBytes(), "net.core.wmem_max", saidSendBuffer);
    }

    private static void warnIfLess(String which, int askedBytes, int grantedBytes, String sysctl, AtomicBoolean said) {
        if (grantedBytes < askedBytes * 0.9 && !said.getAndSet(true)) {
            LOG.warn(
                    "The kernel grants UDP sockets a {} buffer of {} bytes, {} were asked for: bursts may be lost. "
                            + "Raise it with: sysctl -w {}={}",
                    which,
                    grantedBytes,
                    askedBytes,
                    sysctl,
                    askedBytes);
        }
    }
}
