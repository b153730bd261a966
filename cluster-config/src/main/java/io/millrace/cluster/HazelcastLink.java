package io.millrace.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's Hazelcast member: starts it, starts another one when it gave up, and asks it questions from a thread that
 * may wait, so that no caller does.
 */
final class HazelcastLink {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastLink.class);
    private static final String CALL_TIMEOUT = "hazelcast.operation.call.timeout.millis";

    /** In addition to the time that the member itself gives a question. */
    private static final long MARGIN_MILLIS = 500;

    private static final long RESTART_MILLIS = 2_000;

    static {
        // What it says before it reads its configuration goes to slf4j, too.
        if (System.getProperty("hazelcast.logging.type") == null) {
            System.setProperty("hazelcast.logging.type", "slf4j");
        }
    }

    private final Supplier<Config> configs;
    private final int quorum;
    private final ScheduledExecutorService upkeep = ClusterThreads.scheduled("cluster-upkeep");
    private final ExecutorService calls = ClusterThreads.bounded("cluster-calls");
    private final List<Consumer<HazelcastInstance>> joined = new CopyOnWriteArrayList<>();
    private final List<Runnable> merged = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private volatile @Nullable HazelcastInstance instance;
    private volatile long answerMillis = MARGIN_MILLIS;
    private volatile boolean isMerging;
    private volatile boolean isStopping;

    /** @param quorum members that must hear each other; 1 for no such rule */
    HazelcastLink(Supplier<Config> configs, int quorum) {
        this.configs = configs;
        this.quorum = quorum;
    }

    /** Called on the thread for upkeep with each member that was started, before anyone else may use it. */
    void onJoined(Consumer<HazelcastInstance> hook) {
        joined.add(hook);
    }

    /** Called on the thread for upkeep when this side of a split has joined the other. */
    void onMerged(Runnable hook) {
        merged.add(hook);
    }

    /** Completes when a member runs for the first time; it tries for as long as it takes. */
    CompletionStage<Void> start() {
        upkeep.execute(this::open);
        return started.minimalCompletionStage();
    }

    /** For what may take time, and takes it from other such tasks. */
    ScheduledExecutorService upkeep() {
        return upkeep;
    }

    /** The member while it runs; null while there is none. */
    @Nullable
    HazelcastInstance instance() {
        return instance;
    }

    /** Whether what the member knows of others can be believed. */
    boolean isSettled() {
        return instance != null && !isMerging;
    }

    boolean hasQuorum() {
        HazelcastInstance running = instance;
        if (running == null) {
            return false;
        }
        return quorum == 1
                || running.getSplitBrainProtectionService()
                        .getSplitBrainProtection(HazelcastConfigs.QUORUM)
                        .hasMinimumSize();
    }

    /** Asks the member; the answer or a failure comes within a bounded time. */
    <T extends @Nullable Object> CompletableFuture<T> call(Function<HazelcastInstance, CompletionStage<T>> question) {
        HazelcastInstance running = instance;
        if (running == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("this node is not in the cluster now"));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            calls.execute(() -> ask(running, question, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer.orTimeout(answerMillis, TimeUnit.MILLISECONDS);
    }

    /** Leaves and hands over what it keeps. Completes when it is done, or nobody waits any more. */
    CompletionStage<Void> stop() {
        return end(running -> running.shutdown());
    }

    /** Closes its sockets without a word, as a crash does. */
    CompletionStage<Void> kill() {
        return end(running -> running.getLifecycleService().terminate());
    }

    private CompletionStage<Void> end(Consumer<HazelcastInstance> how) {
        isStopping = true;
        HazelcastInstance running = instance;
        instance = null;
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread ending = new Thread(
                () -> {
                    try {
                        if (running != null) {
                            how.accept(running);
                        }
                    } finally {
                        ended.complete(null);
                    }
                },
                "cluster-stop");
        ending.setDaemon(true);
        ending.start();
        upkeep.shutdownNow();
        calls.shutdown();
        return ended;
    }

    private static <T extends @Nullable Object> void ask(
            HazelcastInstance running,
            Function<HazelcastInstance, CompletionStage<T>> question,
            CompletableFuture<T> answer) {
        try {
            question.apply(running).whenComplete((value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private void open() {
        if (isStopping) {
            return;
        }
        try {
            Lifecycle lifecycle = new Lifecycle();
            Config config = configs.get().addListenerConfig(new ListenerConfig(lifecycle));
            answerMillis = MARGIN_MILLIS + Long.parseLong(config.getProperty(CALL_TIMEOUT));
            HazelcastInstance opened = Hazelcast.newHazelcastInstance(config);
            lifecycle.instance = opened;
            isMerging = false;
            joined.forEach(hook -> hook.accept(opened));
            instance = opened;
            if (isStopping) {
                instance = null;
                opened.shutdown();
                return;
            }
            merged.forEach(Runnable::run);
            started.complete(null);
            if (!opened.getLifecycleService().isRunning() && instance == opened) {
                // It ended before this link was ready to hear of it.
                instance = null;
                openLater();
            }
        } catch (RuntimeException e) {
            LOG.warn("this node can't join the cluster and tries again, media goes on without it: {}", e.getMessage());
            LOG.debug("why it can't join", e);
            openLater();
        }
    }

    private void openLater() {
        if (!isStopping) {
            var unused = upkeep.schedule(this::open, RESTART_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void inUpkeep(Runnable task) {
        try {
            upkeep.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("the node has left", e);
        }
    }

    private final class Lifecycle implements LifecycleListener {
        volatile @Nullable HazelcastInstance instance;

        @Override
        public void stateChanged(LifecycleEvent event) {
            switch (event.getState()) {
                case MERGING -> isMerging = true;
                case MERGED, MERGE_FAILED -> {
                    isMerging = false;
                    inUpkeep(() -> merged.forEach(Runnable::run));
                }
                case SHUTTING_DOWN, SHUTDOWN -> {
                    if (!isStopping && instance != null && HazelcastLink.this.instance == instance) {
                        LOG.warn("this node has dropped out of the cluster and joins again; media goes on without it");
                        HazelcastLink.this.instance = null;
                        inUpkeep(HazelcastLink.this::openLater);
                    }
                }
                default -> {}
            }
        }
    }
}
