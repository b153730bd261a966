package io.millrace.relay.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of this machine at one moment.
 *
 * <p>A socket that is bound to a wildcard answers from whichever address the kernel's routes prefer, and SRT callers
 * ignore answers from an address that they didn't call. So a listener on a wildcard opens a socket per address, and one
 * on the wildcard itself for what is left over: addresses that are added until the next scan, or 127.0.0.2.
 */
public final class LocalAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(LocalAddresses.class);

    /** By text, as equals() of IPv6 addresses ignores the scope, and two links may use one link-local address. */
    private final SortedMap<String, InetAddress> byText;

    private LocalAddresses(SortedMap<String, InetAddress> byText) {
        this.byText = byText;
    }

    /** What came and went between two scans. */
    public record Change(List<InetAddress> added, List<InetAddress> removed) {
        public boolean isEmpty() {
            return added.isEmpty() && removed.isEmpty();
        }
    }

    /** Reads the addresses of all network interfaces that are up; system calls, so not for every packet. */
    public static LocalAddresses scan() {
        List<InetAddress> addresses = new ArrayList<>();
        try {
            for (NetworkInterface link : NetworkInterface.networkInterfaces().toList()) {
                if (link.isUp()) {
                    link.inetAddresses().forEach(addresses::add);
                }
            }
        } catch (SocketException e) {
            LOG.warn("Can't list the network interfaces; sockets on a wildcard answer from the default address", e);
        }
        return of(addresses);
    }

    static LocalAddresses of(List<InetAddress> addresses) {
        SortedMap<String, InetAddress> byText = new TreeMap<>();
        for (InetAddress address : addresses) {
            byText.put(address.getHostAddress(), address);
        }
        return new LocalAddresses(byText);
    }

    /**
     * The sockets that listening on an address takes: itself, and for a wildcard also each address that it stands for,
     * the wildcard first. "::" stands for IPv4 as well.
     */
    public List<InetSocketAddress> socketsFor(InetSocketAddress listen) {
        List<InetSocketAddress> sockets = new ArrayList<>();
        sockets.add(listen);
        if (listen.getAddress().isAnyLocalAddress()) {
            boolean onlyIpv4 = listen.getAddress() instanceof Inet4Address;
            for (InetAddress address : byText.values()) {
                if (!onlyIpv4 || address instanceof Inet4Address) {
                    sockets.add(new InetSocketAddress(address, listen.getPort()));
                }
            }
        }
        return sockets;
    }

    /** What is to be opened and closed when a later scan finds other addresses. */
    public Change changeTo(LocalAddresses later) {
        return new Change(missingFrom(this, later), missingFrom(later, this));
    }

    private static List<InetAddress> missingFrom(LocalAddresses some, LocalAddresses others) {
        List<InetAddress> missing = new ArrayList<>();
        others.byText.forEach((text, address) -> {
            if (!some.byText.containsKey(text)) {
                missing.add(address);
            }
        });
        return missing;
    }
}
