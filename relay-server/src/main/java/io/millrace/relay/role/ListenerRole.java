package io.millrace.relay.role;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.millrace.cluster.RoleLeases;
import io.millrace.cluster.RoleLeases.EndReason;
import io.millrace.cluster.RoleLeases.Grant;
import io.millrace.cluster.RoleLeases.Role;
import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.listener.ListenerStartException;
import io.millrace.relay.log.LogField;
import io.millrace.relay.net.UdpBindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener that a single node of the cluster opens at a time: competes for the role, and serves it while it is granted.
 *
 * <p>The cluster's calls only take note, and see to it that no newcomer is let in without a grant. What takes time, opening
 * and closing and waiting for the command, is done one after the other on a thread of the role's own.
 */
final class ListenerRole implements RoleLeases.Server {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerRole.class);
    private static final long COMMAND_PATIENCE_SECONDS = 5;
    private static final long LAST_CONNECTION_CHECK_MILLIS = 1_000;
    private static final long FIRST_RETRY_MILLIS = 1_000;
    private static final long MOST_DOUBLINGS = 6;

    private final RoleServices services;
    private final String name;
    private final RoleCommand command;
    private final ScheduledThreadPoolExecutor thread;
    private final CompletableFuture<Void> firstOpening = new CompletableFuture<>();

    private volatile ListenerConfig config;

    // They change under the lock of this, so that nobody is let in when the grant has just ended.
    private volatile @Nullable Grant current;
    private volatile boolean isReleased;
    private boolean isCompeting;

    // On the thread alone.
    private int failures;
    private List<String> competesBy = List.of();

    ListenerRole(RoleServices services, ListenerConfig config) {
        this.services = services;
        this.config = config;
        name = config.name();
        command = new RoleCommand(name, services.nodeId(), RoleCommand.LIMIT);
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "role-" + config.name());
            created.setDaemon(true);
            return created;
        });
    }

    /** Competes for the role from now on. */
    void start() {
        soon(this::compete);
    }

    /** Completes when the listener has been opened for the first time, or could not be. */
    CompletableFuture<Void> firstOpening() {
        return firstOpening;
    }

    /** Whether another configuration is of the same role, and needs no other socket. */
    boolean fits(ListenerConfig other) {
        return other.name().equals(name)
                && other.role().exclusive()
                && other.address().equals(config.address());
    }

    /** Goes by another configuration that fits. */
    void configure(ListenerConfig changed) {
        boolean isPointedElsewhere = changed.role().service() != null
                && !changed.role().service().equals(config.role().service());
        config = changed;
        soon(() -> {
            preferAnew();
            Grant grant = current;
            if (grant != null && isPointedElsewhere) {
                point(grant, 0);
            }
        });
    }

    /** Gives the role back, and competes no longer. Completes when the listener is closed, and always. */
    CompletionStage<Void> release() {
        CompletionStage<Void> withdrawn;
        synchronized (this) {
            isReleased = true;
            withdrawn = services.leases().withdraw(name);
        }
        return withdrawn
                .handle((done, failure) -> onThread(() -> services.listeners().close(name)))
                .thenCompose(closed -> closed)
                .whenComplete((done, failure) -> thread.shutdown());
    }

    @Override
    public void granted(Grant grant) {
        current = grant;
        soon(() -> serve(grant));
    }

    @Override
    public CompletionStage<?> ended(Grant grant, EndReason reason) {
        synchronized (this) {
            if (grant.equals(current)) {
                current = null;
            }
            services.listeners().suspend(name);
            command.cancel();
        }
        boolean isHandedOver = reason == EndReason.HANDED_OVER;
        boolean closes = services.closesWhenFenced() || (isHandedOver && !isLeftToDrain());
        CompletableFuture<Void> stopped = onThread(() -> stop(grant, reason, closes));
        return closes || isHandedOver ? stopped : completedFuture(null);
    }

    /**
     * Whether the callers, who are to be released in steps, still reach this node when the role is another one's. If its
     * address moves, they are better told at once.
     */
    private boolean isLeftToDrain() {
        return services.listeners().turnsAway() && config.role().address() == null;
    }

    @Override
    public boolean isIdle() {
        return services.listeners().connections(name) == 0;
    }

    private synchronized void compete() {
        if (!isReleased && !isCompeting) {
            isCompeting = true;
            competesBy = config.role().preferred();
            services.leases().compete(new Role(name, competesBy), this);
        }
    }

    /** The cluster knows the preferred nodes from the start of a candidacy; to end it isn't worth a connection. */
    private void preferAnew() {
        if (!competesBy.equals(config.role().preferred()) && (current == null || isIdle())) {
            competeAnew(0);
        }
    }

    private synchronized void competeAnew(long pauseMillis) {
        if (!isReleased) {
            isCompeting = false;
            competesBy = config.role().preferred();
            var unused =
                    services.leases().withdraw(name).whenComplete((done, failure) -> later(this::compete, pauseMillis));
        }
    }

    private void serve(Grant grant) {
        boolean hasAddress = config.role().address() != null;
        if (hasAddress) {
            await(run(RoleCommand.Event.GRANTED, grant));
        }
        if (!grant.equals(current)) {
            return;
        }
        try {
            services.listeners().open(name);
        } catch (ListenerStartException e) {
            giveUp(e);
            return;
        }
        if (!admit(grant)) {
            return;
        }
        failures = 0;
        LOG.atInfo()
                .addKeyValue(LogField.LISTENER, name)
                .log("role {}: this node serves it now, at {}, epoch {}", name, addressText(), grant.epoch());
        firstOpening.complete(null);
        if (!hasAddress) {
            var unused = run(RoleCommand.Event.GRANTED, grant);
        }
        services.opened().accept(grant);
        point(grant, 0);
    }

    /** Unless the grant has ended meanwhile. */
    private synchronized boolean admit(Grant grant) {
        boolean isCurrent = grant.equals(current);
        if (isCurrent) {
            services.listeners().admit(name);
        }
        return isCurrent;
    }

    private synchronized CompletableFuture<Void> run(RoleCommand.Event event, Grant grant) {
        boolean isOutOfDate = event == RoleCommand.Event.GRANTED && !grant.equals(current);
        return isOutOfDate ? completedFuture(null) : command.run(config.role(), event, grant.epoch());
    }

    private void giveUp(ListenerStartException failure) {
        if (firstOpening.completeExceptionally(failure) && services.isAlone()) {
            return;
        }
        long pauseMillis = FIRST_RETRY_MILLIS << Math.min(failures++, MOST_DOUBLINGS);
        LOG.atError()
                .addKeyValue(LogField.LISTENER, name)
                .log(
                        "role {}: this node can't serve it: {}; {}. Another node may take it; this one tries again in"
                                + " {} s",
                        name,
                        failure.getMessage(),
                        advice(failure),
                        pauseMillis / 1000);
        competeAnew(pauseMillis);
    }

    private String advice(ListenerStartException failure) {
        if (failure.getCause() instanceof UdpBindException bind && bind.reason() == UdpBindException.Reason.NOT_LOCAL) {
            return config.role().address() == null
                    ? "set the listener's host to an address of this machine"
                    : "see in the log why role.command did not bring the address here";
        }
        return "see by \"ss -ulpn\" which program has the port, and stop it";
    }

    private void stop(Grant grant, EndReason reason, boolean closes) {
        int connections = services.listeners().connections(name);
        if (services.listeners().isOpen(name)) {
            if (closes) {
                services.listeners().close(name);
            }
            LOG.atInfo()
                    .addKeyValue(LogField.LISTENER, name)
                    .log(
                            "role {}: no longer served here, epoch {}: {}; {}",
                            name,
                            grant.epoch(),
                            text(reason),
                            closes
                                    ? "its connections were closed, and their peers told: " + connections
                                    : "new callers are ignored, connections that go on: " + connections);
        }
        CompletableFuture<Void> told = run(RoleCommand.Event.ENDED, grant);
        if (reason == EndReason.HANDED_OVER) {
            // The next owner needs what it gives back.
            await(told);
            if (!competesBy.equals(config.role().preferred())) {
                soon(this::preferAnew);
            }
        }
        if (!closes) {
            later(this::closeAfterLastConnection, LAST_CONNECTION_CHECK_MILLIS);
        }
    }

    private void closeAfterLastConnection() {
        if (current != null || isReleased || !services.listeners().isOpen(name)) {
            return;
        }
        if (isIdle()) {
            services.listeners().close(name);
        } else {
            later(this::closeAfterLastConnection, LAST_CONNECTION_CHECK_MILLIS);
        }
    }

    /** Points the service here, and doesn't rest before that is done or the grant has ended. */
    private void point(Grant grant, int failedBefore) {
        String service = config.role().service();
        InetSocketAddress address = services.listeners().addresses().get(name);
        if (service == null || address == null || !grant.equals(current)) {
            return;
        }
        var unused = services.endpoints()
                .point(service, address.getPort(), grant.epoch())
                .onFailure(failure -> {
                    if (failedBefore == 0) {
                        LOG.atError()
                                .addKeyValue(LogField.LISTENER, name)
                                .log(
                                        "role {}: the service {} could not be pointed at this node: {}; its callers go"
                                                + " elsewhere until this succeeds. See that the node may write its"
                                                + " EndpointSlice",
                                        name,
                                        service,
                                        failure.getMessage());
                    }
                    later(
                            () -> point(grant, failedBefore + 1),
                            FIRST_RETRY_MILLIS << Math.min(failedBefore, MOST_DOUBLINGS));
                });
    }

    private String addressText() {
        InetSocketAddress address = services.listeners().addresses().get(name);
        return address == null ? "no address" : LoggableAddress.of(address);
    }

    private static String text(EndReason reason) {
        return switch (reason) {
            case HANDED_OVER -> "handed over";
            case QUORUM_LOST -> "this node hears fewer nodes than cluster.quorum, and may be cut off";
            case NOT_RENEWED -> "the other nodes did not confirm it for too long";
            case STALLED -> "this process stood still for too long";
            case SUPERSEDED -> "another node has it under a later epoch";
        };
    }

    private static void await(CompletableFuture<Void> command) {
        try {
            command.get(COMMAND_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("a role's command is not waited for any longer", e);
        }
    }

    private CompletableFuture<Void> onThread(Runnable task) {
        try {
            return CompletableFuture.runAsync(task, thread);
        } catch (RejectedExecutionException e) {
            return completedFuture(null);
        }
    }

    private void soon(Runnable task) {
        later(task, 0);
    }

    /** Unless the role has been released. */
    private void later(Runnable task, long millis) {
        try {
            var unused = thread.schedule(() -> attempt(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("role {} has been released", name, e);
        }
    }

    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("role {}: serving it failed", name, e);
        }
    }
}
