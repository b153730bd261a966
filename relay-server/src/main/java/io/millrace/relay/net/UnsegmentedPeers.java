package io.millrace.relay.net;

import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/** Peers that take no segmented sends, for example because a link's MTU is below the segment. The oldest is forgotten. */
final class UnsegmentedPeers {
    private final int capacity;
    private final Set<InetSocketAddress> peers = new LinkedHashSet<>();

    UnsegmentedPeers(int capacity) {
        this.capacity = capacity;
    }

    boolean contains(InetSocketAddress peer) {
        return !peers.isEmpty() && peers.contains(peer);
    }

    /** Whether it was not known yet. */
    boolean add(InetSocketAddress peer) {
        if (!peers.add(peer)) {
            return false;
        }
        if (peers.size() > capacity) {
            var oldest = peers.iterator();
            oldest.next();
            oldest.remove();
        }
        return true;
    }
}
