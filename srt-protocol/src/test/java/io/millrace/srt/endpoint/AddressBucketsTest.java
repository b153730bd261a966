package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressBucketsTest {
    private static final int SIZE = 10;

    private final AddressBuckets buckets = new AddressBuckets(SIZE, 10, new Random(1));

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 0",
        "192.0.2.1, 192.0.2.2, 10",
        "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff, 0",
        "2001:db8:1:2::1, 2001:db8:1:3::1, 10",
        "192.0.2.1, 2001:db8:1:2::1, 10",
    })
    void addressesShareTheirBucketOnlyWithinAnIpv6Network(String greedy, String other, int left) throws Exception {
        assertThat(taken(InetAddress.getByName(greedy))).isEqualTo(SIZE);

        assertThat(taken(InetAddress.getByName(other))).isEqualTo(left);
    }

    @Test
    void ipv4AddressesInIpv6NotationAreNotOneNetwork() throws Exception {
        taken(mapped(1));

        assertThat(taken(mapped(2))).isEqualTo(SIZE);
    }

    @Test
    void fewSufferForOthers() {
        IntStream.range(0, 100)
                .forEach(i -> taken(ScriptedCaller.address(1_000_000 + i).getAddress()));

        long innocent = 10_000;
        long served = IntStream.range(0, (int) innocent)
                .filter(i -> buckets.take(ScriptedCaller.address(i).getAddress(), 10_000))
                .count();

        // 5.8 of them have both of their buckets emptied, on average.
        assertThat(innocent - served).isLessThan(20);
    }

    private int taken(InetAddress address) {
        int taken = 0;
        while (buckets.take(address, 0)) {
            taken++;
        }
        return taken;
    }

    private static InetAddress mapped(int last) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = bytes[11] = (byte) 0xFF;
        bytes[12] = 10;
        bytes[15] = (byte) last;
        return Inet6Address.getByAddress(null, bytes, 0);
    }
}
