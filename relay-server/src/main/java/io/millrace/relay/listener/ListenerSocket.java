package io.millrace.relay.listener;

import io.millrace.relay.access.DefaultStream;
import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.access.ParsedStreamId;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.StreamRequest;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.StreamsConfig;
import io.millrace.relay.net.EndpointDriver;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.UdpSocket;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.SocketInfo;
import io.millrace.relay.stream.Fanout;
import io.millrace.relay.stream.InOrderLog;
import io.millrace.relay.stream.Publication;
import io.millrace.relay.stream.Publisher;
import io.millrace.relay.stream.RefusedException;
import io.millrace.relay.stream.StreamLog;
import io.millrace.relay.stream.Subscription;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.endpoint.Discarded;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.PendingCaller;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.handshake.SrtExtension;
import io.millrace.srt.packet.Malformed;
import io.millrace.srt.receive.Delivery;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket of a listener: decides on its callers and joins its connections to streams. Everything happens on the
 * socket's loop; decisions that are taken elsewhere come back to it.
 */
final class ListenerSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerSocket.class);

    /** Beyond a subscriber's latency, what its sender may still be asked for. */
    private static final long RETRANSMISSION_SPAN_MICROS = 1_500_000;

    private final ListenerServices services;
    private final ListenerConfig config;
    private final ConnectionPolicy policy;
    private final RefusalLog refusals;
    private final Attempts attempts;
    private final UdpSocket socket;
    private final SrtEndpoint endpoint;
    private final EndpointDriver driver;
    private final @Nullable DefaultStream defaultStream;

    private final Map<SrtConnection, Link> links = new HashMap<>();
    /** Why connections are being closed here, until they are. */
    private final Map<SrtConnection, String> closing = new HashMap<>();
    /** Publications that got something in the present burst. */
    private final List<Publication> changed = new ArrayList<>();

    ListenerSocket(
            ListenerServices services,
            ListenerConfig config,
            RefusalLog refusals,
            UdpSocket socket,
            SrtEndpoint endpoint) {
        this.services = services;
        this.config = config;
        this.refusals = refusals;
        this.socket = socket;
        this.endpoint = endpoint;
        policy = new ConnectionPolicy(services.config());
        defaultStream = config.stream() == null
                ? null
                : new DefaultStream(
                        config.stream(),
                        StreamRequest.Mode.valueOf(config.mode().name()));
        attempts = new Attempts(services.attempts(), config.name(), localAddress(), defaultStream);
        driver = new EndpointDriver(socket, endpoint, this::onEvent, this::publishChanged);
    }

    void start() {
        driver.start();
        updateStatistics();
    }

    InetSocketAddress localAddress() {
        return socket.localAddress();
    }

    /** Tells every peer that it is over, and closes the socket. */
    Future<Void> stop() {
        services.sockets().closed(this);
        endpoint.closeAll(LoopClock.nowMicros());
        return driver.close();
    }

    void wake(SrtConnection connection) {
        endpoint.wake(connection);
        driver.wake();
    }

    /** Closes a connection of this socket; {@code why} is for the log. */
    void close(SrtConnection connection, String why) {
        closing.put(connection, why);
        endpoint.close(LoopClock.nowMicros(), connection);
        driver.wake();
    }

    /** Publishes a snapshot of the socket and of every connection. */
    void updateStatistics() {
        attempts.secondPassed();
        long now = LoopClock.nowMicros();
        for (Link link : links.values()) {
            link.info().update(link.connection().statistics(now));
        }
        Map<Malformed, Long> malformed = new EnumMap<>(Malformed.class);
        for (Malformed reason : Malformed.values()) {
            malformed.put(reason, endpoint.malformed(reason));
        }
        Map<Discarded, Long> discarded = new EnumMap<>(Discarded.class);
        for (Discarded reason : Discarded.values()) {
            discarded.put(reason, endpoint.discarded(reason));
        }
        services.sockets()
                .update(
                        this,
                        new SocketInfo(
                                config.name(),
                                localAddress(),
                                socket.loop().index(),
                                links.size(),
                                driver.statistics(),
                                malformed,
                                discarded));
    }

    private void onEvent(EndpointEvent event) {
        if (event instanceof EndpointEvent.CallerArrived arrived) {
            decide(arrived.caller());
        } else if (event instanceof EndpointEvent.Closed closed) {
            onClosed(closed.connection(), closed.reason());
        } else if (event instanceof EndpointEvent.CallerRefused refused) {
            Refusal refusal = new Refusal(refused.reason(), advice(refused.reason()));
            refusals.refused(refused.from(), refused.streamId(), refusal);
            attempts.refused(refused.from(), refused.streamId(), refusal);
        } else if (event instanceof EndpointEvent.CallerExpired expired) {
            Refusal refusal = new Refusal(
                    RejectReason.TIMEOUT,
                    "no decision came in time; see in the log what kept the webhook or the stream from answering");
            refusals.refused(expired.caller().address(), expired.caller().streamId(), refusal);
            attempts.refused(expired.caller(), refusal);
        }
    }

    private void publishChanged() {
        for (int i = 0; i < changed.size(); i++) {
            changed.get(i).slot().batchEnded();
            changed.get(i).media().published();
        }
        changed.clear();
    }

    private void decide(PendingCaller caller) {
        ParsedStreamId parsed = StreamRequest.parse(caller.streamId(), defaultStream);
        if (parsed instanceof Refusal refusal) {
            refuse(caller, refusal);
        } else if (parsed instanceof StreamRequest request) {
            if (!services.connections().takePlace()) {
                refuse(
                        caller,
                        new Refusal(
                                RejectReason.OVERLOAD,
                                "the node has " + services.connections().maximum()
                                        + " connections, its limit; raise limits.connections or use another node"));
            } else if (request.mode() == StreamRequest.Mode.PUBLISH) {
                decidePublish(caller, request);
            } else {
                decideSubscribe(caller, request);
            }
        }
    }

    private void decidePublish(PendingCaller caller, StreamRequest request) {
        ConnectionSettings settings = policy.forPublisher();
        int latencyMillis = Math.max(settings.offer().receiveLatencyMillis(), caller.sendLatencyMillis());
        Publisher publisher = new Publisher(
                caller.address(), latencyMillis, () -> socket.loop().execute(() -> evict(request.stream())));
        services.streams()
                .publish(request.stream(), publisher)
                .onComplete(decision -> socket.loop().execute(() -> {
                    if (decision.succeeded()) {
                        openPublisher(caller, request, settings, decision.result());
                    } else {
                        refuseOnPlace(caller, decision.cause());
                    }
                }));
    }

    private void decideSubscribe(PendingCaller caller, StreamRequest request) {
        services.streams()
                .subscribe(request.stream())
                .onComplete(decision -> socket.loop().execute(() -> {
                    if (decision.succeeded()) {
                        openSubscriber(caller, request, decision.result());
                    } else {
                        refuseOnPlace(caller, decision.cause());
                    }
                }));
    }

    private void openPublisher(
            PendingCaller caller, StreamRequest request, ConnectionSettings settings, Publication publication) {
        SrtConnection connection = endpoint.accept(LoopClock.nowMicros(), caller, KeyAgreement.Clear.CLEAR, settings);
        if (connection == null) {
            publication.end();
            services.connections().givePlaceBack();
            return;
        }
        publication.slot().onChange(() -> changed.add(publication));
        connection.receiveInto(publication.slot(), Delivery.ON_ARRIVAL);
        ConnectionInfo info = services.connections()
                .opened(facts(
                        ConnectionInfo.Role.PUBLISHER,
                        caller,
                        request,
                        connection.negotiated().receiveLatencyMillis()));
        opened(connection, new PublisherLink(connection, info, publication), request);
    }

    private void openSubscriber(PendingCaller caller, StreamRequest request, Subscription subscription) {
        ConnectionSettings settings =
                policy.forSubscriber(subscription.publisherLatencyMillis(), caller.receiveLatencyMillis());
        SrtConnection connection = endpoint.accept(LoopClock.nowMicros(), caller, KeyAgreement.Clear.CLEAR, settings);
        if (connection == null) {
            subscription.end();
            services.connections().givePlaceBack();
            return;
        }
        int latencyMillis = connection.negotiated().sendLatencyMillis();
        StreamLog log = subscription.media().log();
        log.keepFor(latencyMillis * 1000L + RETRANSMISSION_SPAN_MICROS);
        if (services.config().streams().holes() == StreamsConfig.Holes.HOLD) {
            InOrderLog inOrder = new InOrderLog(log);
            long liveEdge = inOrder.arrivalEnd();
            connection.sendFrom(inOrder, liveEdge, liveEdge);
        } else {
            // In this order: what arrives in between lies before the first position and is skipped.
            long firstArrival = log.arrivalEnd();
            connection.sendFrom(log, log.end(), firstArrival);
        }
        Fanout fanout = subscription.media().fanout(socket.loop());
        ConnectionInfo info =
                services.connections().opened(facts(ConnectionInfo.Role.SUBSCRIBER, caller, request, latencyMillis));
        SubscriberLink link = new SubscriberLink(connection, info, subscription, fanout, this);
        fanout.add(link);
        opened(connection, link, request);
    }

    private void opened(SrtConnection connection, Link link, StreamRequest request) {
        links.put(connection, link);
        link.info().update(connection.statistics(LoopClock.nowMicros()));
        ConnectionLog.opened(link.info());
        attempts.accepted(link.info(), request, "access.otherwise");
        driver.wake();
    }

    private void onClosed(SrtConnection connection, CloseReason reason) {
        Link link = links.remove(connection);
        if (link == null) {
            return;
        }
        link.ended();
        services.connections().closed(link.info());
        String why = closing.remove(connection);
        long now = LoopClock.nowMicros();
        ConnectionLog.closed(
                link.info(),
                now - connection.openedMicros(),
                reason == CloseReason.LOCAL && why != null ? why : text(reason),
                connection.statistics(now));
    }

    /** The publisher of this stream on this socket has to go: another one has been promised its place. */
    private void evict(String stream) {
        for (Link link : List.copyOf(links.values())) {
            if (link instanceof PublisherLink && link.info().facts().stream().equals(stream)) {
                close(link.connection(), "it sent nothing, and another publisher took its place");
            }
        }
    }

    private void refuseOnPlace(PendingCaller caller, Throwable cause) {
        services.connections().givePlaceBack();
        if (cause instanceof RefusedException refused) {
            refuse(caller, refused.refusal());
        } else {
            LOG.error("deciding on {} failed", LoggableAddress.of(caller.address()), cause);
            refuse(
                    caller,
                    new Refusal(
                            RejectReason.INTERNAL_SERVER_ERROR,
                            "the relay failed to decide, which is a fault of its own; report the error in its log"));
        }
    }

    private void refuse(PendingCaller caller, Refusal refusal) {
        endpoint.reject(caller, refusal.reason());
        refusals.refused(caller.address(), caller.streamId(), refusal);
        attempts.refused(caller, refusal);
        driver.wake();
    }

    private ConnectionInfo.Facts facts(
            ConnectionInfo.Role role, PendingCaller caller, StreamRequest request, int latencyMillis) {
        return new ConnectionInfo.Facts(
                role,
                config.name(),
                request.stream(),
                LoggableStreamId.of(caller.streamId()),
                caller.address(),
                localAddress(),
                SrtExtension.versionText(caller.peerVersion()),
                latencyMillis);
    }

    private String text(CloseReason reason) {
        return switch (reason) {
            case PEER_SHUTDOWN -> "the peer closed it";
            case PEER_IDLE ->
                "nothing was heard from the peer for " + services.config().srt().peerIdleTimeoutMillis() + " ms";
            case REPLACED -> "the peer connected anew";
            case LOCAL -> "the relay stops listening there";
        };
    }

    private static String advice(RejectReason reason) {
        return switch (reason) {
            case UNSECURE ->
                "the caller encrypts, and this relay has no passphrase; remove the passphrase from the caller";
            case CONGESTION, MESSAGE_API -> "the caller asks for file mode; set transtype=live in the caller";
            case BAD_SECRET ->
                "the passphrase differs; set the same one in the caller and here, where case and blanks count";
            case CRYPTO -> "the caller wants another cipher; set its cryptomode to AES-CTR, or leave it out";
            case GROUP -> "the caller asks for a bonding group, which is not supported; set it to a single link";
            case FILTER ->
                "the caller asks for a packet filter (FEC), which is not supported; remove packetfilter from the"
                        + " caller";
            case VERSION -> "the caller speaks a handshake older than SRT 1.3; update it";
            default ->
                "the handshake is not one that SRT 1.3 or later sends; update the caller, or find out what else"
                        + " calls this port";
        };
    }
}
