package io.millrace.relay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A bad network between the generator and a server. Each socket of the generator that is to go through it gets a path: a
 * pair of UDP sockets, one on the loopback interface that the generator's socket talks to instead of the server, and one
 * that talks to the server and is the peer that the server sees. One thread forwards in both directions, and loses and
 * delays on the way. So the sockets' own code does not know of it, and what is not impaired pays nothing for it.
 *
 * <p>A delay is kept to within a millisecond. What a full socket buffer costs is lost in addition to what was asked for.
 */
@SuppressWarnings("try") // closing awaits a thread, and is only done where that may be interrupted
final class ImpairedNetwork implements AutoCloseable {
    private static final int MAX_DATAGRAM_BYTES = 2_048;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    /** Datagrams read from one socket before the others have their turn. */
    private static final int MAX_READS = 64;

    private final double loss;
    private final long delayNanos;
    private final SplittableRandom seeds;
    private final Selector selector;
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Deque<ByteBuffer> spare = new ArrayDeque<>();
    /** In the order in which they are due, since all are delayed alike. */
    private final Queue<Transit> inTransit = new ArrayDeque<>();

    private final Thread thread = new Thread(this::run, "impaired-network");
    private volatile boolean closing;

    /** One way of a path. */
    private record Direction(DatagramChannel from, DatagramChannel to, SplittableRandom random) {}

    private record Transit(long dueNanos, Direction direction, ByteBuffer datagram) {}

    /** What it did, from its start on and in both directions. */
    record Toll(long datagrams, long lostDatagrams) {}

    ImpairedNetwork(Impairment impairment) throws IOException {
        loss = impairment.lossPercent() / 100;
        delayNanos = TimeUnit.MILLISECONDS.toNanos(impairment.delayMillis());
        seeds = new SplittableRandom(impairment.seed());
        selector = Selector.open();
        thread.setDaemon(true);
    }

    /**
     * Lays a path; to be called before {@link #start}.
     *
     * @param localPort of the generator's socket, which is bound to all addresses
     * @return what that socket is to call instead of the server
     */
    InetSocketAddress path(int localPort, InetSocketAddress server) throws IOException {
        boolean ipv4 = server.getAddress() instanceof Inet4Address;
        InetAddress loopback = InetAddress.getByName(ipv4 ? "127.0.0.1" : "::1");
        DatagramChannel near = open(ipv4);
        near.bind(new InetSocketAddress(loopback, 0));
        near.connect(new InetSocketAddress(loopback, localPort));
        DatagramChannel far = open(ipv4);
        far.connect(server);
        near.register(selector, SelectionKey.OP_READ, new Direction(near, far, seeds.split()));
        far.register(selector, SelectionKey.OP_READ, new Direction(far, near, seeds.split()));
        return (InetSocketAddress) near.getLocalAddress();
    }

    void start() {
        thread.start();
    }

    Toll toll() {
        return new Toll(arrived.get(), lost.get());
    }

    /** Delivers what has been sent, the farewells of closed connections for example, and ends. */
    @Override
    public void close() throws InterruptedException, IOException {
        closing = true;
        selector.wakeup();
        thread.join();
        selector.close();
        for (DatagramChannel channel : channels) {
            channel.close();
        }
    }

    private DatagramChannel open(boolean ipv4) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        channels.add(channel);
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
        return channel;
    }

    private void run() {
        try {
            while (!closing) {
                awaitDatagrams();
                deliverDue();
            }
            selector.selectNow(this::read);
            while (!inTransit.isEmpty()) {
                LockSupport.parkNanos(untilNextNanos());
                deliverDue();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitDatagrams() throws IOException {
        if (inTransit.isEmpty()) {
            selector.select(this::read);
            return;
        }
        long waitNanos = untilNextNanos();
        if (waitNanos <= 0) {
            selector.selectNow(this::read);
        } else {
            selector.select(this::read, TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1);
        }
    }

    private void read(SelectionKey key) {
        Direction direction = (Direction) key.attachment();
        for (int i = 0; i < MAX_READS; i++) {
            ByteBuffer datagram = spare.isEmpty() ? ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES) : spare.pop();
            if (!receive(direction, datagram)) {
                spare.push(datagram);
                return;
            }
            if (direction.random().nextDouble() < loss) {
                lost.incrementAndGet();
                spare.push(datagram);
            } else {
                inTransit.add(new Transit(System.nanoTime() + delayNanos, direction, datagram));
            }
            arrived.incrementAndGet();
        }
    }

    private static boolean receive(Direction direction, ByteBuffer datagram) {
        try {
            int length = direction.from().read(datagram.clear());
            datagram.flip();
            return length > 0;
        } catch (IOException e) {
            // Nobody listened where an earlier datagram went. Whoever sent it finds out by waiting, as on any network.
            return false;
        }
    }

    private void deliverDue() {
        while (!inTransit.isEmpty() && untilNextNanos() <= 0) {
            Transit next = inTransit.remove();
            if (!send(next)) {
                lost.incrementAndGet();
            }
            spare.push(next.datagram());
        }
    }

    private static boolean send(Transit transit) {
        try {
            return transit.direction().to().write(transit.datagram()) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private long untilNextNanos() {
        return inTransit.element().dueNanos() - System.nanoTime();
    }
}
