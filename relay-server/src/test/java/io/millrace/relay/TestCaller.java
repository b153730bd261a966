package io.millrace.relay;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.packet.DatagramSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** An SRT peer with a UDP socket and a thread of its own, as encoders and players are. It may make several calls. */
final class TestCaller implements AutoCloseable {
    private static final int MAX_DATAGRAM = 2048;

    /** Twice the patience of libsrt's callers: on a machine with too much to do, the relay's first answers take long. */
    private static final EndpointSettings SETTINGS = new EndpointSettings(
            false,
            0,
            0,
            6_000_000,
            EndpointSettings.CALLER.mayCall(),
            EndpointSettings.CALLER.handshakeLimits(),
            EndpointSettings.CALLER.mayForward());

    private final DatagramChannel channel;
    private final Selector selector;
    private final Thread thread;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final SrtEndpoint endpoint = new SrtEndpoint(SETTINGS, random, () -> random.nextInt(1, 0x4000_0000));
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<Integer, TestCall> calls = new ConcurrentHashMap<>();
    private final Sink sink;
    private volatile boolean stopped;
    private volatile boolean deaf;
    private volatile UnaryOperator<byte[]> outgoing = UnaryOperator.identity();
    private volatile UnaryOperator<byte[]> incoming = UnaryOperator.identity();
    private volatile int lostDataPacket = -1;
    private int dataPackets;

    /** Calls from the address that it is going to call: all are this machine's. */
    static TestCaller towards(InetSocketAddress listener) {
        return new TestCaller(listener.getAddress());
    }

    /** Calls from one of this machine's addresses: 127.0.0.2, for example. */
    static TestCaller from(String address) {
        return new TestCaller(new InetSocketAddress(address, 0).getAddress());
    }

    private TestCaller(InetAddress local) {
        try {
            channel = DatagramChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 22);
            channel.bind(new InetSocketAddress(local, 0));
            channel.configureBlocking(false);
            selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sink = new Sink(new InetSocketAddress(local, 0));
        thread = new Thread(this::run, "test-caller");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it calls from. */
    InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestCall call(InetSocketAddress listener, String streamId) {
        return call(listener, streamId, ConnectionSettings.DEFAULT);
    }

    TestCall call(InetSocketAddress listener, String streamId, ConnectionSettings settings) {
        return call(listener, streamId, settings, KeyAgreement.Clear.CLEAR, true);
    }

    /** Calls with keys, or without. */
    TestCall call(
            InetSocketAddress listener,
            String streamId,
            ConnectionSettings settings,
            KeyAgreement keys,
            boolean enforced) {
        TestCall call = new TestCall(this, streamId);
        execute(() -> calls.put(endpoint.connect(nowMicros(), listener, settings, streamId, keys, enforced), call));
        return call;
    }

    /** Calls with a passphrase: AES-CTR, keys of 16 bytes. */
    TestCall call(InetSocketAddress listener, String streamId, String passphrase) {
        return call(listener, streamId, ConnectionSettings.DEFAULT, keys(passphrase, CipherMode.CTR, 16), true);
    }

    static KeyAgreement.Secured keys(String passphrase, CipherMode mode, int keyLength) {
        SecureRandom random = new SecureRandom();
        KeyEncryptionKey kek =
                KeyEncryptionKey.derive(Passphrase.of(passphrase), KeyEncryptionKey.generateSalt(random), keyLength);
        return KeyAgreement.Secured.initiate(kek, mode, random);
    }

    /** Rewrites what it says and hears: a peer that does something in another way than ours. */
    void rewrite(UnaryOperator<byte[]> out, UnaryOperator<byte[]> in) {
        outgoing = out;
        incoming = in;
    }

    /** From now on it hears nothing and says nothing, like a machine that lost its network. */
    void goDeaf() {
        deaf = true;
    }

    /** One data packet will be lost on its way out: the so-and-so-manieth from the start, from 0. */
    void loseDataPacket(int number) {
        lostDataPacket = number;
    }

    /** Ends all connections, which are told so. */
    @Override
    public void close() {
        execute(() -> {
            endpoint.closeAll(nowMicros());
            stopped = true;
        });
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** On its thread. */
    SrtEndpoint endpoint() {
        return endpoint;
    }

    static long nowMicros() {
        return System.nanoTime() / 1000;
    }

    private void run() {
        try (channel;
                selector) {
            ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_DATAGRAM);
            while (!stopped) {
                long waitMicros = endpoint.nextTimeoutMicros() - nowMicros();
                if (waitMicros <= 0) {
                    selector.selectNow();
                } else {
                    selector.select(Math.min(waitMicros / 1000 + 1, 1000));
                }
                selector.selectedKeys().clear();
                read(datagram);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                if (endpoint.nextTimeoutMicros() <= nowMicros()) {
                    endpoint.handleTimeout(nowMicros());
                }
                for (EndpointEvent event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
                    handOn(event);
                }
                endpoint.drain(nowMicros(), sink);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(ByteBuffer datagram) throws IOException {
        while (true) {
            datagram.clear();
            InetSocketAddress from = (InetSocketAddress) channel.receive(datagram);
            if (from == null) {
                return;
            }
            if (!deaf) {
                endpoint.handleDatagram(nowMicros(), from, rewritten(datagram.flip(), incoming));
            }
        }
    }

    private static ByteBuffer rewritten(ByteBuffer datagram, UnaryOperator<byte[]> rewriting) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(datagram.position(), bytes);
        return ByteBuffer.wrap(rewriting.apply(bytes));
    }

    private void handOn(EndpointEvent event) {
        if (event instanceof EndpointEvent.Connected connected) {
            call(connected.connection()).connected(connected.connection());
        } else if (event instanceof EndpointEvent.ConnectFailed failed) {
            calls.get(failed.socketId()).refused(failed.reason(), failed.rejectionType());
        } else if (event instanceof EndpointEvent.Closed closed) {
            call(closed.connection()).closed(closed.reason());
        }
    }

    private TestCall call(SrtConnection connection) {
        return calls.get(connection.localSocketId());
    }

    /** Writes to the socket; what does not fit its buffer is lost, as on any network. */
    private final class Sink implements DatagramSink {
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
        private InetSocketAddress to;

        Sink(InetSocketAddress nobody) {
            to = nobody;
        }

        @Override
        public ByteBuffer begin(InetSocketAddress address, int maxLength) {
            to = address;
            return buffer.clear();
        }

        @Override
        public void end() {
            buffer.flip();
            if (deaf || isLost()) {
                return;
            }
            try {
                channel.send(rewritten(buffer, outgoing), to);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean isLost() {
            boolean data = buffer.get(buffer.position()) >= 0;
            return data && dataPackets++ == lostDataPacket;
        }
    }
}
