package io.millrace.relay.listener;

import io.millrace.cluster.ConnectionFact;
import io.millrace.relay.log.LogField;
import io.millrace.relay.net.LocalAddresses;
import io.millrace.relay.net.PortReservation;
import io.millrace.relay.stats.LegSamples;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP port on one event loop. Deployed once for each loop; the kernel spreads the callers over them. A wildcard
 * address has a socket for each local address beside the wildcard's own, so that every answer leaves from the address
 * that was called; addresses that come and go later are followed.
 */
final class ListenerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerVerticle.class);
    private static final int STATISTICS_MILLIS = 1_000;
    private static final int REFUSAL_SUMMARY_SECONDS = 10;
    private static final int ADDRESS_SCAN_MILLIS = 5_000;

    private final ListenerServices services;
    private final ListenerLoops loops;
    private final PortReservation reservation;
    private final RefusalLog refusals;

    private LocalAddresses addresses;
    private @Nullable LoopSockets sockets;
    private volatile boolean bound;

    /** @param reservation of the port; to be closed when all loops have bound it */
    ListenerVerticle(
            ListenerServices services, ListenerLoops loops, PortReservation reservation, LocalAddresses addresses) {
        this.services = services;
        this.loops = loops;
        this.reservation = reservation;
        this.addresses = addresses;
        refusals = new RefusalLog(loops.name());
    }

    /** Whether its sockets are open. Callable from any thread. */
    boolean isBound() {
        return bound;
    }

    @Override
    public Future<?> start() {
        LoopSockets open =
                new LoopSockets(services, loops, refusals, services.loops().of(context));
        sockets = open;
        return services.transport().bindAll(open.loop(), reservation, addresses).onSuccess(opened -> {
            opened.forEach(open::open);
            bound = true;
            vertx.setPeriodic(LegSamples.INTERVAL_MILLIS, id -> open.sample());
            vertx.setPeriodic(STATISTICS_MILLIS, id -> open.updateStatistics());
            vertx.setPeriodic(REFUSAL_SUMMARY_SECONDS * 1000L, id -> refusals.summarise(REFUSAL_SUMMARY_SECONDS));
            if (reservation.address().getAddress().isAnyLocalAddress()) {
                vertx.setPeriodic(ADDRESS_SCAN_MILLIS, id -> scanAddresses(open));
            }
        });
    }

    /** Goes by the configuration as it is now; to be called after the start, from any thread. */
    Future<Void> reconfigure() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            if (sockets != null) {
                sockets.reconfigure();
            }
            done.complete();
        });
        return done.future();
    }

    /** Tells peers that their connections are over, from the addresses that they called. Completes with those told. */
    Future<List<ConnectionFact>> tellOrphans(List<ConnectionFact> orphans) {
        Promise<List<ConnectionFact>> told = Promise.promise();
        context.runOnContext(v -> told.complete(sockets == null ? List.of() : sockets.tellOrphans(orphans)));
        return told.future();
    }

    @Override
    public Future<?> stop() {
        bound = false;
        return sockets == null ? Future.succeededFuture() : sockets.closeAll();
    }

    /** Its sockets; null before it is started. */
    @Nullable
    LoopSockets sockets() {
        return sockets;
    }

    private void scanAddresses(LoopSockets open) {
        vertx.executeBlocking(LocalAddresses::scan).onSuccess(scanned -> {
            LocalAddresses.Change change = addresses.changeTo(scanned);
            addresses = scanned;
            change.added().forEach(address -> follow(open, address));
            change.removed().forEach(address -> unfollow(open, address));
        });
    }

    private void follow(LoopSockets open, InetAddress address) {
        InetSocketAddress local =
                new InetSocketAddress(address, reservation.address().getPort());
        open.open(local)
                .onSuccess(opened -> LOG.atInfo()
                        .addKeyValue(LogField.LISTENER, loops.name())
                        .log("listener {}: {} is a new address of this machine", loops.name(), local))
                .onFailure(failure -> LOG.atWarn()
                        .addKeyValue(LogField.LISTENER, loops.name())
                        .log("listener {}: {}", loops.name(), failure.getMessage()));
    }

    private void unfollow(LoopSockets open, InetAddress address) {
        if (open.has(address)) {
            LOG.atInfo()
                    .addKeyValue(LogField.LISTENER, loops.name())
                    .log("listener {}: {} is no address of this machine any more", loops.name(), address);
            var unused = open.close(address);
        }
    }
}
