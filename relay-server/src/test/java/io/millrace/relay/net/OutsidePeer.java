package io.millrace.relay.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Somebody out there with a plain socket. */
final class OutsidePeer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;

    private final DatagramSocket socket;

    OutsidePeer() {
        this(InetAddress.getLoopbackAddress());
    }

    OutsidePeer(InetAddress local) {
        try {
            socket = new DatagramSocket(new InetSocketAddress(local, 0));
            socket.setReceiveBufferSize(1 << 20);
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** From now on only datagrams from that address are seen, as callers of SRT do it. */
    void call(InetSocketAddress other) {
        try {
            socket.connect(other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(String text, InetSocketAddress to) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] receive() {
        DatagramPacket datagram = new DatagramPacket(new byte[65_536], 65_536);
        try {
            socket.receive(datagram);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.copyOf(datagram.getData(), datagram.getLength());
    }

    String receiveText() {
        return new String(receive(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        socket.close();
    }
}
