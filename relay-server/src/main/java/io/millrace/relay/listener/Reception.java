package io.millrace.relay.listener;

import io.millrace.relay.access.Admitted;
import io.millrace.relay.access.Arrival;
import io.millrace.relay.access.GrantLimits;
import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.access.NodeStreamId;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.RefusedException;
import io.millrace.relay.access.StreamRequest;
import io.millrace.relay.config.JoinMode;
import io.millrace.relay.log.LogField;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.Fanout;
import io.millrace.relay.stream.Publication;
import io.millrace.relay.stream.Publisher;
import io.millrace.relay.stream.Subscription;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.endpoint.PendingCaller;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.handshake.SrtExtension;
import io.millrace.srt.receive.Delivery;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the callers of one socket: has them decided on, and opens connections for those who are let in. Everything
 * happens on the socket's loop; decisions that are taken elsewhere come back to it.
 */
final class Reception {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    /** Beyond a subscriber's latency, what its sender may still be asked for. */
    private static final long RETRANSMISSION_SPAN_MICROS = 1_500_000;

    private final ListenerServices services;
    private final ListenerLoops loops;
    private final Attempts attempts;
    private final SrtEndpoint endpoint;
    private final ListenerSocket socket;

    Reception(
            ListenerServices services,
            ListenerLoops loops,
            Attempts attempts,
            SrtEndpoint endpoint,
            ListenerSocket socket) {
        this.services = services;
        this.loops = loops;
        this.attempts = attempts;
        this.endpoint = endpoint;
        this.socket = socket;
    }

    void decide(PendingCaller caller) {
        if (services.turnsAway() && !loops.policy().forNodes()) {
            refuse(
                    caller,
                    new Refusal(
                            RejectReason.DOWN,
                            "this node is being drained; the caller should try again, and find another one"));
            return;
        }
        if (!services.connections().takePlace()) {
            refuse(
                    caller,
                    new Refusal(
                            RejectReason.OVERLOAD,
                            "the node has " + services.connections().maximum()
                                    + " connections, its limit; raise limits.connections or use another node"));
            return;
        }
        Arrival arrival = new Arrival(
                loops.policy().access(),
                caller.streamId(),
                caller.keyMaterial(),
                caller.address(),
                socket.localAddress(),
                SrtExtension.versionText(caller.peerVersion()));
        onLoop(services.access().decide(arrival), caller, null, admitted -> {
            if (admitted.request().mode() == StreamRequest.Mode.PUBLISH) {
                publish(caller, admitted);
            } else {
                subscribe(caller, admitted);
            }
        });
    }

    private void publish(PendingCaller caller, Admitted admitted) {
        if (socket.overload().refusesPublishers()) {
            refuseForLoad(caller, admitted);
            return;
        }
        String stream = admitted.grant().stream();
        GrantLimits limits = admitted.grant().limits();
        ConnectionSettings settings = policy().forPublisher(limits);
        int latencyMillis = Math.max(settings.offer().receiveLatencyMillis(), caller.sendLatencyMillis());
        Publisher publisher = new Publisher(
                caller.address(),
                latencyMillis,
                limits.subscribers(),
                admitted.request().user() == null ? "" : admitted.request().user(),
                why -> socket.loop().execute(() -> socket.evict(stream, why)));
        onLoop(
                services.streams().publish(stream, publisher),
                caller,
                admitted,
                publication -> openPublisher(caller, admitted, settings, publication));
    }

    private void subscribe(PendingCaller caller, Admitted admitted) {
        if (socket.overload().refusesRequests()) {
            refuseForLoad(caller, admitted);
            return;
        }
        String stream = admitted.grant().stream();
        String user = admitted.request().user();
        onLoop(
                loops.policy().forNodes()
                        ? services.streams()
                                .subscribeNode(
                                        NodeStreamId.stream(stream),
                                        user == null ? "" : user,
                                        services.config().cluster().pullsPerStream())
                        : services.streams()
                                .subscribe(stream, admitted.grant().limits().subscribers()),
                caller,
                admitted,
                subscription -> openSubscriber(caller, admitted, subscription));
    }

    /** Goes on with a decision on the loop. A refusal gives everything back that was taken. */
    private <T> void onLoop(
            Future<T> decision, PendingCaller caller, @Nullable Admitted admitted, Consumer<T> granted) {
        decision.onComplete(outcome -> socket.loop().execute(() -> {
            if (outcome.succeeded()) {
                granted.accept(outcome.result());
                return;
            }
            giveBack(admitted);
            if (outcome.cause() instanceof RefusedException refused) {
                refuse(caller, refused.refusal());
            } else {
                refuseByFault(caller, outcome.cause());
            }
        }));
    }

