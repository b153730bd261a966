package io.millrace.relay.listener;

import io.millrace.relay.access.ListenerAccess;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.net.LocalAddresses;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.PortReservation;
import io.millrace.relay.net.UdpSocket;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP port on one event loop. Deployed once for each loop; the kernel spreads the callers over them. A wildcard
 * address has a socket for each local address beside the wildcard's own, so that every answer leaves from the address
 * that was called; addresses that come and go later are followed.
 */
public final class ListenerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerVerticle.class);
    private static final int STATISTICS_MILLIS = 1_000;
    private static final int REFUSAL_SUMMARY_SECONDS = 10;
    private static final int ADDRESS_SCAN_MILLIS = 5_000;
    /** A request may be held for {@code streams.waitMillis}; then comes its refusal, and only then its expiry. */
    private static final long DECISION_MARGIN_MICROS = 10_000_000;

    private final ListenerServices services;
    private final ListenerConfig config;
    private final PortReservation reservation;
    private final List<ListenerSocket> sockets = new ArrayList<>();
    private final ListenerAccess access;
    private final RefusalLog refusals;

    private LocalAddresses addresses;
    private volatile boolean bound;

    /** @param reservation of the port; to be closed when all loops have bound it */
    public ListenerVerticle(
            ListenerServices services,
            ListenerConfig config,
            ListenerAccess access,
            PortReservation reservation,
            LocalAddresses addresses) {
        this.services = services;
        this.config = config;
        this.access = access;
        this.reservation = reservation;
        this.addresses = addresses;
        refusals = new RefusalLog(config.name());
    }

    /** Whether its sockets are open. Callable from any thread. */
    public boolean isBound() {
        return bound;
    }

    @Override
    public Future<?> start() {
        LoopExecutor loop = services.loops().of(context);
        SocketIds socketIds = new SocketIds(
                services.socketIdKey(), loop.index(), services.random().nextInt());
        return services.transport().bindAll(loop, reservation, addresses).onSuccess(opened -> {
            opened.forEach(socket -> open(socket, socketIds));
            bound = true;
            vertx.setPeriodic(STATISTICS_MILLIS, id -> sockets.forEach(ListenerSocket::updateStatistics));
            vertx.setPeriodic(REFUSAL_SUMMARY_SECONDS * 1000L, id -> refusals.summarise(REFUSAL_SUMMARY_SECONDS));
            if (reservation.address().getAddress().isAnyLocalAddress()) {
                vertx.setPeriodic(ADDRESS_SCAN_MILLIS, id -> scanAddresses(loop, socketIds));
            }
        });
    }

    @Override
    public Future<?> stop() {
        bound = false;
        List<Future<Void>> closing = sockets.stream().map(ListenerSocket::stop).toList();
        return Future.join(closing);
    }

    private void open(UdpSocket socket, SocketIds socketIds) {
        EndpointSettings settings = new EndpointSettings(
                true,
                services.config().limits().pendingCallers(),
                services.config().streams().waitMillis() * 1000L + DECISION_MARGIN_MICROS,
                0,
                AddressFilter.of(config),
                services.config().limits().handshakes());
        SrtEndpoint endpoint = new SrtEndpoint(settings, services.random(), socketIds);
        ListenerSocket opened = new ListenerSocket(services, config, access, refusals, socket, endpoint);
        sockets.add(opened);
        opened.start();
    }

    private void scanAddresses(LoopExecutor loop, SocketIds socketIds) {
        vertx.executeBlocking(LocalAddresses::scan).onSuccess(scanned -> {
            LocalAddresses.Change change = addresses.changeTo(scanned);
            addresses = scanned;
            change.added().forEach(address -> follow(loop, socketIds, address));
            change.removed().forEach(this::unfollow);
        });
    }

    private void follow(LoopExecutor loop, SocketIds socketIds, InetAddress address) {
        InetSocketAddress local =
                new InetSocketAddress(address, reservation.address().getPort());
        services.transport()
                .bind(loop, local)
                .onSuccess(socket -> {
                    LOG.info("listener {}: {} is a new address of this machine", config.name(), local);
                    open(socket, socketIds);
                })
                .onFailure(failure -> LOG.warn("listener {}: {}", config.name(), failure.getMessage()));
    }

    private void unfollow(InetAddress address) {
        for (ListenerSocket socket : List.copyOf(sockets)) {
            if (socket.localAddress().getAddress().equals(address)) {
                LOG.info("listener {}: {} is no address of this machine any more", config.name(), address);
                sockets.remove(socket);
                var unused = socket.stop();
            }
        }
    }
}
