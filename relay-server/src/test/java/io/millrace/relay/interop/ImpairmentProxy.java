package io.millrace.relay.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * A bad network in front of a UDP server on this host: clients send to {@link #port()}, and each client address gets
 * a socket of its own towards the server. The same seed gives the same sequence of decisions in each direction.
 */
final class ImpairmentProxy implements AutoCloseable {
    private static final int MAX_DATAGRAM_BYTES = 65_536;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final long MAX_WAIT_NANOS = 100_000_000;
    // A selector's wait is only good to a millisecond and may be late: the rest is waited for in short naps.
    private static final long SELECT_FROM_NANOS = 2_500_000;
    private static final long SELECT_MARGIN_NANOS = 1_500_000;
    private static final long NAP_NANOS = 50_000;

    private final InetSocketAddress server;
    private final ImpairedLink toServer;
    private final ImpairedLink toClient;
    private final Selector selector;
    private final DatagramChannel front;
    private final int port;
    private final Map<SocketAddress, DatagramChannel> upstreams = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
    private final Thread thread = new Thread(this::run, "impairment-proxy");
    private volatile boolean closing;

    private ImpairmentProxy(Builder settings) throws IOException {
        SplittableRandom seeds = new SplittableRandom(settings.seed);
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        server = new InetSocketAddress(loopback, settings.serverPort);
        toServer = new ImpairedLink(settings.toServer, seeds.split());
        toClient = new ImpairedLink(settings.toClient, seeds.split());
        selector = Selector.open();
        front = open();
        front.bind(new InetSocketAddress(loopback, 0));
        front.register(selector, SelectionKey.OP_READ);
        port = ((InetSocketAddress) front.getLocalAddress()).getPort();
    }

    /** Begins a proxy to a port of 127.0.0.1; nothing is impaired until said. */
    static Builder to(int serverPort) {
        return new Builder(serverPort);
    }

    int port() {
        return port;
    }

    LinkCounters toServer() {
        return toServer.counters();
    }

    LinkCounters toClient() {
        return toClient.counters();
    }

    /** How often clients went over to another key of what they send. */
    long keyChangesToServer() {
        return toServer.keyChanges();
    }

    /** How often the server went over to another key of what it sends to a client. */
    long keyChangesToClient() {
        return toClient.keyChanges();
    }

    /**
     * By how much the proxy held a datagram up at worst, beyond its delay. When the machine is too busy this grows, and
     * the network was worse than the test asked for.
     */
    long greatestLatenessMillis() {
        return Math.max(toServer.greatestLatenessMillis(), toClient.greatestLatenessMillis());
    }

    /** Changes, at once, what happens to datagrams that arrive from now on. */
    void impairToServer(Impairment impairment) {
        toServer.impair(impairment);
    }

    void impairToClient(Impairment impairment) {
        toClient.impair(impairment);
    }

    /** While active, everything is lost in both directions, what is already on the way included. */
    void outage(boolean active) {
        toServer.outage(active);
        toClient.outage(active);
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (selector;
                front) {
            while (!closing) {
                await();
                for (SelectionKey key : selector.selectedKeys()) {
                    receive(key);
                }
                selector.selectedKeys().clear();
                long nowNanos = System.nanoTime();
                toServer.deliverDue(nowNanos);
                toClient.deliverDue(nowNanos);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            upstreams.values().forEach(ImpairmentProxy::closeQuietly);
        }
    }

    private void await() throws IOException {
        long nowNanos = System.nanoTime();
        long waitNanos = toClient.untilNextNanos(nowNanos, toServer.untilNextNanos(nowNanos, MAX_WAIT_NANOS));
        if (waitNanos >= SELECT_FROM_NANOS) {
            selector.select((waitNanos - SELECT_MARGIN_NANOS) / 1_000_000);
        } else if (selector.selectNow() == 0 && waitNanos > 0) {
            LockSupport.parkNanos(Math.min(NAP_NANOS, waitNanos));
            selector.selectNow();
        }
    }

    private void receive(SelectionKey key) throws IOException {
        DatagramChannel channel = (DatagramChannel) key.channel();
        SocketAddress client = (SocketAddress) key.attachment();
        while (true) {
            buffer.clear();
            SocketAddress from;
            try {
                from = channel.receive(buffer);
            } catch (PortUnreachableException e) {
                continue; // The server does not listen yet, or no more: to the client that is a lost datagram.
            }
            if (from == null) {
                return;
            }
            buffer.flip();
            long nowNanos = System.nanoTime();
            if (channel == front) {
                DatagramChannel upstream = upstream(from);
                toServer.accept(nowNanos, buffer, datagram -> sendToServer(upstream, datagram));
            } else {
                toClient.accept(nowNanos, buffer, datagram -> sendToClient(client, datagram));
            }
        }
    }

    private DatagramChannel upstream(SocketAddress client) throws IOException {
        DatagramChannel known = upstreams.get(client);
        if (known != null) {
            return known;
        }
        DatagramChannel opened = open();
        opened.connect(server);
        opened.register(selector, SelectionKey.OP_READ, client);
        upstreams.put(client, opened);
        return opened;
    }

    private static void sendToServer(DatagramChannel upstream, ByteBuffer datagram) {
        try {
            upstream.write(datagram);
        } catch (PortUnreachableException e) {
            // As above: lost.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sendToClient(SocketAddress client, ByteBuffer datagram) {
        try {
            front.send(datagram, client);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DatagramChannel open() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
        return channel;
    }

    private static void closeQuietly(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is lost with it.
        }
    }

    /** Settings apply to both directions, but for those given to {@link #toServer} and {@link #toClient}. */
    static final class Builder {
        private final int serverPort;
        private Impairment toServer = Impairment.NONE;
        private Impairment toClient = Impairment.NONE;
        private long seed;

        private Builder(int serverPort) {
            this.serverPort = serverPort;
        }

        Builder loss(double probability) {
            return both(impairment -> impairment.loss(probability));
        }

        Builder burstLoss(double startProbability, double endProbability) {
            return both(impairment -> impairment.burstLoss(startProbability, endProbability));
        }

        Builder delayMillis(double millis) {
            return both(impairment -> impairment.delayMillis(millis));
        }

        Builder jitterMillis(double millis) {
            return both(impairment -> impairment.jitterMillis(millis));
        }

        Builder reorder(double probability, double heldBackMillis) {
            return both(impairment -> impairment.reorder(probability, heldBackMillis));
        }

        Builder duplication(double probability) {
            return both(impairment -> impairment.duplication(probability));
        }

        Builder rate(long bitsPerSecond, double queueMillis) {
            return both(impairment -> impairment.rate(bitsPerSecond, queueMillis));
        }

        Builder toServer(UnaryOperator<Impairment> change) {
            toServer = change.apply(toServer);
            return this;
        }

        Builder toClient(UnaryOperator<Impairment> change) {
            toClient = change.apply(toClient);
            return this;
        }

        Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        ImpairmentProxy start() throws IOException {
            ImpairmentProxy proxy = new ImpairmentProxy(this);
            proxy.thread.start();
            return proxy;
        }

        private Builder both(UnaryOperator<Impairment> change) {
            return toServer(change).toClient(change);
        }
    }
}
