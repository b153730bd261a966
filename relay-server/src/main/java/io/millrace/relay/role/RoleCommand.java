package io.millrace.relay.role;

import io.millrace.relay.config.RoleConfig;
import io.millrace.relay.log.LogField;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's own program that goes with a role, such as one that brings an address to this machine. It is run once for
 * each event, one after the other; one that still runs when the next event comes is out of date and is killed.
 */
final class RoleCommand {
    private static final Logger LOG = LoggerFactory.getLogger(RoleCommand.class);
    static final Duration LIMIT = Duration.ofSeconds(10);
    /** What it has said is logged before how it ended, unless something that it left behind keeps its output open. */
    private static final long OUTPUT_MILLIS = 500;

    private final String role;
    private final String nodeId;
    private final Duration limit;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private volatile long newest;
    private volatile @Nullable Process running;

    /** What it is told of. */
    enum Event {
        GRANTED,
        ENDED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param limit after so long it is killed */
    RoleCommand(String role, String nodeId, Duration limit) {
        this.role = role;
        this.nodeId = nodeId;
        this.limit = limit;
    }

    /**
     * Runs it off the caller's thread, if there is one. Completes when it has ended, however it did; a failure is in the
     * log.
     */
    synchronized CompletableFuture<Void> run(RoleConfig config, Event event, long epoch) {
        if (config.command().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        cancel();
        long number = newest;
        last = last.thenRunAsync(() -> execute(config, event, epoch, number), this::inBackground);
        return last;
    }

    /** What runs, or is about to, is out of date. */
    synchronized void cancel() {
        newest++;
        Process process = running;
        if (process != null) {
            kill(process);
        }
    }

    private void execute(RoleConfig config, Event event, long epoch, long number) {
        if (number != newest) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(config.command()).redirectErrorStream(true);
        builder.environment().putAll(variables(config, event, epoch));
        String failure;
        try {
            Process process = builder.start();
            running = process;
            if (number != newest) {
                kill(process);
            }
            failure = failure(process);
        } catch (IOException e) {
            failure = "can't be run (" + e.getMessage() + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            running = null;
        }
        if (failure != null && number == newest) {
            LOG.atError()
                    .addKeyValue(LogField.LISTENER, role)
                    .log(
                            "role {}: its command {} {}; do by hand what it does when the role is {}, and run it with"
                                    + " MILLRACE_EVENT={} to find the fault",
                            role,
                            config.command().get(0),
                            failure,
                            event.text(),
                            event.text());
        }
    }

    /** Waits; null if all went well. */
    private @Nullable String failure(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        CompletableFuture<Void> said =
                CompletableFuture.runAsync(new CommandOutput(role, process.getInputStream()), this::inBackground);
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            kill(process);
            return "had not ended after " + limit.toSeconds() + " s and was killed";
        }
        try {
            said.get(OUTPUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("role {}: its command's output goes on", role, e);
        }
        return process.exitValue() == 0 ? null : "failed with exit status " + process.exitValue();
    }

    private Map<String, String> variables(RoleConfig config, Event event, long epoch) {
        return Map.of(
                "MILLRACE_EVENT",
                event.text(),
                "MILLRACE_ROLE",
                role,
                "MILLRACE_ADDRESS",
                config.address() == null ? "" : config.address(),
                "MILLRACE_EPOCH",
                String.valueOf(epoch),
                "MILLRACE_NODE",
                nodeId);
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void inBackground(Runnable task) {
        Thread thread = new Thread(task, "role-" + role + "-command");
        thread.setDaemon(true);
        thread.start();
    }
}
