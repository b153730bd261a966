package io.millrace.relay.listener;

import io.millrace.relay.access.ListenerAccess;
import io.millrace.relay.config.ListenerConfig;

/**
 * What a listener's configuration says about its callers. Replaced as a whole when it changes; who is connected stays.
 *
 * @param forNodes whether it is for the other nodes, which take streams there and prove themselves by the cluster's secret
 */
record ListenerPolicy(ListenerAccess access, AddressFilter addresses, boolean forNodes) {
    /** @param index place of the listener in the configuration */
    static ListenerPolicy of(ListenerConfig config, int index) {
        return new ListenerPolicy(new ListenerAccess(config, index), AddressFilter.of(config), false);
    }

    /** That of the listener that other nodes call. */
    static ListenerPolicy forNodes(ListenerConfig config) {
        return new ListenerPolicy(ListenerAccess.forNodes(config), AddressFilter.of(config), true);
    }
}
