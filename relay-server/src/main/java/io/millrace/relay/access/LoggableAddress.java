package io.millrace.relay.access;

import io.millrace.relay.config.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses as logs and the API print them: IPv6 in its short form, RFC 5952. */
public final class LoggableAddress {
    private LoggableAddress() {}

    /** {@code 192.0.2.7:5000} or {@code [2001:db8::7]:5000}. */
    public static String of(InetSocketAddress address) {
        String host = of(address.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /** {@code 192.0.2.7} or {@code 2001:db8::7}. */
    public static String of(InetAddress address) {
        return IpLiteral.shortest(address);
    }
}
