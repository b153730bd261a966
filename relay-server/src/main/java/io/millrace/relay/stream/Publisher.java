package io.millrace.relay.stream;

import java.net.InetSocketAddress;

/**
 * Who wants to publish a stream.
 *
 * @param address where it sends from
 * @param latencyMillis latency of our receiver for it
 * @param maximumSubscribers most subscribers that its stream may have; 0 for no bound of its own
 * @param evict closes its connection, from any thread; its publication ends as with any other close
 */
public record Publisher(InetSocketAddress address, int latencyMillis, int maximumSubscribers, Runnable evict) {}
