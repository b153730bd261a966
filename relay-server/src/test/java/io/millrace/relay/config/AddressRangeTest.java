package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0, 192.0.2.255, 192.0.1.255, 192.0.3.0",
        "192.0.2.128/25, 192.0.2.128, 192.0.2.255, 192.0.2.127, 192.0.3.0",
        "192.0.2.7, 192.0.2.7, 192.0.2.7, 192.0.2.6, 192.0.2.8",
        "192.0.2.7/32, 192.0.2.7, 192.0.2.7, 192.0.2.6, 192.0.2.8",
        "128.0.0.0/1, 128.0.0.0, 255.255.255.255, 127.255.255.255, 0.0.0.0",
        "2001:db8::/32, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db7:ffff::, 2001:db9::",
        "2001:db8::/64, 2001:db8::, 2001:db8::ffff:ffff:ffff:ffff, 2001:db7:ffff::, 2001:db8:0:1::",
        "2001:db8::/65, 2001:db8::, 2001:db8::7fff:ffff:ffff:ffff, 2001:db7:ffff::, 2001:db8::8000:0:0:0",
        "2001:db8::7, 2001:db8::7, 2001:db8::7, 2001:db8::6, 2001:db8::8",
        "2001:db8::7/128, 2001:db8::7, 2001:db8::7, 2001:db8::6, 2001:db8::8",
        "::ffff:192.0.2.0/120, 192.0.2.0, 192.0.2.255, 192.0.1.255, 192.0.3.0",
    })
    void rangeEndsWhereItsPrefixDoes(String range, String first, String last, String before, String after)
            throws Exception {
        assertThat(contains(range, first)).as(first).isTrue();
        assertThat(contains(range, last)).as(last).isTrue();
        assertThat(contains(range, before)).as(before).isFalse();
        assertThat(contains(range, after)).as(after).isFalse();
    }

    @Test
    void emptyPrefixIsAllOfItsFamilyAndNothingOfTheOther() throws Exception {
        for (String ipv4 : List.of("0.0.0.0", "127.0.0.1", "192.0.2.7", "255.255.255.255")) {
            assertThat(contains("0.0.0.0/0", ipv4)).as(ipv4).isTrue();
            assertThat(contains("::/0", ipv4)).as(ipv4).isFalse();
        }
        for (String ipv6 : List.of("::", "::1", "2001:db8::7", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) {
            assertThat(contains("::/0", ipv6)).as(ipv6).isTrue();
            assertThat(contains("0.0.0.0/0", ipv6)).as(ipv6).isFalse();
        }
    }

    @Test
    void mappedAddressIsTheIpv4AddressThatItCarries() throws Exception {
        InetAddress mapped = mapped(new byte[] {(byte) 192, 0, 2, 7});

        assertThat(range("192.0.2.0/24").contains(mapped)).isTrue();
        assertThat(range("192.0.2.7").contains(mapped)).isTrue();
        assertThat(range("192.0.3.0/24").contains(mapped)).isFalse();
        assertThat(range("0.0.0.0/0").contains(mapped)).isTrue();
        assertThat(range("::/0").contains(mapped)).isFalse();
        assertThat(range("::/64").contains(mapped)).isFalse();
        assertThat(range("::ffff:192.0.2.0/120")).isEqualTo(range("192.0.2.0/24"));
        assertThat(range("::ffff:0:0/96")).isEqualTo(range("0.0.0.0/0"));
    }

    @Test
    void scopeOfAnAddressMakesNoDifference() throws Exception {
        byte[] linkLocal = InetAddress.getByName("fe80::7").getAddress();

        assertThat(range("fe80::/10").contains(Inet6Address.getByAddress(null, linkLocal, 2)))
                .isTrue();
    }

    @Test
    void rangeContainsWhatHasItsLeadingBits() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] network = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(network);
            int bits = network.length * 8;
            int prefix = random.nextInt(bits + 1);
            clear(network, prefix);
            byte[] address = network.clone();
            int flipped = random.nextInt(bits);
            address[flipped / 8] ^= (byte) (0x80 >> flipped % 8);
            AddressRange range = range(InetAddress.getByAddress(network).getHostAddress() + "/" + prefix);

            assertThat(range.contains(InetAddress.getByAddress(network)))
                    .as("%s", range)
                    .isTrue();
            assertThat(range.contains(InetAddress.getByAddress(address)))
                    .as("%s, %s", range, InetAddress.getByAddress(address))
                    .isEqualTo(flipped >= prefix);
            if (network.length == 4) {
                assertThat(range.contains(mapped(address))).isEqualTo(flipped >= prefix);
            }
            assertThat(range(range.toString())).isEqualTo(range).hasSameHashCodeAs(range);
        }
    }

    private static void clear(byte[] address, int fromBit) {
        for (int bit = fromBit; bit < address.length * 8; bit++) {
            address[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
    }

    @Test
    void anyOfSeveralRangesWillDo() throws Exception {
        List<AddressRange> ranges = List.of(range("192.0.2.0/24"), range("2001:db8::/32"));

        assertThat(AddressRange.anyContains(ranges, InetAddress.getByName("192.0.2.9")))
                .isTrue();
        assertThat(AddressRange.anyContains(ranges, InetAddress.getByName("2001:db8::9")))
                .isTrue();
        assertThat(AddressRange.anyContains(ranges, InetAddress.getByName("192.0.3.9")))
                .isFalse();
        assertThat(AddressRange.anyContains(List.of(), InetAddress.getByName("192.0.2.9")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0/24",
        "192.0.2.7/32, 192.0.2.7",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:0DB8:0:0::/32, 2001:db8::/32",
        "2001:db8:0:0:1:0:0:1/128, 2001:db8::1:0:0:1",
        "::/0, ::/0",
        "::1, ::1",
        "::ffff:c000:207, 192.0.2.7",
        "::ffff:0:0/96, 0.0.0.0/0",
    })
    void printedFormIsTheShortestOne(String written, String printed) {
        assertThat(range(written)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/24",
                "192.0.2.0/",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "192.0.2.0/024",
                "192.0.2.0/+8",
                "192.0.2.0/24/24",
                "192.0.2.0/255.255.255.0",
                "192.0.2/24",
                "192.0.2.256",
                "3221225984",
                "0xc0.0.2.0/24",
                " 192.0.2.7",
                "192.0.2.7 ",
                "2001:db8::/129",
                "2001:db8::/999999999999",
                "[2001:db8::]/32",
                "fe80::1%lo",
                "1::2::3",
                "localhost",
                "example.org/24",
                ":",
                "\u0661\u0669\u0662.0.2.7",
                "::1\n",
            })
    void anythingElseIsNoRange(String text) {
        assertThat(AddressRange.parse(text)).isEmpty();
        assertThat(AddressRange.allowedInPlaceOf(text)).isEqualTo(AddressRange.ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7/24, 192.0.2.0/24, 192.0.2.7",
        "192.0.2.1/0, 0.0.0.0/0, 192.0.2.1",
        "2001:db8::7/32, 2001:db8::/32, 2001:db8::7",
        "::ffff:192.0.2.7/120, 192.0.2.0/24, ::ffff:192.0.2.7",
        "::ffff:0:0/90, ::ffc0:0:0/90, ::ffff:0:0",
    })
    void bitsBehindThePrefixAreRefusedWithTheRightSpelling(String text, String range, String alone) {
        assertThat(AddressRange.parse(text)).isEmpty();
        assertThat(AddressRange.allowedInPlaceOf(text))
                .isEqualTo(range + " for all that begins so, or " + alone + " for this address alone");
    }

    @Test
    void rangesAreEqualThatHaveTheSameAddresses() {
        assertThat(range("192.0.2.7")).isEqualTo(range("192.0.2.7/32")).isNotEqualTo(range("192.0.2.6"));
        assertThat(range("192.0.2.0/24")).isNotEqualTo(range("192.0.2.0/25"));
        assertThat(range("0.0.0.0/0")).isNotEqualTo(range("::/0"));
    }

    /** What the JDK never makes by itself: an IPv6 object with an IPv4 address in it. */
    private static InetAddress mapped(byte[] ipv4) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = bytes[11] = (byte) 0xff;
        System.arraycopy(ipv4, 0, bytes, 12, 4);
        InetAddress mapped = Inet6Address.getByAddress(null, bytes, -1);
        assertThat(mapped).isNotInstanceOf(Inet4Address.class);
        return mapped;
    }

    private static boolean contains(String range, String address) throws UnknownHostException {
        return range(range).contains(InetAddress.getByName(address));
    }

    private static AddressRange range(String text) {
        return AddressRange.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,              192.0.2.7",
        "::ffff:192.0.2.7,       192.0.2.7",
        "2001:db8:1:2:3:4:5:6,   2001:db8:1:2::/64",
        "::1,                    ::/64",
    })
    void holderOfAnAddressMayHaveAllOfANetwork(String address, String range) throws Exception {
        assertThat(AddressRange.ofHolder(InetAddress.getByName(address))).hasToString(range);
    }
}
