package io.millrace.relay.stream;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * Who wants to publish a stream.
 *
 * @param address where it sends from
 * @param latencyMillis latency of our receiver for it
 * @param maximumSubscribers most subscribers that its stream may have; 0 for no bound of its own
 * @param identity who it is, so that the same one may replace itself on another node; empty for whoever may
 * @param evict closes its connection, from any thread, for this reason; its publication ends as with any other close
 */
public record Publisher(
        InetSocketAddress address,
        int latencyMillis,
        int maximumSubscribers,
        String identity,
        Consumer<String> evict) {}
