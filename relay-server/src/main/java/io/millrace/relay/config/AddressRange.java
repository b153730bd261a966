package io.millrace.relay.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that share a prefix, in the notation of CIDR: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address
 * alone. IPv4 addresses are IPv4 in whatever dress they come: one that is mapped to IPv6 is in the IPv4 range, and none is
 * in a range of IPv6, not even in {@code ::/0}.
 */
public final class AddressRange {
    static final String ALLOWED = "an IP address such as 192.0.2.7 or \"2001:db8::7\", or a range of them such as"
            + " 192.0.2.0/24 or \"2001:db8::/32\"";

    static final TextForm FORM = TextForm.of(
                    "(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)(?:/[0-9]{1,3})?", ALLOWED)
            .said(AddressRange::allowedInPlaceOf);

    private static final Pattern NOTATION = Pattern.compile("([^/%]{1,45})(?:/(0|[1-9][0-9]{0,2}))?");
    private static final int IPV6_BITS = 128;
    /** The bits in front of an IPv4 address where it is mapped to IPv6, {@code ::ffff:0:0/96}. */
    private static final int MAPPED_BITS = 96;

    private static final long MAPPED = 0xffff_0000_0000L;

    /** The first 64 bits of the first address, IPv4 mapped to IPv6. */
    private final long high;

    private final long low;
    private final long highMask;
    private final long lowMask;
    /** Of the 128 bits, for IPv4 too. */
    private final int prefixBits;

    private AddressRange(long high, long low, int prefixBits) {
        this.highMask = mask(prefixBits);
        this.lowMask = mask(prefixBits - Long.SIZE);
        this.high = high & highMask;
        this.low = low & lowMask;
        this.prefixBits = prefixBits;
    }

    /** A long whose first bits are set. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : -1L << Math.max(0, Long.SIZE - bits);
    }

    /** The range that is written like this; empty for anything else, so for bits that are set behind the prefix. */
    public static Optional<AddressRange> parse(String text) {
        return around(text).filter(range -> range.begins(text));
    }

    /** Where the holder of this address may come back from: the address itself, or its network of IPv6, a /64. */
    public static AddressRange ofHolder(InetAddress address) {
        boolean ipv4 = isMapped(high(address), low(address));
        return new AddressRange(high(address), low(address), ipv4 ? IPV6_BITS : IPV6_BITS / 2);
    }

    /** What may be there in place of a text that is no range. */
    public static String allowedInPlaceOf(String text) {
        return around(text)
                .map(range -> range + " for all that begins so, or " + address(text) + " for this address alone")
                .orElse(ALLOWED);
    }

    private static Optional<AddressRange> around(String text) {
        Matcher notation = NOTATION.matcher(text);
        if (!notation.matches() || !IpLiteral.isValid(notation.group(1))) {
            return Optional.empty();
        }
        int ownBits = text.indexOf(':') < 0 ? IPV6_BITS - MAPPED_BITS : IPV6_BITS;
        int prefix = notation.group(2) == null ? ownBits : Integer.parseInt(notation.group(2));
        if (prefix > ownBits) {
            return Optional.empty();
        }
        InetAddress written = literal(notation.group(1));
        return Optional.of(new AddressRange(high(written), low(written), IPV6_BITS - ownBits + prefix));
    }

    private boolean begins(String text) {
        InetAddress written = literal(address(text));
        return high(written) == high && low(written) == low;
    }

    private static String address(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }

    /** Whether this address is one of them. */
    public boolean contains(InetAddress address) {
        return contains(high(address), low(address));
    }

    /** Whether this address is in one of the ranges. */
    public static boolean anyContains(List<AddressRange> ranges, InetAddress address) {
        if (ranges.isEmpty()) {
            return false;
        }
        long high = high(address);
        long low = low(address);
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).contains(high, low)) {
                return true;
            }
        }
        return false;
    }

    private boolean contains(long addressHigh, long addressLow) {
        return (addressHigh & highMask) == high
                && (addressLow & lowMask) == low
                && isMapped(addressHigh, addressLow) == isIpv4();
    }

    private boolean isIpv4() {
        return prefixBits >= MAPPED_BITS && isMapped(high, low);
    }

    private static boolean isMapped(long high, long low) {
        return high == 0 && (low & 0xffff_ffff_0000_0000L) == MAPPED;
    }

    private static long high(InetAddress address) {
        return address instanceof Inet4Address ? 0 : number(address.getAddress(), 0);
    }

    private static long low(InetAddress address) {
        if (address instanceof Inet4Address) {
            // The JDK only gives a copy, which the compiler takes away again where it sees all that is done with it.
            byte[] bytes = address.getAddress();
            return MAPPED
                    | (bytes[0] & 0xffL) << 24
                    | (bytes[1] & 0xff) << 16
                    | (bytes[2] & 0xff) << 8
                    | bytes[3] & 0xff;
        }
        return number(address.getAddress(), Long.BYTES);
    }

    private static long number(byte[] bytes, int from) {
        long number = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            number = number << Byte.SIZE | bytes[i] & 0xff;
        }
        return number;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressRange range
                && range.high == high
                && range.low == low
                && range.prefixBits == prefixBits;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(31 * high + low) + prefixBits;
    }

    /** As it is written: the shortest form of the first address (RFC 5952), and the prefix unless it is one address. */
    @JsonValue
    @Override
    public String toString() {
        byte[] first =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
        String address;
        try {
            // Makes an IPv4 address of one that is mapped to IPv6.
            address = IpLiteral.shortest(InetAddress.getByAddress(first));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes", e);
        }
        if (prefixBits == IPV6_BITS) {
            return address;
        }
        return address + "/" + (isIpv4() ? prefixBits - MAPPED_BITS : prefixBits);
    }
}
