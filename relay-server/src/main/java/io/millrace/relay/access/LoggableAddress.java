package io.millrace.relay.access;

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
        String full = address.getHostAddress();
        if (full.indexOf(':') < 0) {
            return full;
        }
        // With the colons around it, so that a run at the start or the end is no special case. The first of the
        // longest.
        String framed = ":" + full + ":";
        for (int zeros = 8; zeros >= 2; zeros--) {
            String run = ":0".repeat(zeros) + ":";
            int at = framed.indexOf(run);
            if (at >= 0) {
                return framed.substring(Math.min(1, at), at) + "::" + withoutLast(framed, at + run.length());
            }
        }
        return full;
    }

    private static String withoutLast(String framed, int from) {
        return framed.substring(from, Math.max(from, framed.length() - 1));
    }
}
