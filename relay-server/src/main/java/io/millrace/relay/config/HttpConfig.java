package io.millrace.relay.config;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the API, the pages, the metrics and the health checks are served.
 *
 * @param host the IP address to bind
 * @param port the TCP port; 0 takes any free one
 * @param tokens who may use the API; without any, whoever is on this machine
 * @param compatibility whose statistics are served as well
 * @param maximumLiveViewers those who are sent streams over HTTP at a time, of all streams
 */
public record HttpConfig(
        String host, int port, List<ApiTokenConfig> tokens, List<Compatibility> compatibility, int maximumLiveViewers) {
    /** A request is compared with each of them. */
    private static final int MAX_TOKENS = 100;

    /** One event loop writes to all of them. */
    private static final int MAX_LIVE_VIEWERS = 1_000;

    public HttpConfig {
        tokens = List.copyOf(tokens);
        compatibility = List.copyOf(compatibility);
    }

    /** The address to bind. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    static HttpConfig bind(Section keys) {
        return new HttpConfig(
                keys.text("host", "127.0.0.1", IpLiteral.FORM),
                keys.integer("port", 8080, 0, 65_535),
                tokens(keys),
                keys.choices("compatibility", List.of(), Compatibility.class),
                keys.integer("maximumLiveViewers", 10, 0, MAX_LIVE_VIEWERS));
    }

    private static List<ApiTokenConfig> tokens(Section keys) {
        Set<String> names = new HashSet<>();
        List<ApiTokenConfig> tokens = keys.sections("tokens", entry -> {
            ApiTokenConfig token = ApiTokenConfig.bind(entry);
            if (entry.isSound() && !names.add(token.name())) {
                entry.refuse("name", token.name(), "a name that no other token has");
            }
            return token;
        });
        if (tokens.size() > MAX_TOKENS) {
            keys.refuse("tokens", tokens.size() + " tokens", "at most " + MAX_TOKENS + " of them");
        }
        return tokens;
    }
}
