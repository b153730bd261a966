package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.CloseReason;
import io.vertx.core.json.JsonObject;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must be true of the one file that is handed out. */
@Timeout(60)
class PackagedProgramIT {
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    @Test
    void printsTheVersionOfItsManifest() throws Exception {
        PackagedProgram program = start("--version");

        assertThat(program.exitCode()).isZero();
        try (JarFile jar = new JarFile(PackagedProgram.JAR.toFile())) {
            String version = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
            assertThat(program.output()).contains("millrace " + version);
        }
    }

    @Test
    void holdsTheNativeTransportOfBothArchitectures() throws Exception {
        try (JarFile jar = new JarFile(PackagedProgram.JAR.toFile())) {
            assertThat(jar.getEntry("META-INF/native/libnetty_transport_native_epoll_x86_64.so"))
                    .isNotNull();
            assertThat(jar.getEntry("META-INF/native/libnetty_transport_native_epoll_aarch_64.so"))
                    .isNotNull();
        }
    }

    @Test
    void holdsNoSignatureOfAnotherJar() throws Exception {
        try (JarFile jar = new JarFile(PackagedProgram.JAR.toFile())) {
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA|EC)"));
        }
    }

    @Test
    void hangupHasItReadItsConfigurationAgain(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("millrace.yaml");
        Files.writeString(file, "listeners: [{host: 127.0.0.1, port: 0}]\nhttp: {port: 0}\n");
        PackagedProgram program = start("--config", file.toString());
        listener(program);

        program.hangUp();

        program.awaitLine("configuration reloaded \\(SIGHUP\\); nothing to apply");
    }

    @Test
    void demoPrintsWhereItListensAndItsStreamArrives() throws Exception {
        PackagedProgram program = start("--demo", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
        InetSocketAddress listener = listener(program);
        program.awaitLine("^  API +http://127\\.0\\.0\\.1:[1-9]\\d*/api/v1/streams");
        program.awaitLine("^  ffmpeg             ffmpeg -i 'srt://127\\.0\\.0\\.1:" + listener.getPort()
                + "\\?streamid=#!::r=demo' -c copy recording\\.ts$");
        program.awaitLine("publisher #1 of \"demo\" from .* opened");

        TestCall subscriber = caller(listener).call(listener, "#!::r=demo").opened();

        assertThat(subscriber.received(50)).allSatisfy(received -> {
            assertThat(received.payload()).hasSize(7 * 188);
            for (int packet = 0; packet < 7; packet++) {
                assertThat(received.payload()[packet * 188]).isEqualTo((byte) 0x47);
            }
        });
    }

    @Test
    void srtPortOfSomebodyElseIsOneLineAndExitCodeTwo() throws Exception {
        DatagramSocket other = opened(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        PackagedProgram program = start("--listen", "127.0.0.1:" + other.getLocalPort(), "--http", "127.0.0.1:0");

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.errors())
                .singleElement()
                .asString()
                .startsWith("defaults: listeners[0].port: ")
                .contains(String.valueOf(other.getLocalPort()), "in use", "; allowed: a port that is free");
    }

    @Test
    void httpPortOfSomebodyElseIsOneLineAndExitCodeTwo() throws Exception {
        ServerSocket other = opened(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        PackagedProgram program = start("--listen", "127.0.0.1:0", "--http", "127.0.0.1:" + other.getLocalPort());

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.errors())
                .singleElement()
                .asString()
                .startsWith("defaults: http.port: ")
                .contains(
                        "TCP port " + other.getLocalPort() + ": Address already in use; allowed: a port that is free");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "srt.latency=120        | --set: srt.latency: ",
                "srt.latencyMillis=-1   | --set: srt.latencyMillis: found -1; allowed: "
            })
    void badSettingIsOneLineAndExitCodeTwo(String setting, String line) throws Exception {
        PackagedProgram program = start("--set", setting);

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.errors()).singleElement().asString().startsWith(line);
        assertThat(program.output()).isEmpty();
    }

    @Test
    void sigtermTellsEveryPeerAndEndsWithZeroWithinTwoSeconds() throws Exception {
        PackagedProgram program = start("--listen", ":0", "--http", "127.0.0.1:0");
        InetSocketAddress listener = listener(program);
        TestCall publisher =
                caller(listener).call(listener, "#!::r=live,m=publish").opened();
        List<TestCall> calls = new ArrayList<>(List.of(publisher));
        for (int i = 0; i < 10; i++) {
            calls.add(caller(listener).call(listener, "#!::r=live").opened());
        }
        publisher.publish("payload", 0, 9);

        long toldNanos = System.nanoTime();
        program.terminate();

        assertThat(program.exitCode()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - toldNanos)).isLessThan(Duration.ofSeconds(2));
        assertThat(calls).extracting(TestCall::ended).containsOnly(CloseReason.PEER_SHUTDOWN);
        assertThat(program.errors()).isEmpty();
        program.awaitLine("stopping; open connections, which are told so: 11");
    }

    @Test
    void logTellsOfEveryConnectionAndSummarisesRefusals() throws Exception {
        PackagedProgram program =
                start("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--set", "transport.eventLoops=1");
        InetSocketAddress listener = listener(program);
        TestCaller caller = caller(listener);
        TestCall publisher = caller.call(listener, "#!::r=live,m=publish").opened();
        TestCall subscriber = caller(listener).call(listener, "#!::r=live").opened();
        publisher.publish("payload", 10, 99);
        subscriber.received(90);
        publisher.hangUp();
        for (int i = 0; i < 20; i++) {
            assertThat(caller.call(listener, "#!::r=news").refusal()).isEqualTo(2404);
        }

        program.awaitLine("publisher #1 of \"live\" from 127\\.0\\.0\\.1:"
                + caller.address().getPort()
                + " on main opened at 127\\.0\\.0\\.1:" + listener.getPort()
                + ", stream id #!::r=live,m=publish, SRT 1\\.5\\.5, encryption none, latency 120 ms");
        program.awaitLine("subscriber #2 of \"live\" from .*, stream id #!::r=live, SRT");
        program.awaitLine("publisher #1 of \"live\" from 127\\.0\\.0\\.1:"
                + caller.address().getPort()
                + " on main closed after \\d+\\.\\d s: the peer closed it; received 4,770 bytes in 90 packets,"
                + " 0 lost on the way, 0 of them not recovered");
        program.awaitLine("stream \"live\": its publisher is gone; keeping its subscribers \\(1\\) for 10000 ms");
        program.awaitLine("refused 127\\.0\\.0\\.1:" + caller.address().getPort()
                + " on main, stream id #!::r=news: 1404 NOT_FOUND: nobody publishes \"news\"; start the publisher");
        program.awaitLine(
                "refused 127\\.0\\.0\\.1 on main, stream id #!::r=news: 1404 NOT_FOUND: \\d+ more times in 10 s");
        assertThat(program.output())
                .filteredOn(line -> line.contains("refused"))
                .hasSizeLessThan(4);
    }

    @Test
    void logForProgramsIsOneObjectALineAndNothingElse() throws Exception {
        PackagedProgram program = opened(PackagedProgram.start(
                Map.of("MILLRACE_LOG__FORMAT", "json", "MILLRACE_TRANSPORT__EVENT_LOOPS", "1"),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--http",
                "127.0.0.1:0"));
        Matcher started =
                program.awaitLine("\"message\":\"started: SRT main at 127\\.0\\.0\\.1:(\\d+)/udp, API at http");
        InetSocketAddress listener = new InetSocketAddress("127.0.0.1", Integer.parseInt(started.group(1)));
        TestCaller caller = caller(listener);
        caller.call(listener, "#!::r=live,m=publish").opened();
        assertThat(caller.call(listener, "#!::r=a\"\u202e\nb").refusal()).isPositive();
        program.awaitLine("\"message\":\"publisher #1 of");
        program.awaitLine("\"message\":\"refused ");
        program.terminate();
        assertThat(program.exitCode()).isZero();

        List<JsonObject> lines = program.output().stream().map(JsonObject::new).toList();
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.fieldNames()).contains("time", "level", "logger", "message"))
                .anySatisfy(line -> {
                    assertThat(line.getString("message"))
                            .startsWith("publisher #1 of \"live\"")
                            .contains("opened");
                    assertThat(line.getLong("connection")).isEqualTo(1);
                    assertThat(line.getString("stream")).isEqualTo("live");
                    assertThat(line.getString("listener")).isEqualTo("main");
                    assertThat(line.getString("peer"))
                            .isEqualTo("127.0.0.1:" + caller.address().getPort());
                })
                .anySatisfy(line -> {
                    assertThat(line.getString("message")).startsWith("refused ");
                    assertThat(line.getString("listener")).isEqualTo("main");
                    assertThat(line.getString("peer")).startsWith("127.0.0.1:");
                });
        assertThat(program.output()).noneMatch(line -> line.contains("\u202e"));
        assertThat(program.errors()).isEmpty();
    }

    private PackagedProgram start(String... arguments) throws Exception {
        return opened(PackagedProgram.start(arguments));
    }

    private TestCaller caller(InetSocketAddress listener) {
        return opened(TestCaller.towards(listener));
    }

    private <T extends AutoCloseable> T opened(T one) {
        opened.add(0, one);
        return one;
    }

    private static InetSocketAddress listener(PackagedProgram program) {
        Matcher row = program.awaitLine("^  SRT +main +(?:127\\.0\\.0\\.1|\\*):(\\d+)/udp$");
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(row.group(1)));
    }
}
