package io.millrace.relay.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.Passphrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SrtUrlTest {
    @Test
    void anAddressAloneHasLibsrtsDefaults() {
        SrtUrl url = SrtUrl.parse("srt://host.example:8890");

        assertThat(url).isEqualTo(new SrtUrl("host.example", 8890, "", 120, null, 16, CipherMode.CTR, 1316, 3000));
    }

    @Test
    void everyParameterIsRead() throws Exception {
        SrtUrl url = SrtUrl.parse("srt://[::1]:9?streamid=live&latency=250&passphrase=correct horse&pbkeylen=32"
                + "&cryptomode=gcm&mode=caller&transtype=live&pkt_size=188&conntimeo=500");

        assertThat(url.host()).isEqualTo("::1");
        assertThat(url.streamId()).isEqualTo("live");
        assertThat(url.latencyMillis()).isEqualTo(250);
        assertThat(url.encryption()).isEqualTo(new Encryption(Passphrase.of("correct horse"), 32, CipherMode.GCM));
        assertThat(url.payloadBytes()).isEqualTo(188);
        assertThat(url.connectTimeoutMillis()).isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "#!::r=cam1,m=publish     | #!::r=cam1,m=publish",
                "%23!::r=cam1,m=publish   | #!::r=cam1,m=publish",
                "%23%21%3A%3Ar%3Dcam%26co | #!::r=cam&co",
                "#!::r=a?b/c#d,u=x        | #!::r=a?b/c#d,u=x",
                "a+b                      | a+b",
                "100%                     | 100%",
                "caf%C3%A9                | caf\u00e9"
            })
    void streamIdsAreTakenAsTheyAreOrEncoded(String written, String streamId) {
        assertThat(SrtUrl.parse("srt://127.0.0.1:1?latency=80&streamid=" + written)
                        .streamId())
                .isEqualTo(streamId);
        assertThat(SrtUrl.parse("srt://127.0.0.1:1?streamid=" + written + "&latency=80")
                        .streamId())
                .isEqualTo(streamId);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "streamId=a          | 'streamId' is no parameter of an SRT URL here: there are conntimeo, cryptomode,"
                        + " latency, mode, passphrase, pbkeylen, pkt_size, streamid, transtype; write & in a value as %26",
                "latency             | latency has no value",
                "latency=1&latency=1 | latency is given twice",
                "latency=-1          | latency must be 0 to 60000 milliseconds, not '-1'",
                "latency=120ms       | latency must be 0 to 60000 milliseconds, not '120ms'",
                "pkt_size=1457       | pkt_size must be 1 to 1456 bytes, not '1457'",
                "pbkeylen=20         | pbkeylen must be 16, 24 or 32, not '20'",
                "cryptomode=cbc      | cryptomode must be ctr or gcm, not 'cbc'",
                "mode=listener       | mode=listener: only calls are made, with mode=caller",
                "transtype=file      | transtype=file: only live streams are known, with transtype=live"
            })
    void whatIsWrongIsTold(String query, String message) {
        assertThatThrownBy(() -> SrtUrl.parse("srt://127.0.0.1:1?" + query))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aStreamIdThatSrtCannotCarryIsRefused() {
        assertThatThrownBy(() -> SrtUrl.parse("srt://127.0.0.1:1?streamid=" + "\u00e9".repeat(257)))
                .hasMessage("streamid has 514 bytes, SRT takes at most 512");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:1",
                "srt://127.0.0.1",
                "srt://:8890",
                "srt://127.0.0.1:0",
                "srt://127.0.0.1:65536",
                "srt://127.0.0.1:+80",
                "srt://::1:8890",
                "udp://127.0.0.1:8890",
                "srt://127.0.0.1:8890/live",
                "srt://127.0.0.1:8890#x",
                "srt://a b:1",
                ""
            })
    void anythingElseIsToldWhatItShouldLookLike(String text) {
        assertThatThrownBy(() -> SrtUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' is not srt://HOST:PORT, such as ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "srt://h:1?passphrase=hidden&den=1",
                "srt://h:1?passphrase=hidden&den",
                "srt://user:hidden@h:1",
                "srt://h:1?passphrase=hidden&latency=x"
            })
    void noMessageShowsASecret(String text) {
        assertThatThrownBy(() -> SrtUrl.parse(text))
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("hidden").doesNotContain("'den'"));
    }

    @Test
    void theTextOfAUrlShowsNoSecret() {
        SrtUrl url = SrtUrl.parse("srt://[::1]:8890?streamid=#!::r=a,s=hidden&passphrase=hidden horse");

        assertThat(url).hasToString("srt://[::1]:8890");
    }

    @Test
    void thePassphraseMayBeInAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "correct horse\n");

        assertThat(SrtUrl.parse("srt://h:1?passphrase=file:" + file).encryption())
                .isEqualTo(new Encryption(Passphrase.of("correct horse"), 16, CipherMode.CTR));
        assertThatThrownBy(() -> SrtUrl.parse("srt://h:1?passphrase=env:MILLRACE_HAS_NO_SUCH_VARIABLE")
                        .encryption())
                .isInstanceOf(IOException.class)
                .hasMessage("passphrase: the environment has no MILLRACE_HAS_NO_SUCH_VARIABLE");
        assertThatThrownBy(() -> SrtUrl.parse("srt://h:1?passphrase=short").encryption())
                .hasMessage("passphrase: a passphrase has 10 to 79 bytes, not 5");
    }

    @Test
    void hostThatNobodyKnowsIsAnError() {
        assertThatThrownBy(() -> SrtUrl.parse("srt://nowhere.invalid:1").resolve())
                .isInstanceOf(IOException.class)
                .hasMessage("the host nowhere.invalid is unknown");
    }
}
