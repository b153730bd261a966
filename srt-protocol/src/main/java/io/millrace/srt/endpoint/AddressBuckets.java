package io.millrace.srt.endpoint;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * A token bucket for every address there is, in a fixed amount of memory. A host has many IPv6 addresses, so there it is
 * one for every /64 network.
 *
 * <p>A keyed hash picks two buckets for an address, of which one with a token is enough. So nothing is ever evicted, and
 * no number of addresses makes this grow. An address suffers for others only if both of its buckets are emptied by
 * theirs: with 100 addresses over their budget, one in 1,700 does. Nobody can choose whom that hits.
 */
final class AddressBuckets {
    /** Of each of the two sets; a power of two. */
    private static final int BUCKETS = 4096;

    private final TokenBuckets buckets;
    private final long secret;

    AddressBuckets(int size, int tokensPerSecond, RandomGenerator random) {
        buckets = new TokenBuckets(2 * BUCKETS, size, tokensPerSecond);
        secret = random.nextLong();
    }

    /** Takes a token; false if the address has none. */
    boolean take(InetAddress address, long nowMicros) {
        long hash = hash(network(address) ^ secret);
        // Both lose a token, as if each address that shares one had it alone.
        return buckets.take((int) hash & BUCKETS - 1, nowMicros)
                | buckets.take(BUCKETS + ((int) (hash >>> 32) & BUCKETS - 1), nowMicros);
    }

    private static long network(InetAddress address) {
        byte[] bytes = address.getAddress();
        ByteBuffer words = ByteBuffer.wrap(bytes);
        if (bytes.length == 4) {
            return words.getInt(0);
        }
        long prefix = words.getLong(0);
        // IPv4 written as IPv6: all of it would be one network.
        return prefix == 0 ? words.getLong(8) : prefix;
    }

    /** Spreads every bit over all bits: the finalizer of MurmurHash3. */
    private static long hash(long key) {
        long hash = key;
        hash = (hash ^ hash >>> 33) * 0xFF51_AFD7_ED55_8CCDL;
        hash = (hash ^ hash >>> 33) * 0xC4CE_B9FE_1A85_EC53L;
        return hash ^ hash >>> 33;
    }
}
