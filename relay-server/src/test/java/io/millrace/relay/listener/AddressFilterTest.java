package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.config.AddressRange;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressFilterTest {
    @ParameterizedTest
    @CsvSource({
        "'', '', 192.0.2.1, true",
        "192.0.2.0/24, '', 192.0.2.1, true",
        "192.0.2.0/24, '', 198.51.100.1, false",
        "192.0.2.0/24, '', 2001:db8::1, false",
        "192.0.2.0/24 2001:db8::/32, '', 2001:db8::1, true",
        "'', 192.0.2.0/24, 192.0.2.1, false",
        "'', 192.0.2.0/24, 198.51.100.1, true",
        "192.0.2.0/24, 192.0.2.7, 192.0.2.7, false",
        "192.0.2.0/24, 192.0.2.7, 192.0.2.8, true",
        "192.0.2.7, 192.0.2.0/24, 192.0.2.7, false",
    })
    void callsWhoIsAllowedAndNotDenied(String allow, String deny, String address, boolean mayCall) throws Exception {
        AddressFilter filter = new AddressFilter(ranges(allow), ranges(deny));

        assertThat(filter.test(InetAddress.getByName(address))).isEqualTo(mayCall);
    }

    private static List<AddressRange> ranges(String texts) {
        return Stream.of(texts.split(" "))
                .filter(text -> !text.isEmpty())
                .map(text -> AddressRange.parse(text).orElseThrow())
                .toList();
    }
}
