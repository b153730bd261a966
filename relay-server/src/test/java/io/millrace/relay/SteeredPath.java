package io.millrace.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * A load balancer for one caller, who calls {@link #front()}. It may change its mind to which node his datagrams go, and
 * like a NAT it lets nothing through but answers of the address that they go to now.
 */
final class SteeredPath implements AutoCloseable {
    private final Selector selector;
    private final DatagramChannel front;
    private final DatagramChannel back;
    private final Thread thread;
    private volatile InetSocketAddress target;
    private volatile boolean stopped;

    SteeredPath(InetSocketAddress target) {
        this.target = target;
        try {
            selector = Selector.open();
            front = open();
            back = open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "steered-path");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where the caller calls. */
    InetSocketAddress front() {
        return address(front);
    }

    /** Where the nodes see him. */
    InetSocketAddress back() {
        return address(back);
    }

    /** His datagrams go there from now on. */
    void steerTo(InetSocketAddress node) {
        target = node;
    }

    @Override
    public void close() {
        stopped = true;
        selector.wakeup();
    }

    private DatagramChannel open() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        return channel;
    }

    private static InetSocketAddress address(DatagramChannel channel) {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run() {
        ByteBuffer datagram = ByteBuffer.allocate(2048);
        InetSocketAddress caller = null;
        try (selector;
                front;
                back) {
            while (!stopped) {
                selector.select();
                selector.selectedKeys().clear();
                InetSocketAddress from;
                while ((from = (InetSocketAddress) front.receive(datagram.clear())) != null) {
                    caller = from;
                    back.send(datagram.flip(), target);
                }
                while ((from = (InetSocketAddress) back.receive(datagram.clear())) != null) {
                    if (caller != null && from.equals(target)) {
                        front.send(datagram.flip(), caller);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
