package io.millrace.relay.listener;

import io.millrace.relay.config.AddressRange;
import io.millrace.relay.config.ListenerConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whose handshakes a listener looks at. It is asked for each of them before anything else, and looks through its lists
 * from the first range to the last: meant for hundreds of ranges, not for ten thousand.
 */
record AddressFilter(List<AddressRange> allow, List<AddressRange> deny) implements Predicate<InetAddress> {
    static AddressFilter of(ListenerConfig config) {
        return new AddressFilter(config.allow(), config.deny());
    }

    @Override
    public boolean test(InetAddress address) {
        return (allow.isEmpty() || AddressRange.anyContains(allow, address))
                && !AddressRange.anyContains(deny, address);
    }
}
