package io.millrace.relay.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running program whose messages are read as they come. Every failure shows the last of them. */
final class ProgramProcess implements AutoCloseable {
    private static final int KEPT_LINES = 60;
    private static final Duration FIRST_STOP_TIMEOUT = Duration.ofMillis(500);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final List<String> command;
    private final String debianPackage;
    private final String connectedMarker;
    private final Process process;
    private final InputStream messageStream;
    private final Thread messages;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();

    private ProgramProcess(
            List<String> command,
            String debianPackage,
            String connectedMarker,
            Process process,
            InputStream messageStream) {
        this.command = command;
        this.debianPackage = debianPackage;
        this.connectedMarker = connectedMarker;
        this.process = process;
        this.messageStream = messageStream;
        messages = new Thread(this::readMessages, "messages-of-" + command.get(0));
        messages.setDaemon(true);
        messages.start();
    }

    /** Starts a program that connects to nobody. */
    static ProgramProcess start(List<String> command, String debianPackage, Redirect standardOutput) {
        return start(command, debianPackage, standardOutput, "\0");
    }

    /**
     * @param standardOutput a pipe when there is nothing but messages in it, a file when it is the media
     * @param connectedMarker part of the message with which the program says that it is connected
     */
    static ProgramProcess start(
            List<String> command, String debianPackage, Redirect standardOutput, String connectedMarker) {
        return start(command, debianPackage, standardOutput, standardOutput == Redirect.PIPE, connectedMarker);
    }

    /** As above; the media comes from {@link #output()}. */
    static ProgramProcess startWithMediaOnOutput(List<String> command, String debianPackage, String connectedMarker) {
        return start(command, debianPackage, Redirect.PIPE, false, connectedMarker);
    }

    private static ProgramProcess start(
            List<String> command,
            String debianPackage,
            Redirect standardOutput,
            boolean messagesOnBoth,
            String connectedMarker) {
        ProcessBuilder builder = new ProcessBuilder(inAscii(command)).redirectOutput(standardOutput);
        builder.redirectErrorStream(messagesOnBoth);
        builder.environment().put("GST_DEBUG", "srtlib:5"); // GStreamer says nowhere else that it is connected.
        builder.environment().put("GST_DEBUG_NO_COLOR", "1");
        try {
            Process process = builder.start();
            InputStream messages = messagesOnBoth ? process.getInputStream() : process.getErrorStream();
            return new ProgramProcess(command, debianPackage, connectedMarker, process, messages);
        } catch (IOException e) {
            throw new AssertionError(
                    command.get(0) + " could not be started; it is in Debian's package " + debianPackage, e);
        }
    }

    /**
     * Java writes arguments in the charset of its locale, which may lack a character: printf can write any byte. So a
     * command with other characters than ASCII is run by a shell that puts together the UTF-8.
     */
    private static List<String> inAscii(List<String> command) {
        if (command.stream().allMatch(argument -> argument.chars().allMatch(character -> character < 128))) {
            return command;
        }
        StringBuilder script = new StringBuilder("exec");
        for (String argument : command) {
            script.append(" \"$(printf '");
            for (byte octet : argument.getBytes(UTF_8)) {
                script.append("\\%03o".formatted(octet & 0xFF));
            }
            script.append("')\"");
        }
        return List.of("sh", "-c", script.toString());
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    InputStream output() {
        return process.getInputStream();
    }

    void closeInput() throws IOException {
        process.getOutputStream().close();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the program at once, as a crash or the loss of its power would. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Asks the program to end. */
    void terminate() {
        process.destroy();
    }

    /** The last lines that it wrote, one below the other. */
    String lastMessages() {
        synchronized (lastLines) {
            return String.join(System.lineSeparator(), lastLines);
        }
    }

    CompletableFuture<Void> connected() {
        return connected;
    }

    void awaitConnected(Duration timeout) {
        try {
            connected.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure("ended with exit code " + exitCode() + " before it was connected");
        } catch (TimeoutException e) {
            throw failure("was not connected after " + timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("was interrupted");
        }
    }

    void awaitSuccess(Duration timeout) {
        int exitCode = awaitExit(timeout);
        if (exitCode != 0) {
            throw failure("ended with exit code " + exitCode);
        }
    }

    /** Waits for the program to end by itself; returns its exit code. */
    int awaitExit(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failure("did not end within " + timeout);
            }
            messages.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("was interrupted");
        }
    }

    /** Asks the program to end, so that it writes out what it holds, and makes it end when it does not. */
    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(FIRST_STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                // ffmpeg goes on reading after one signal if no data comes; the second interrupts the read.
                process.destroy();
                process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
        process.onExit().join();
    }

    AssertionError failure(String what) {
        synchronized (lastLines) {
            return new AssertionError("%s (Debian package %s) %s%n  command: %s%n  its last messages:%n    %s"
                    .formatted(
                            command.get(0),
                            debianPackage,
                            what,
                            String.join(" ", command),
                            String.join(System.lineSeparator() + "    ", lastLines)));
        }
    }

    private int exitCode() {
        return process.isAlive() ? -1 : process.exitValue();
    }

    private void readMessages() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(messageStream, UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                synchronized (lastLines) {
                    lastLines.addLast(line);
                    if (lastLines.size() > KEPT_LINES) {
                        lastLines.removeFirst();
                    }
                }
                if (line.contains(connectedMarker)) {
                    connected.complete(null);
                }
            }
        } catch (IOException e) {
            // The program was ended while we read.
        }
        process.onExit().join();
        connected.completeExceptionally(new IllegalStateException("ended"));
    }
}
