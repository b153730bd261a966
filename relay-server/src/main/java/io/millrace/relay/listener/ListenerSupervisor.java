package io.millrace.relay.listener;

import static java.util.stream.Collectors.toMap;

import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.net.LocalAddresses;
import io.millrace.relay.net.PortReservation;
import io.millrace.relay.net.UdpBindException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps those listeners open that the configuration names, each on every event loop. A listener is known by its name: with
 * another address it is a new one. That of an exclusive role is opened and closed as the role comes and goes. Who asks for
 * a change waits for it, and is no event loop, unless the method returns at once; who asks for facts may be any thread.
 */
public final class ListenerSupervisor {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerSupervisor.class);
    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx;
    private final ListenerServices services;
    /** All of them, open or not. */
    private volatile List<ListenerConfig> configured = List.of();
    /** Those that are open, by name. */
    private volatile Map<String, Running> running = Map.of();

    /** @param onLoops the listener on each event loop, and what it is deployed as */
    private record Running(
            ListenerConfig config,
            ListenerLoops loops,
            InetSocketAddress address,
            Map<ListenerVerticle, String> onLoops) {
        /** Whether it is what a configuration of the same name asks for. */
        boolean fits(ListenerConfig other) {
            return config.address().equals(other.address())
                    && config.role().exclusive() == other.role().exclusive();
        }

        Running configured(ListenerConfig changed) {
            return new Running(changed, loops, address, onLoops);
        }

        boolean isBound() {
            return onLoops.keySet().stream().allMatch(ListenerVerticle::isBound);
        }

        void accepting(boolean accepting) {
            loops.accepting(accepting);
            var unused = reconfigure();
        }

        Future<?> reconfigure() {
            return Future.join(
                    onLoops.keySet().stream().map(ListenerVerticle::reconfigure).toList());
        }
    }

    public ListenerSupervisor(Vertx vertx, ListenerServices services) {
        this.vertx = vertx;
        this.services = services;
    }

    /** Where each listener that is open is bound, by name and in the order of the configuration. */
    public Map<String, InetSocketAddress> addresses() {
        Map<String, Running> open = running;
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        for (ListenerConfig config : configured) {
            Running listener = open.get(config.name());
            if (listener != null) {
                addresses.put(config.name(), listener.address());
            }
        }
        return addresses;
    }

    /** Whether each of these listeners is open that should be, by name and in this order. A role's may be another node's. */
    public Map<String, Boolean> bound(List<ListenerConfig> listeners) {
        Map<String, Boolean> bound = new LinkedHashMap<>();
        for (ListenerConfig config : listeners) {
            Running listener = running.get(config.name());
            if (listener != null || !config.role().exclusive()) {
                bound.put(config.name(), listener != null && listener.isBound());
            }
        }
        return bound;
    }

    /** From now on the listener's callers are let in under this grant of its role. */
    public void epoch(String listenerName, long epoch) {
        Running listener = running.get(listenerName);
        if (listener != null) {
            listener.loops.epoch(epoch);
        }
    }

    /**
     * Tells the peers that a dead node has left behind that their connections are over, as far as they called an address
     * that this listener has. To be called when it has been opened in that node's place.
     *
     * @return completes with how many were told
     */
    public Future<Integer> tellOrphans(String listenerName) {
        Running listener = running.get(listenerName);
        return listener == null
                ? Future.succeededFuture(0)
                : new OrphanNotices(vertx, services.cluster(), List.copyOf(listener.onLoops.keySet()))
                        .tell(listenerName);
    }

    /** A listener on each of its loops, by its place in the configuration. */
    List<ListenerVerticle> onLoops(int index) {
        Running listener = running.get(configured.get(index).name());
        return listener == null ? List.of() : List.copyOf(listener.onLoops.keySet());
    }

    public boolean isOpen(String name) {
        return running.containsKey(name);
    }

    /** How many connections a listener has; 0 if it is not open. */
    public int connections(String name) {
        Running listener = running.get(name);
        return listener == null ? 0 : listener.loops.connections();
    }

    /**
     * Opens the listener of a role, if it isn't open. Callers are ignored until they are {@linkplain #admit admitted}.
     *
     * @throws ListenerStartException if it can't be opened
     */
    public synchronized void open(String name) throws ListenerStartException {
        for (int i = 0; i < configured.size(); i++) {
            ListenerConfig config = configured.get(i);
            if (config.name().equals(name) && !isOpen(name)) {
                Map<String, Running> next = new LinkedHashMap<>(running);
                next.put(name, open(config, i));
                running = next;
            }
        }
    }

    /** Closes the listener of a role with all its connections, whose peers are told. */
    public synchronized void close(String name) {
        Map<String, Running> next = new LinkedHashMap<>(running);
        Running listener = next.remove(name);
        if (listener != null) {
            running = next;
            close(List.of(listener));
        }
    }

    /** From now on the listener of a role lets callers in. Returns at once. */
    public void admit(String name) {
        accepting(name, true);
    }

    /** Whether newcomers are turned away everywhere, since the node is being drained. */
    public boolean turnsAway() {
        return services.turnsAway();
    }

    /**
     * From now on who calls the listener of a role is ignored, as if nobody were here; those who are connected stay so.
     * Returns at once.
     */
    public void suspend(String name) {
        accepting(name, false);
    }

    private void accepting(String name, boolean accepting) {
        Running listener = running.get(name);
        if (listener != null) {
            listener.accepting(accepting);
        }
    }

    /**
     * Opens listeners that are new, closes those that are gone with all their connections, and has those that stay judge
     * callers as they are configured now. That of an exclusive role is not opened, but stays open if it is.
     *
     * @throws ListenerStartException if one can't be opened; then all is as it was, but that connections are lost whose
     *     listener had to make room for it
     */
    public synchronized void apply(List<ListenerConfig> listeners) throws ListenerStartException {
        List<Running> gone = running.values().stream()
                .filter(old -> place(old, listeners) < 0)
                .toList();
        // A port can't be opened twice: such a listener is closed first, and the others only when nothing can fail any
        // more.
        List<Running> inTheWay = gone.stream()
                .filter(old -> old.config.port() != 0
                        && listeners.stream().anyMatch(config -> config.port() == old.config.port()))
                .toList();
        close(inTheWay);
        Map<String, Running> next = new LinkedHashMap<>();
        List<Running> opened = new ArrayList<>();
        try {
            for (int i = 0; i < listeners.size(); i++) {
                ListenerConfig config = listeners.get(i);
                Running kept = running.get(config.name());
                if (kept != null && kept.fits(config)) {
                    next.put(config.name(), kept.configured(config));
                } else if (!config.role().exclusive()) {
                    Running added = open(config, i);
                    opened.add(added);
                    next.put(config.name(), added);
                }
            }
        } catch (ListenerStartException e) {
            close(opened);
            restore(inTheWay);
            throw e;
        }
        close(gone.stream().filter(old -> !inTheWay.contains(old)).toList());
        for (Running old : running.values()) {
            int index = place(old, listeners);
            if (index >= 0) {
                old.loops.policy(ListenerPolicy.of(listeners.get(index), index));
                await(old.reconfigure());
            }
        }
        configured = List.copyOf(listeners);
        running = next;
    }

    /**
     * Opens the listener that other nodes call, once; it stays open as long as the relay runs.
     *
     * @throws ListenerStartException if it can't be opened
     */
    public synchronized void openForNodes(ListenerConfig config) throws ListenerStartException {
        Running unused = open(config, 0, ListenerPolicy.forNodes(config));
    }

    /** The place of a listener that stays open; -1 if it doesn't. */
    private static int place(Running old, List<ListenerConfig> listeners) {
        for (int i = 0; i < listeners.size(); i++) {
            if (listeners.get(i).name().equals(old.config.name())) {
                return old.fits(listeners.get(i)) ? i : -1;
            }
        }
        return -1;
    }

    private Running open(ListenerConfig config, int index) throws ListenerStartException {
        return open(config, index, ListenerPolicy.of(config, index));
    }

    private Running open(ListenerConfig config, int index, ListenerPolicy policy) throws ListenerStartException {
        boolean accepting = !config.role().exclusive();
        ListenerLoops loops = new ListenerLoops(services, config.name(), policy, accepting);
        try (PortReservation reservation = PortReservation.of(config.address())) {
            LocalAddresses addresses = LocalAddresses.scan();
            Map<ListenerVerticle, Future<String>> deployments = new LinkedHashMap<>();
            for (int loop = 0; loop < services.loops().all().size(); loop++) {
                ListenerVerticle onLoop = new ListenerVerticle(services, loops, reservation, addresses);
                deployments.put(onLoop, vertx.deployVerticle(onLoop));
            }
            Throwable failure = await(Future.join(List.copyOf(deployments.values())));
            Map<ListenerVerticle, String> onLoops = deployments.entrySet().stream()
                    .filter(deployment -> deployment.getValue().succeeded())
                    .collect(toMap(
                            Map.Entry::getKey,
                            deployment -> deployment.getValue().result(),
                            (a, b) -> a,
                            LinkedHashMap::new));
            Running opened = new Running(config, loops, reservation.address(), onLoops);
            if (failure != null) {
                close(List.of(opened));
                throw new ListenerStartException(index, config.port(), failure);
            }
            return opened;
        } catch (UdpBindException e) {
            throw new ListenerStartException(index, config.port(), e);
        }
    }

    private void close(List<Running> listeners) {
        var undeployed = listeners.stream()
                .flatMap(listener -> listener.onLoops.values().stream())
                .map(vertx::undeploy)
                .toList();
        Throwable failure = await(Future.join(undeployed));
        if (failure != null) {
            LOG.error("a listener could not be closed properly", failure);
        }
    }

    private void restore(List<Running> closed) {
        Map<String, Running> restored = new LinkedHashMap<>(running);
        for (Running old : closed) {
            try {
                restored.put(old.config.name(), open(old.config, configured.indexOf(old.config)));
            } catch (ListenerStartException e) {
                restored.remove(old.config.name());
                LOG.error("listener {} could not be opened again: {}", old.config.name(), e.getMessage());
            }
        }
        running = restored;
    }

    /** Waits; returns why it failed, or null. */
    private static @Nullable Throwable await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        } catch (TimeoutException e) {
            return new TimeoutException("not done within " + PATIENCE_SECONDS + " s");
        } catch (ExecutionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }
}