    private void openPublisher(
            PendingCaller caller, Admitted admitted, ConnectionSettings settings, Publication publication) {
        SrtConnection connection = endpoint.accept(LoopClock.nowMicros(), caller, admitted.agreement(), settings);
        if (connection == null) {
            publication.end();
            giveBack(admitted);
            socket.wake();
            return;
        }
        publication.slot().onChange(() -> socket.changed(publication));
        connection.receiveInto(publication.slot(), Delivery.ON_ARRIVAL);
        int latencyMillis = connection.negotiated().receiveLatencyMillis();
        ConnectionInfo info = opened(ConnectionInfo.Role.PUBLISHER, connection, caller, admitted, latencyMillis);
        socket.opened(new PublisherLink(
                connection, info, limits(info, admitted, connection), publication, admitted.passphrase()));
    }

    private void openSubscriber(PendingCaller caller, Admitted admitted, Subscription subscription) {
        ConnectionSettings settings = policy().forSubscriber(
                        subscription.publisherLatencyMillis(),
                        caller.receiveLatencyMillis(),
                        admitted.grant().limits());
        SrtConnection connection = endpoint.accept(LoopClock.nowMicros(), caller, admitted.agreement(), settings);
        if (connection == null) {
            subscription.end();
            giveBack(admitted);
            socket.wake();
            return;
        }
        int latencyMillis = connection.negotiated().sendLatencyMillis();
        subscription.media().log().keepFor(latencyMillis * 1000L + RETRANSMISSION_SPAN_MICROS);
        Fanout fanout = subscription.media().fanout(socket.loop());
        ConnectionInfo info = opened(ConnectionInfo.Role.SUBSCRIBER, connection, caller, admitted, latencyMillis);
        SubscriberLink link =
                new SubscriberLink(connection, info, limits(info, admitted, connection), subscription, fanout, socket);
        JoinMode join =
                policy().join(admitted.request().join(), admitted.grant().join());
        info.joins(join);
        fanout.add(link, connection, join);
        socket.opened(link);
    }

    private ConnectionInfo opened(
            ConnectionInfo.Role role,
            SrtConnection connection,
            PendingCaller caller,
            Admitted admitted,
            int latencyMillis) {
        String user = admitted.request().user();
        ConnectionInfo.Facts facts = new ConnectionInfo.Facts(
                role,
                loops.name(),
                admitted.grant().stream(),
                LoggableStreamId.of(caller.streamId()),
                user == null ? null : LoggableStreamId.of(user),
                encryption(admitted.agreement()),
                caller.address(),
                socket.localAddress(),
                SrtExtension.versionText(caller.peerVersion()),
                latencyMillis);
        ConnectionInfo info = services.connections()
                .opened(facts, why -> socket.loop().execute(() -> socket.closeIfOpen(connection, why)));
        attempts.accepted(info, admitted, caller.keyMaterial() != null);
        return info;
    }

    private ConnectionPolicy policy() {
        return new ConnectionPolicy(services.config());
    }

    private static LinkLimits limits(ConnectionInfo info, Admitted admitted, SrtConnection connection) {
        return new LinkLimits(admitted.grant().limits(), info.facts().role(), connection.openedMicros());
    }

    private static String encryption(KeyAgreement agreement) {
        if (agreement instanceof KeyAgreement.Secured secured) {
            return "AES-" + 8 * secured.kek().keyLength() + " "
                    + secured.material().mode();
        }
        return agreement instanceof KeyAgreement.Unsecured unsecured
                ? "none (" + unsecured.state().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ")"
                : "none";
    }

    private void refuseForLoad(PendingCaller caller, Admitted admitted) {
        giveBack(admitted);
        refuse(
                caller,
                new Refusal(
                        RejectReason.OVERLOAD,
                        "event loop " + socket.loop().index() + " is overloaded: connections wait "
                                + socket.overload().leastWaitMillis()
                                + " ms for their turn; use more processors or another node, set"
                                + " streams.aggregationMillis, or raise limits.delayMillis"));
    }

    private void giveBack(@Nullable Admitted admitted) {
        services.connections().givePlaceBack();
        if (admitted != null) {
            admitted.discard();
        }
    }

    private void refuseByFault(PendingCaller caller, Throwable fault) {
        Refusal refusal = new Refusal(
                RejectReason.INTERNAL_SERVER_ERROR,
                "the relay failed to decide, which is a fault of its own; report the error in its log");
        // While the relay stops, its callers have gone first, and what decides on them may fail in any way.
        if (refuse(caller, refusal)) {
            String peer = LoggableAddress.of(caller.address());
            LOG.atError().addKeyValue(LogField.PEER, peer).setCause(fault).log("deciding on {} failed", peer);
        }
    }

    /** False if the caller has expired, or the socket is closed: it was told so, and nothing else is to be noted. */
    private boolean refuse(PendingCaller caller, Refusal refusal) {
        if (!endpoint.reject(caller, refusal.reason())) {
            return false;
        }
        attempts.refused(caller, refusal);
        socket.wake();
        return true;
    }
}
