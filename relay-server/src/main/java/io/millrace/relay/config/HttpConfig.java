package io.millrace.relay.config;

import java.net.InetSocketAddress;

/**
 * Where the API, the pages, the metrics and the health checks are served.
 *
 * @param host the IP address to bind
 * @param port the TCP port; 0 takes any free one
 */
public record HttpConfig(String host, int port) {
    /** The address to bind. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    static HttpConfig bind(Section keys) {
        return new HttpConfig(keys.text("host", "127.0.0.1", IpLiteral.FORM), keys.integer("port", 8080, 0, 65_535));
    }
}
