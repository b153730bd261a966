package io.millrace.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalAddressesTest {
    private final InetAddress ipv4 = address("192.0.2.7");
    private final InetAddress ipv6 = address("2001:db8::7");

    @Test
    void aListenerOnOneAddressNeedsOneSocket() {
        var listen = new InetSocketAddress("192.0.2.7", 4_200);
        assertThat(LocalAddresses.of(List.of(ipv4, ipv6)).socketsFor(listen)).containsExactly(listen);
    }

    @Test
    void aWildcardNeedsASocketPerAddressOfItsFamilies() {
        var addresses = LocalAddresses.of(List.of(ipv4, ipv6));
        assertThat(addresses.socketsFor(new InetSocketAddress("0.0.0.0", 4_200)))
                .extracting(InetSocketAddress::getAddress)
                .containsExactly(address("0.0.0.0"), ipv4);
        assertThat(addresses.socketsFor(new InetSocketAddress("::", 4_200)))
                .extracting(InetSocketAddress::getAddress)
                .containsExactlyInAnyOrder(address("::"), ipv4, ipv6);
    }

    @Test
    void oneLinkLocalAddressOnTwoLinksIsTwoAddresses() throws Exception {
        byte[] bytes = address("fe80::1").getAddress();
        var addresses = LocalAddresses.of(
                List.of(Inet6Address.getByAddress(null, bytes, 2), Inet6Address.getByAddress(null, bytes, 3)));
        assertThat(addresses.socketsFor(new InetSocketAddress("::", 4_200))).hasSize(3);
    }

    @Test
    void aLaterScanTellsWhatCameAndWent() {
        var before = LocalAddresses.of(List.of(ipv4));
        assertThat(before.changeTo(LocalAddresses.of(List.of(ipv6))))
                .isEqualTo(new LocalAddresses.Change(List.of(ipv6), List.of(ipv4)));
        assertThat(before.changeTo(LocalAddresses.of(List.of(ipv4))).isEmpty()).isTrue();
    }

    @Test
    void theLoopbackAddressIsAmongThoseOfThisMachine() {
        assertThat(LocalAddresses.scan().socketsFor(new InetSocketAddress("0.0.0.0", 4_200)))
                .contains(new InetSocketAddress("127.0.0.1", 4_200));
    }

    private static InetAddress address(String text) {
        return new InetSocketAddress(text, 0).getAddress();
    }
}
