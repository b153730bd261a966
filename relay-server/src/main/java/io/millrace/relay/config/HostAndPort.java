package io.millrace.relay.config;

import java.util.Optional;

/** {@code HOST:PORT} as people type it; neither part is checked here. */
record HostAndPort(String host, String port) {
    static final String ALLOWED = "HOST:PORT, [IPV6]:PORT or :PORT for all addresses";

    static Optional<HostAndPort> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.isEmpty()) {
            return Optional.of(new HostAndPort("::", port));
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            return Optional.of(new HostAndPort(host.substring(1, host.length() - 1), port));
        }
        // Without brackets nobody can tell where an IPv6 address ends and the port starts.
        return host.indexOf(':') < 0 ? Optional.of(new HostAndPort(host, port)) : Optional.empty();
    }

    static String text(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
