package io.millrace.relay.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP port that nobody else listens on, held until the event loops have opened their sockets on it.
 *
 * <p>The sockets of one port need {@code SO_REUSEPORT} to stand side by side, and with it the kernel lets any process of
 * the same user join them and take a share of the callers. Therefore the port is first bound without the option, which
 * fails when anybody is there, and the option is set only afterwards: in between nobody can slip in.
 *
 * <p>The reservation never reads. While it is open a share of the first datagrams is lost to it, so close it as soon as
 * all sockets are bound; callers repeat themselves.
 */
public final class PortReservation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PortReservation.class);
    private static final AtomicBoolean SAID_NO_IPV6 = new AtomicBoolean();

    private final DatagramChannel channel;
    private final InetSocketAddress address;

    private PortReservation(DatagramChannel channel, InetSocketAddress address) {
        this.channel = channel;
        this.address = address;
    }

    /**
     * Takes a port.
     *
     * @param listen port 0 takes any that is free. "::" becomes "0.0.0.0" on a machine without IPv6
     */
    public static PortReservation of(InetSocketAddress listen) throws UdpBindException {
        if (listen.isUnresolved()) {
            throw UdpBindException.unknownHost(listen);
        }
        try {
            return open(listen);
        } catch (UnsupportedOperationException e) {
            return withoutIpv6(listen, UdpBindException.of(listen, e));
        } catch (UdpBindException e) {
            if (e.reason() == UdpBindException.Reason.IN_USE || e.reason() == UdpBindException.Reason.DENIED) {
                throw e;
            }
            return withoutIpv6(listen, e);
        }
    }

    /** Where to bind: with the real port, and the wildcard that this machine has. */
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing a reserved port", e);
        }
    }

    private static PortReservation open(InetSocketAddress listen) throws UdpBindException {
        var family = listen.getAddress() instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
        PortReservation reservation = null;
        try {
            DatagramChannel channel = DatagramChannel.open(family);
            reservation = new PortReservation(channel, listen);
            channel.bind(listen);
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            } else {
                channel.close();
            }
            return new PortReservation(channel, new InetSocketAddress(listen.getAddress(), port));
        } catch (IOException e) {
            if (reservation != null) {
                reservation.close();
            }
            throw UdpBindException.of(listen, e);
        }
    }

    private static PortReservation withoutIpv6(InetSocketAddress listen, UdpBindException failure)
            throws UdpBindException {
        InetAddress host = listen.getAddress();
        if (host instanceof Inet4Address || !host.isAnyLocalAddress()) {
            throw failure;
        }
        PortReservation ipv4 = open(new InetSocketAddress("0.0.0.0", listen.getPort()));
        if (!SAID_NO_IPV6.getAndSet(true)) {
            LOG.warn("No IPv6 here: listening on 0.0.0.0 in place of [::] ({})", failure.getMessage());
        }
        return ipv4;
    }
}
