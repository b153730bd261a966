package io.millrace.relay.role;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.RoleLeases;
import io.millrace.relay.config.ClusterConfig;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.listener.ListenerStartException;
import io.millrace.relay.listener.ListenerSupervisor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of this node, by the roles that it is granted: those without an exclusive role are open all the time, the
 * others while this node has the role. A node that is alone has all of them, which it waits for.
 */
public final class ListenerRoles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerRoles.class);
    /** A listener is closed within milliseconds; the rest is for what its command does. */
    private static final long RELEASE_SECONDS = 8;

    private static final long OPENING_SECONDS = 30;

    private final RoleServices services;
    private final Map<String, ListenerRole> roles = new LinkedHashMap<>();
    private List<ListenerConfig> applied = List.of();
    private boolean isOver;

    /**
     * @param opened told of each grant when the listener is open and lets callers in, on a thread that may be kept
     * @param endpoints by which callers of a role's service are sent here
     */
    public ListenerRoles(
            Cluster cluster,
            ClusterConfig config,
            ListenerSupervisor listeners,
            Consumer<RoleLeases.Grant> opened,
            ServiceEndpoints endpoints) {
        services = new RoleServices(
                cluster.roles(),
                cluster.self().nodeId(),
                listeners,
                opened,
                endpoints,
                !config.hasOthers(),
                config.mode() == ClusterConfig.Mode.HOST);
    }

    /**
     * Goes by these listeners from now on. Those whose role is another one now, or at another address, are given back
     * first. Waits until that is done, and is called by no event loop.
     *
     * @throws ListenerStartException if one can't be opened, other than by a role that another node may have; to be
     *     followed by {@link #restore}, which leaves all as it was, but for connections whose listener had to make room
     */
    public synchronized void apply(List<ListenerConfig> configured) throws ListenerStartException {
        change(configured);
        applied = configured;
    }

    /** Goes by the listeners that were applied last. */
    public synchronized void restore() {
        try {
            change(applied);
        } catch (ListenerStartException e) {
            LOG.error("a listener could not be opened again: {}", e.getMessage());
        }
    }

    /** Gives all roles back, and takes none any more. Completes when others may have them, and always. */
    public synchronized CompletionStage<Void> handOver() {
        isOver = true;
        CompletableFuture<Void> released = releaseAll(List.copyOf(roles.values()));
        roles.clear();
        return released;
    }

    /** Hands all roles over, and waits for it. */
    @Override
    public void close() {
        await(handOver().toCompletableFuture());
    }

    private void change(List<ListenerConfig> configured) throws ListenerStartException {
        releaseOthersThan(configured);
        services.listeners().apply(configured);
        List<ListenerRole> added = new ArrayList<>();
        for (ListenerConfig config : configured) {
            ListenerRole present = roles.get(config.name());
            if (present != null) {
                present.configure(config);
            } else if (config.role().exclusive() && !isOver) {
                ListenerRole role = new ListenerRole(services, config);
                roles.put(config.name(), role);
                added.add(role);
                role.start();
            }
        }
        if (services.isAlone()) {
            for (ListenerRole role : added) {
                awaitOpening(role);
            }
        }
    }

    private void releaseOthersThan(List<ListenerConfig> configured) {
        List<ListenerRole> others = roles.values().stream()
                .filter(role -> configured.stream().noneMatch(role::fits))
                .toList();
        roles.values().removeAll(others);
        await(releaseAll(others));
    }

    private static CompletableFuture<Void> releaseAll(List<ListenerRole> some) {
        return CompletableFuture.allOf(
                some.stream().map(role -> role.release().toCompletableFuture()).toArray(CompletableFuture[]::new));
    }

    private static void await(CompletableFuture<Void> released) {
        try {
            released.get(RELEASE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "a listener role was not handed over in time; another node takes it when it sees that it is free",
                    e);
        }
    }

    private static void awaitOpening(ListenerRole role) throws ListenerStartException {
        try {
            role.firstOpening().get(OPENING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.error("a listener role was not granted within {} s, although there is no other node", OPENING_SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ListenerStartException failure) {
                throw failure;
            }
            LOG.error("a listener role can't be served", e);
        }
    }
}
