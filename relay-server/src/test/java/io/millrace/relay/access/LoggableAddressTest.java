package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggableAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "2001:db8::7, 2001:db8::7",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8"
    })
    void ipv6IsPrintedInItsShortForm(String host, String text) throws Exception {
        InetAddress address = InetAddress.getByName(host);

        assertThat(LoggableAddress.of(address)).isEqualTo(text);
        assertThat(InetAddress.getByName(LoggableAddress.of(address))).isEqualTo(address);
        assertThat(LoggableAddress.of(new InetSocketAddress(address, 8890)))
                .isEqualTo(host.contains(":") ? "[" + text + "]:8890" : text + ":8890");
    }
}
