package io.millrace.relay.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.LoggedLines;
import io.millrace.relay.config.RoleConfig;
import io.millrace.relay.role.RoleCommand.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RoleCommandTest {
    @TempDir
    Path directory;

    private final LoggedLines logged = new LoggedLines("io.millrace.relay.role");
    private final RoleCommand command = new RoleCommand("main", "node-1", RoleCommand.LIMIT);

    @AfterEach
    void stop() {
        logged.close();
    }

    @Test
    void commandIsToldWhatHasHappened() throws Exception {
        Path file = directory.resolve("environment");
        RoleConfig config = new RoleConfig(
                true, List.of(), "192.0.2.7", List.of("sh", "-c", "env | grep MILLRACE_ | sort >> " + file), null);

        run(config, Event.GRANTED, 17);
        run(shell("env | grep MILLRACE_ | sort >> " + file), Event.ENDED, 17);

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "MILLRACE_ADDRESS=192.0.2.7",
                        "MILLRACE_EPOCH=17",
                        "MILLRACE_EVENT=granted",
                        "MILLRACE_NODE=node-1",
                        "MILLRACE_ROLE=main",
                        "MILLRACE_ADDRESS=",
                        "MILLRACE_EPOCH=17",
                        "MILLRACE_EVENT=ended",
                        "MILLRACE_NODE=node-1",
                        "MILLRACE_ROLE=main");
        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void whatItSaysIsLoggedUpToABound() throws Exception {
        run(
                shell("echo one; echo; echo two >&2; seq 1 100000; head -c 1000000 /dev/zero | tr '\\0' x"),
                Event.GRANTED,
                1);

        assertThat(logged.lines())
                .hasSize(40)
                .startsWith("role main: its command says: one", "role main: its command says: two")
                .endsWith("role main: its command says: 38");
    }

    @Test
    void lineWithoutAnEndIsCut() throws Exception {
        run(shell("head -c 1000000 /dev/zero | tr '\\0' x"), Event.GRANTED, 1);

        assertThat(logged.lines()).containsExactly("role main: its command says: " + "x".repeat(500));
    }

    @Test
    void failureIsSaidWithWhatToDo() throws Exception {
        run(shell("echo no such device >&2; exit 3"), Event.ENDED, 1);

        assertThat(logged.lines())
                .containsExactly(
                        "role main: its command says: no such device",
                        "role main: its command sh failed with exit status 3; do by hand what it does when the role is"
                                + " ended, and run it with MILLRACE_EVENT=ended to find the fault");
    }

    @Test
    void programThatDoesNotExistIsSaid() throws Exception {
        run(new RoleConfig(true, List.of(), null, List.of("/no/such/program"), null), Event.GRANTED, 1);

        assertThat(logged.lines())
                .singleElement()
                .asString()
                .startsWith("role main: its command /no/such/program can't be run (")
                .contains("No such file");
    }

    @Test
    void commandThatHangsIsKilledWithItsChildren() throws Exception {
        Path file = directory.resolve("child");
        RoleCommand impatient = new RoleCommand("main", "node-1", Duration.ofSeconds(1));

        impatient
                .run(shell("sleep 60 & echo $! > " + file + "; wait"), Event.GRANTED, 1)
                .get(10, TimeUnit.SECONDS);

        awaitGone(file);
        assertThat(logged.lines())
                .singleElement()
                .asString()
                .startsWith("role main: its command sh had not ended after 1 s and was killed;");
    }

    @Test
    void commandOfAnOlderEventIsKilledForTheNext() throws Exception {
        Path file = directory.resolve("child");
        CompletableFuture<Void> granted = command.run(shell("echo $$ > " + file + "; exec sleep 60"), Event.GRANTED, 1);
        awaitContent(file);

        run(shell("echo ended"), Event.ENDED, 1);

        assertThat(granted).isDone();
        awaitGone(file);
        assertThat(logged.lines()).containsExactly("role main: its command says: ended");
    }

    @Test
    void whatIsLeftRunningInTheBackgroundIsNotWaitedFor() throws Exception {
        Path file = directory.resolve("child");
        run(shell("sleep 60 & echo $! > " + file), Event.GRANTED, 1);

        ProcessHandle left =
                ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
    }

    @Test
    void roleWithoutACommandHasNothingToWaitFor() {
        assertThat(command.run(RoleConfig.EVERY_NODE, Event.GRANTED, 1)).isDone();
    }

    private void run(RoleConfig config, Event event, long epoch) throws Exception {
        command.run(config, event, epoch).get(20, TimeUnit.SECONDS);
    }

    private static RoleConfig shell(String script) {
        return new RoleConfig(true, List.of(), null, List.of("sh", "-c", script), null);
    }

    private static void awaitContent(Path file) {
        await().until(() -> Files.exists(file) && !Files.readString(file).isBlank());
    }

    private static void awaitGone(Path file) throws IOException {
        long pid = Long.parseLong(Files.readString(file).strip());
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }
}
