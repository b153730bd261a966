package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.config.RelayConfig;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartTableTest {
    private static final InetSocketAddress HTTP = new InetSocketAddress("127.0.0.1", 8080);
    private static final Map<String, InetSocketAddress> BOUND = Map.of("main", new InetSocketAddress("::", 8890));

    @Test
    void listenersPagesAndApiStandInColumns() {
        RelayConfig config = TestConfig.of(
                "listeners[1].name=encoders",
                "listeners[1].port=9000",
                "listeners[1].stream=cam",
                "listeners[1].mode=publish");
        Map<String, InetSocketAddress> bound = Map.of(
                "main", new InetSocketAddress("::", 8890), "encoders", new InetSocketAddress("2001:db8::7", 9000));

        assertThat(StartTable.of(config, bound, HTTP, false)).contains("""
                          SRT    main      *:8890/udp
                          SRT    encoders  [2001:db8::7]:9000/udp  without a stream id: publish "cam"
                          Pages            http://127.0.0.1:8080/
                          API              http://127.0.0.1:8080/api/v1/streams  (also /connections, and /health/ready)
                        """);
    }

    @Test
    void linesToCopyStandInAColumnAndCallAnAddressThatCanBeReached() {
        String table = StartTable.of(TestConfig.of(), BOUND, HTTP, true);

        assertThat(table).contains("""
                          ffplay             ffplay -fflags nobuffer 'srt://127.0.0.1:8890?streamid=#!::r=demo'
                        """, """
                          srt-live-transmit  srt-live-transmit 'srt://127.0.0.1:8890?streamid=#!::r=demo' file://con > recording.ts
                        """, """
                          VLC                vlc --streamid '#!::r=demo' srt://127.0.0.1:8890
                        """);
    }

    @Test
    void demoStreamIsOnlyShownWhenThereIsOne() {
        assertThat(StartTable.of(TestConfig.of(), BOUND, HTTP, false)).doesNotContain("demo", "ffplay");
    }

    @Test
    void passphraseHasItsPlaceInTheLinesToCopyAndIsNotShown() {
        RelayConfig config = TestConfig.of("listeners[0].passphrase=correct horse");
        String table = StartTable.of(config, BOUND, HTTP, true);

        assertThat(table)
                .contains("main  *:8890/udp  encrypted", "?streamid=#!::r=demo&passphrase=PASSPHRASE'")
                .doesNotContain("correct horse");
    }

    @Test
    void pagesAreAtAnAddressThatABrowserOfThisMachineCanOpen() {

        assertThat(StartTable.of(TestConfig.of(), BOUND, new InetSocketAddress("::", 8080), false))
                .contains("http://127.0.0.1:8080/\n");
    }

    @Test
    void listenerOfARoleThatIsNotHeldIsOnStandbyAndTheOthersAreCalled() {
        RelayConfig config = TestConfig.of(
                "listeners[0].role.exclusive=true",
                "listeners[0].passphrase=correct horse",
                "listeners[1].name=open",
                "listeners[1].port=9000");
        Map<String, InetSocketAddress> bound = Map.of("open", new InetSocketAddress("127.0.0.1", 9000));

        assertThat(StartTable.of(config, bound, HTTP, true))
                .contains("""
                          SRT    main  standby  encrypted
                          SRT    open  127.0.0.1:9000/udp
                        """, "'srt://127.0.0.1:9000?streamid=#!::r=demo'");
        assertThat(StartTable.summary(config, bound, HTTP))
                .isEqualTo("SRT main on standby, SRT open at 127.0.0.1:9000/udp, API at http://127.0.0.1:8080");
    }

    @Test
    void openRelayIsSaidToBeOpen() {

        assertThat(StartTable.of(TestConfig.of(), BOUND, HTTP, false)).contains("Everybody may publish and request");
        assertThat(StartTable.of(TestConfig.of("access.otherwise=deny"), BOUND, HTTP, false))
                .doesNotContain("Everybody");
        assertThat(StartTable.of(TestConfig.of("listeners[0].passphrase=correct horse"), BOUND, HTTP, false))
                .doesNotContain("Everybody");
    }
}
