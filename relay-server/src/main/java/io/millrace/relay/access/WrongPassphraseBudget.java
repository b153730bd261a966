package io.millrace.relay.access;

import io.millrace.srt.handshake.RejectReason;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many wrong passphrases an address may try: each costs about a millisecond of a processor, and a guess. Who has the
 * right one is charged nothing, so a crowd behind one address gets in. Callable from any thread.
 */
final class WrongPassphraseBudget {
    /** An address that is forgotten has its whole budget again, so somebody with so many addresses needs no more. */
    static final int MAX_ADDRESSES = 8192;

    private static final double NANOS_PER_MINUTE = 60e9;

    private final LongSupplier clockNanos;
    private int perMinute;
    private final Map<AddressPrefix, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AddressPrefix, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private static final class Bucket {
        double tokens;
        long filledNanos;
    }

    WrongPassphraseBudget(int perMinute) {
        this(perMinute, System::nanoTime);
    }

    WrongPassphraseBudget(int perMinute, LongSupplier clockNanos) {
        this.perMinute = perMinute;
        this.clockNanos = clockNanos;
    }

    /** From now on each address has so many. */
    synchronized void perMinute(int changed) {
        perMinute = changed;
    }

    /** Before a passphrase is tried: false if that is not to be done. */
    synchronized boolean take(InetAddress peer) {
        long now = clockNanos.getAsLong();
        Bucket bucket = buckets.get(AddressPrefix.of(peer));
        if (bucket == null) {
            bucket = new Bucket();
            bucket.tokens = perMinute;
            bucket.filledNanos = now;
            buckets.put(AddressPrefix.of(peer), bucket);
        }
        bucket.tokens = Math.min(perMinute, bucket.tokens + (now - bucket.filledNanos) * perMinute / NANOS_PER_MINUTE);
        bucket.filledNanos = now;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }

    /** What a caller is told that has used its budget up. */
    Refusal refusal() {
        return new Refusal(
                RejectReason.OVERLOAD,
                "from this address came more than " + perMinute
                        + " wrong passphrases in a minute: correct the caller's passphrase, or raise"
                        + " limits.wrongPassphrasesPerMinute");
    }

    /** It was the right one. */
    synchronized void giveBack(InetAddress peer) {
        Bucket bucket = buckets.get(AddressPrefix.of(peer));
        if (bucket != null) {
            bucket.tokens = Math.min(perMinute, bucket.tokens + 1);
        }
    }

    /** Whose budget it is: an IPv4 address, or the /64 of IPv6 within which a host takes any address that it likes. */
    private record AddressPrefix(long bits, boolean v6) {
        static AddressPrefix of(InetAddress address) {
            byte[] bytes = address.getAddress();
            long bits = 0;
            for (int i = 0; i < Math.min(bytes.length, Long.BYTES); i++) {
                bits = bits << 8 | bytes[i] & 0xFF;
            }
            return new AddressPrefix(bits, bytes.length > 4);
        }
    }
}
