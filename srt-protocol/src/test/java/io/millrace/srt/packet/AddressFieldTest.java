package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressFieldTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 0100007f 00000000 00000000 00000000",
        "192.168.254.3, 03fea8c0 00000000 00000000 00000000",
        "::1, 00000000 00000000 00000000 01000000",
        "2001:db8:1234:5678:9abc:def0:fedc:ba98, b80d0120 78563412 f0debc9a 98badcfe"
    })
    void reversesEachGroupOfFourBytes(String address, String field) throws UnknownHostException {
        AddressField addressField = AddressField.of(InetAddress.getByName(address));

        assertThat(PacketBytes.hexOf(addressField::write)).isEqualTo(field);
    }
}
