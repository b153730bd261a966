package io.millrace.relay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ServerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "srt://127.0.0.1:8890, 127.0.0.1, 8890",
        "127.0.0.1:1, 127.0.0.1, 1",
        "srt://[::1]:65535, ::1, 65535",
        "[::1]:9, ::1, 9"
    })
    void readsHostAndPort(String text, String host, int port) {
        ServerAddress server = new ServerAddress.Converter().convert(text);

        assertThat(server.address()).isEqualTo(new InetSocketAddress(host, port));
        assertThat(server.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "srt://127.0.0.1",
                "srt://:8890",
                "srt://127.0.0.1:0",
                "srt://127.0.0.1:65536",
                "srt://::1:8890",
                "udp://127.0.0.1:8890",
                "srt://127.0.0.1:8890?streamid=live",
                "srt://127.0.0.1:8890/live",
                "srt://user@127.0.0.1:8890",
                "srt://a b:1",
                ""
            })
    void anythingElseIsToldWhatItShouldLookLike(String text) {
        assertThatThrownBy(() -> new ServerAddress.Converter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("'" + text + "' is not srt://HOST:PORT, such as ");
    }

    @Test
    void hostThatNobodyKnowsIsAnErrorOfItsOwn() {
        assertThatThrownBy(() -> new ServerAddress.Converter().convert("srt://nowhere.invalid:8890"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("the host of 'srt://nowhere.invalid:8890' is unknown");
    }
}
