package io.millrace.relay.listener;

import io.millrace.relay.access.ListenerAccess;
import io.millrace.relay.config.ListenerConfig;

/** What a listener's configuration says about its callers. Replaced as a whole when it changes; who is connected stays. */
record ListenerPolicy(ListenerAccess access, AddressFilter addresses) {
    /** @param index place of the listener in the configuration */
    static ListenerPolicy of(ListenerConfig config, int index) {
        return new ListenerPolicy(new ListenerAccess(config, index), AddressFilter.of(config));
    }
}
