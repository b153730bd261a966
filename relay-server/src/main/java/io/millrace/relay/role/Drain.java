package io.millrace.relay.role;

import io.millrace.cluster.Cluster;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes this node out of service at the cost of one reconnect for each caller: newcomers are turned away, listener roles
 * handed over, viewers released in steps and publishers last, so that who is sent away finds the stream at another node.
 * Callers that have no other node to go to stay until the time is up. Callable from any thread.
 */
public final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private static final int STEP_MILLIS = 100;
    /** Fewer at once would only take longer. */
    private static final int LEAST_PER_STEP = 20;
    /** What of the time releasing viewers may take; the rest is for publishers, and for whoever is late. */
    private static final double SHARE_OF_VIEWERS = 0.4;

    private static final Duration HAND_OVER = Duration.ofSeconds(3);
    private static final Duration PROGRESS = Duration.ofSeconds(5);
    private static final String WHY = "this node is being drained; another one has the stream";

    private final Vertx vertx;
    private final Cluster cluster;
    private final ConnectionDirectory connections;
    private final Supplier<Duration> patience;
    private final Consumer<Boolean> turnAway;
    private final Clock clock;

    private Phase phase = Phase.SERVING;
    private @Nullable Running running;

    /** How far it is. */
    public enum Phase {
        /** It is not being drained. */
        SERVING,
        /** Listener roles are handed over. */
        ROLES,
        /** Viewers are sent away. */
        VIEWERS,
        /** Publishers are sent away. */
        PUBLISHERS,
        /** Nobody is left, or the time is up. */
        DRAINED
    }

    /**
     * How far it is, and who is left.
     *
     * @param since null while it is not being drained
     * @param until when those that are left are given up; null while it is not being drained
     */
    public record Status(
            Phase phase,
            int viewers,
            int publishers,
            @Nullable Instant since,
            @Nullable Instant until) {}

    private record Running(
            Instant since, Instant until, long timer, int perStep, Set<Long> told, CompletableFuture<Void> done) {}

    /**
     * @param patience how long it may take, at the moment that it begins
     * @param turnAway whether newcomers are turned away, and the node isn't ready
     */
    public Drain(
            Vertx vertx,
            Cluster cluster,
            ConnectionDirectory connections,
            Supplier<Duration> patience,
            Consumer<Boolean> turnAway,
            Clock clock) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.connections = connections;
        this.patience = patience;
        this.turnAway = turnAway;
        this.clock = clock;
    }

    /** Begins, unless it has begun. Completes when nobody is left, or the time is up. */
    public synchronized CompletableFuture<Void> begin() {
        Running present = running;
        if (present != null) {
            return present.done().copy();
        }
        turnAway.accept(true);
        cluster.nodes().draining(true);
        phase = Phase.ROLES;
        Duration time = patience.get();
        Instant now = clock.instant();
        int viewers = viewers().size();
        double steps = Math.max(1, SHARE_OF_VIEWERS * time.toMillis() / STEP_MILLIS);
        Running begun = new Running(
                now,
                now.plus(time),
                vertx.setPeriodic(STEP_MILLIS, id -> step()),
                Math.max(LEAST_PER_STEP, (int) Math.ceil(viewers / steps)),
                new HashSet<>(),
                new CompletableFuture<>());
        running = begun;
        LOG.info(
                "draining: viewers ({}) and publishers ({}) are sent to other nodes within {} s",
                viewers,
                publishers().size(),
                time.toSeconds());
        return begun.done().copy();
    }

    /** Serves again. */
    public synchronized void cancel() {
        Running present = running;
        if (present == null) {
            return;
        }
        vertx.cancelTimer(present.timer());
        running = null;
        phase = Phase.SERVING;
        cluster.nodes().draining(false);
        turnAway.accept(false);
        present.done().complete(null);
        LOG.info("not draining any more: this node serves again");
    }

    public synchronized Status status() {
        Running present = running;
        return new Status(
                phase,
                viewers().size(),
                publishers().size(),
                present == null ? null : present.since(),
                present == null ? null : present.until());
    }

    private synchronized void step() {
        Running present = running;
        if (present == null || phase == Phase.DRAINED) {
            return;
        }
        Instant now = clock.instant();
        boolean isTimeUp = !now.isBefore(present.until());
        if (phase == Phase.ROLES && (!hasRoles() || now.isAfter(present.since().plus(HAND_OVER)))) {
            phase = Phase.VIEWERS;
        }
        if (phase == Phase.VIEWERS) {
            List<ConnectionInfo> viewers = viewers();
            if (viewers.isEmpty()) {
                phase = Phase.PUBLISHERS;
            } else if (hasOthers()) {
                viewers.stream()
                        .filter(viewer -> !present.told().contains(viewer.id()))
                        .limit(present.perStep())
                        .forEach(viewer -> sendAway(present, viewer));
            }
        }
        if (phase == Phase.PUBLISHERS) {
            List<ConnectionInfo> publishers = publishers();
            if (publishers.isEmpty()) {
                end(present, "drained: nobody is left");
                return;
            }
            if (hasOthers()) {
                publishers.stream()
                        .filter(publisher -> !present.told().contains(publisher.id()))
                        .forEach(publisher -> sendAway(present, publisher));
            }
        }
        if (isTimeUp) {
            end(present, "draining: the time is up");
        } else if (Duration.between(present.since(), now).toMillis() % PROGRESS.toMillis() < STEP_MILLIS) {
            tell("draining");
        }
    }

    private static void sendAway(Running present, ConnectionInfo connection) {
        present.told().add(connection.id());
        connection.close(WHY);
    }

    private void end(Running present, String how) {
        phase = Phase.DRAINED;
        vertx.cancelTimer(present.timer());
        tell(how);
        present.done().complete(null);
    }

    private void tell(String how) {
        LOG.info(
                "{}; left are viewers ({}) and publishers ({})",
                how,
                viewers().size(),
                publishers().size());
    }

    private boolean hasRoles() {
        String self = cluster.self().nodeId();
        return cluster.roles().grants().stream()
                .anyMatch(grant -> grant.nodeId().equals(self));
    }

    /** Whether there is a node that takes who is sent away. */
    private boolean hasOthers() {
        return cluster.nodes().all().stream()
                .anyMatch(node -> !node.draining() && !node.identity().isSameAs(cluster.self()));
    }

    private List<ConnectionInfo> viewers() {
        return callers(ConnectionInfo.Role.SUBSCRIBER);
    }

    private List<ConnectionInfo> publishers() {
        return callers(ConnectionInfo.Role.PUBLISHER);
    }

    private List<ConnectionInfo> callers(ConnectionInfo.Role role) {
        return connections.connections().stream()
                .filter(connection -> connection.facts().role() == role)
                .filter(connection -> !connection.facts().isBetweenNodes())
                .toList();
    }
}
