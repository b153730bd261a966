package io.millrace.relay.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds an API that listens to the network and answers nobody there. */
final class ApiWarnings {
    private ApiWarnings() {}

    static List<String> of(HttpConfig http) {
        return !http.tokens().isEmpty() || isLoopback(http.host())
                ? List.of()
                : List.of(
                        "http.host is " + http.host()
                                + ", and http.tokens is empty: the API answers only callers on this machine; add a token for others");
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(host, e);
        }
    }
}
