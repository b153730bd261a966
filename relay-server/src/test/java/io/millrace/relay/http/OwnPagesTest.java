package io.millrace.relay.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.HostAndPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnPagesTest {
    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080,  127.0.0.1:8080",
        "https://127.0.0.1:8080, 127.0.0.1:8080",
        "http://localhost:8080,  localhost:8080",
        "http://LocalHost:8080,  localhost:8080",
        "http://[::1]:8080,      [::1]:8080",
        "http://192.0.2.7,       192.0.2.7",
    })
    void pageOfTheApiItselfIsOwn(String origin, String host) {
        assertThat(OwnPages.isOwn(origin, HostAndPort.parseAuthority(host, -1), false))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example,           127.0.0.1:8080",
        "http://127.0.0.1:8081,         127.0.0.1:8080",
        "http://127.0.0.1,              127.0.0.1:8080",
        "http://127.0.0.1:8080.evil.example, 127.0.0.1:8080",
        "http://127.0.0.1:8080/,        127.0.0.1:8080",
        "ftp://127.0.0.1:8080,          127.0.0.1:8080",
        "null,                          127.0.0.1:8080",
        "'',                            127.0.0.1:8080",
        "http://rebound.example:8080,   rebound.example:8080",
        "http://127.0.0.1.evil.example, 127.0.0.1.evil.example",
    })
    void anotherSitesPageIsNot(String origin, String host) {
        assertThat(OwnPages.isOwn(origin, HostAndPort.parseAuthority(host, -1), false))
                .isFalse();
    }

    @Test
    void withoutAHostNobodyIsOwn() {
        assertThat(OwnPages.isOwn("http://127.0.0.1", null, true)).isFalse();
    }

    @Test
    void withTokensAPageMayBeCalledByAnyNameThatIsItsOwn() {
        HostAndPort own = HostAndPort.parseAuthority("relay.example.com", -1);

        assertThat(OwnPages.isOwn("https://relay.example.com", own, true)).isTrue();
        assertThat(OwnPages.isOwn("https://other.example.com", own, true)).isFalse();
        assertThat(OwnPages.isOwn("https://relay.example.com", own, false)).isFalse();
    }
}
