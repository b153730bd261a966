package io.millrace.relay;

import io.millrace.relay.config.ConfigurationError;
import io.millrace.relay.config.ConfigurationException;
import io.millrace.relay.config.ConfigurationSources;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.ReloadOutcome;
import io.millrace.relay.listener.ListenerStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again: when its file changes, and when somebody asks. One after the other, on a thread of its own.
 * What can't be used changes nothing, and is said once.
 */
final class ConfigurationReload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReload.class);
    /** A file counts as written when it was the same twice. */
    private static final long FILE_CHECK_MILLIS = 1_000;

    private static final List<String> APPLIED_LIVE = List.of(
            "listeners", "http.tokens", "http.compatibility", "srt", "streams", "access", "limits", "log.level");
    private static final List<String> FIXED = List.of("limits.historyMebibytes");

    private final ConfigurationSources sources;
    private final RelayConfig atStart;
    private final Target target;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "configuration");
        created.setDaemon(true);
        return created;
    });
    private RelayConfig current;
    private byte @Nullable [] loaded;
    private byte @Nullable [] seen;

    /** Who goes by the configuration. */
    interface Target {
        /** @throws ListenerStartException if it can't, and goes by the one before */
        void apply(RelayConfig changed) throws ListenerStartException;
    }

    /** @param config what the sources said at the start */
    ConfigurationReload(ConfigurationSources sources, RelayConfig config, Target target) {
        this.sources = sources;
        this.target = target;
        atStart = config;
        current = config;
    }

    /** Begins to look at the file, if there is one. */
    void watch() {
        Path file = sources.file();
        if (file != null) {
            loaded = content(file);
            var unused = thread.scheduleWithFixedDelay(
                    () -> check(file), FILE_CHECK_MILLIS, FILE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Reads the configuration again.
     *
     * @param why it is read, for the log
     */
    CompletableFuture<ReloadOutcome> reload(String why) {
        try {
            return CompletableFuture.supplyAsync(() -> load(why), thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void check(Path file) {
        try {
            byte[] now = content(file);
            // A file that is away for a moment is being replaced.
            if (now != null && !Arrays.equals(now, loaded) && Arrays.equals(now, seen)) {
                var unused = load(file + " has changed");
            }
            seen = now;
        } catch (RuntimeException e) {
            LOG.error("looking at {} failed", file, e);
        }
    }

    private static byte @Nullable [] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return null;
        }
    }

    private ReloadOutcome load(String why) {
        ReloadOutcome outcome = apply();
        if (!outcome.applied()) {
            LOG.error(
                    "configuration not reloaded, everything stays as it is ({}); errors: {}",
                    why,
                    outcome.errors().size());
            outcome.errors().forEach(error -> LOG.error("{}", error));
            return outcome;
        }
        LOG.info(
                "configuration reloaded ({}); {}",
                why,
                outcome.changed().isEmpty()
                        ? "nothing to apply"
                        : "in effect for new callers: " + String.join(", ", outcome.changed()));
        if (!outcome.needRestart().isEmpty()) {
            LOG.warn("restart the relay to apply what has changed in {}", String.join(", ", outcome.needRestart()));
        }
        return outcome;
    }

    private ReloadOutcome apply() {
        Path file = sources.file();
        loaded = file == null ? null : content(file);
        try {
            RelayConfig changed = sources.load();
            List<String> applied = current.changesTo(changed).stream()
                    .filter(ConfigurationReload::isLive)
                    .toList();
            if (!applied.isEmpty()) {
                changed.warnings().forEach(LOG::warn);
            }
            target.apply(changed);
            current = changed;
            return new ReloadOutcome(
                    List.of(),
                    applied,
                    atStart.changesTo(changed).stream()
                            .filter(key -> !isLive(key))
                            .toList());
        } catch (ConfigurationException e) {
            return ReloadOutcome.refused(e.errors());
        } catch (ListenerStartException e) {
            return ReloadOutcome.refused(List.of(error(sources, e)));
        }
    }

    /** What can't be had where a listener was to be opened. */
    static ConfigurationError error(ConfigurationSources sources, ListenerStartException failure) {
        return new ConfigurationError(
                sources.name(),
                0,
                "listeners[" + failure.index() + "].port",
                failure.getMessage() == null ? "port " + failure.port() : failure.getMessage(),
                RelayServer.FREE_PORT);
    }

    private static boolean isLive(String key) {
        return !FIXED.contains(key)
                && APPLIED_LIVE.stream()
                        .anyMatch(live -> key.equals(live) || key.startsWith(live + ".") || key.startsWith(live + "["));
    }
}
