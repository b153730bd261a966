package io.millrace.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as its users start it, in a process of its own. */
final class PackagedProgram implements AutoCloseable {
    static final Path JAR = Path.of(System.getProperty("millrace.jar"));

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private PackagedProgram(Process process) {
        this.process = process;
        readers.add(read(process.inputReader(UTF_8), output));
        readers.add(read(process.errorReader(UTF_8), errors));
    }

    static PackagedProgram start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /** @param environment variables beside those of this process */
    static PackagedProgram start(Map<String, String> environment, String... arguments) throws IOException {
        // Who runs the tests may ignore SIGHUP, as nohup does, and then every process below it does.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(JAR.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return new PackagedProgram(builder.start());
    }

    /** Waits until a line like this was printed on standard output, and gives its groups. */
    Matcher awaitLine(String regex) {
        Pattern pattern = Pattern.compile(regex);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> {
            if (output.stream().noneMatch(line -> pattern.matcher(line).find())) {
                throw new AssertionError("no line like " + regex + " in " + output + errors);
            }
        });
        return output.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .findFirst()
                .orElseThrow();
    }

    /** Lines of standard output so far. */
    List<String> output() {
        return List.copyOf(output);
    }

    /** Asks it to read its configuration again, as services are asked to. */
    void hangUp() throws IOException {
        new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid())).start();
    }

    /** Asks it to end, as Ctrl+C, systemd and Kubernetes do. */
    void terminate() {
        // Not Process.destroy(), which also closes its streams.
        process.toHandle().destroy();
    }

    /** Waits for its end and returns the exit code. */
    int exitCode() throws InterruptedException {
        return exitCode(PATIENCE);
    }

    /** The same, for a program that takes its time. */
    int exitCode(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + output + errors);
        }
        for (Thread reader : readers) {
            reader.join(5_000);
        }
        return process.exitValue();
    }

    /** Lines of standard error; complete after the end. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static Thread read(BufferedReader from, List<String> lines) {
        Thread reader = new Thread(() -> from.lines().forEach(lines::add), "program-output");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }
}
