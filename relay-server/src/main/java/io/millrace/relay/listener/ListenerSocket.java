package io.millrace.relay.listener;

import io.millrace.cluster.ConnectionFact;
import io.millrace.relay.access.ConnectionNotice;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.log.LogField;
import io.millrace.relay.net.EndpointDriver;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpSocket;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.SocketInfo;
import io.millrace.relay.stream.Publication;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.LegSample;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.endpoint.Discarded;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.Malformed;
import io.millrace.srt.packet.PacketDecoder;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket of a listener, its connections and what they are for. Everything happens on the socket's loop.
 */
final class ListenerSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerSocket.class);

    private final ListenerServices services;
    private final ListenerLoops loops;
    private final String listener;
    private final Attempts attempts;
    private final Reception reception;
    private final UdpSocket socket;
    private final SrtEndpoint endpoint;
    private final ClusterStrays clusterStrays;
    private final StrayRouter strays;
    /** Of what other nodes take, nobody outside the cluster is told. */
    private final boolean isForNodes;

    private final EndpointDriver driver;

    private final LegSample sample = new LegSample();
    private final Overload overload;
    private final Map<SrtConnection, Link> links = new HashMap<>();
    /** Why connections are being closed here, until they are. */
    private final Map<SrtConnection, String> closing = new HashMap<>();
    /** Publications that got something in the present burst. */
    private final List<Publication> changed = new ArrayList<>();

    ListenerSocket(
            ListenerServices services,
            LoopSockets sockets,
            RefusalLog refusals,
            UdpSocket socket,
            SrtEndpoint endpoint) {
        this.services = services;
        loops = sockets.loops();
        listener = loops.name();
        isForNodes = loops.policy().forNodes();
        this.socket = socket;
        this.endpoint = endpoint;
        overload = new Overload(services.config().limits().delayMillis());
        clusterStrays = new ClusterStrays(services, listener, socket, this::shutDown);
        strays = new StrayRouter(sockets, socket.localAddress(), clusterStrays);
        attempts = new Attempts(
                services.attempts(),
                services.events(),
                refusals,
                listener,
                localAddress(),
                peer -> loops.policy().access().unnamed(peer));
        reception = new Reception(services, loops, attempts, endpoint, this);
        driver = new EndpointDriver(socket, endpoint, this::onEvent, this::publishChanged, strays);
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
        clusterStrays.close();
        endpoint.closeAll(LoopClock.nowMicros());
        return driver.close();
    }

    /** Whether a datagram that came to another socket is for this one. */
    boolean owns(InetSocketAddress from, ByteBuffer stray) {
        return endpoint.owns(from, stray);
    }

    /** Takes a datagram that came to another socket. It is not handed over again. */
    void handleStray(InetSocketAddress from, ByteBuffer stray) {
        strays.takenOver();
        driver.handleStray(from, stray);
    }

    /** Takes a datagram that came to another socket, and is for no connection of this node, or for a newcomer's. */
    void handleUnowned(InetSocketAddress from, ByteBuffer stray) {
        int socketId = PacketDecoder.destinationSocketId(stray);
        if (socketId != 0 && clusterStrays.take(socketId, from, stray)) {
            strays.takenOver();
        } else {
            handleStray(from, stray);
        }
    }

    /** Tells a peer that has no connection here that it is over. */
    void shutDown(InetSocketAddress peer, int peerSocketId) {
        endpoint.shutDownStranger(peer, peerSocketId);
        driver.wake();
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

    /** The same for whoever can't know whether the connection has ended meanwhile. */
    void closeIfOpen(SrtConnection connection, String why) {
        if (links.containsKey(connection)) {
            close(connection, why);
        }
    }

    /** Lets callers in by other bounds from now on. */
    void reconfigure(EndpointSettings settings) {
        endpoint.handleSettings(settings);
        overload.limit(services.config().limits().delayMillis());
        driver.wake();
    }

    /** Takes a sample of every connection. */
    void sample() {
        long now = LoopClock.nowMicros();
        for (Link link : links.values()) {
            if (link instanceof PublisherLink) {
                link.connection().sampleReceived(sample);
            } else {
                link.connection().sampleSent(now, sample);
            }
            link.info().samples().add(now, sample);
        }
    }

    /** Publishes a snapshot of the socket and of every connection. */
    void updateStatistics() {
        attempts.secondPassed();
        clusterStrays.secondPassed();
        long now = LoopClock.nowMicros();
        int publishers = 0;
        for (Link link : links.values()) {
            publishers += link instanceof PublisherLink ? 1 : 0;
            ConnectionStatistics statistics = link.connection().statistics(now);
            link.info().update(statistics);
            ConnectionInfo.Role role = link.info().facts().role();
            String exceeded = link.limits().exceeded(now, LinkLimits.payloadBytes(statistics, role));
            if (exceeded != null) {
                close(link.connection(), exceeded);
            }
        }
        if (overload.secondPassed(endpoint.takeMeanWaitMicros())) {
            logOverload();
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
                                listener,
                                localAddress(),
                                socket.loop().index(),
                                publishers,
                                links.size() - publishers,
                                overload.newestWaitMicros(),
                                overload.refusesRequests(),
                                socket.receiveBufferBytes(),
                                socket.sendBufferBytes(),
                                driver.statistics(),
                                strays.counts(),
                                malformed,
                                discarded));
    }

    /** What new callers are let in by. */
    Overload overload() {
        return overload;
    }

    private void logOverload() {
        int limitMillis = services.config().limits().delayMillis();
        if (overload.refusesRequests()) {
            LOG.atWarn()
                    .addKeyValue(LogField.LISTENER, listener)
                    .log(
                            "listener {}, loop {}: {} connections wait {} ms for their turn, limits.delayMillis is {}; new requests"
                                    + " are refused. Use more processors or nodes, or set streams.aggregationMillis",
                            listener,
                            socket.loop().index(),
                            links.size(),
                            overload.leastWaitMillis(),
                            limitMillis);
        } else {
            LOG.atInfo()
                    .addKeyValue(LogField.LISTENER, listener)
                    .log(
                            "listener {}, loop {}: connections wait less than {} ms again; new requests are served",
                            listener,
                            socket.loop().index(),
                            limitMillis);
        }
    }

    private void onEvent(EndpointEvent event) {
        if (event instanceof EndpointEvent.CallerArrived arrived) {
            reception.decide(arrived.caller());
        } else if (event instanceof EndpointEvent.Closed closed) {
            onClosed(closed.connection(), closed.reason());
        } else if (event instanceof EndpointEvent.KeyMaterialArrived arrived) {
            rekey(arrived.connection(), arrived.material());
        } else if (event instanceof EndpointEvent.CallerRefused refused) {
            attempts.refused(
                    refused.from(), refused.streamId(), new Refusal(refused.reason(), advice(refused.reason())));
        } else if (event instanceof EndpointEvent.CallerExpired expired) {
            attempts.refused(
                    expired.caller(),
                    new Refusal(
                            RejectReason.TIMEOUT,
                            "no decision came before the caller gave up; see in the log what kept the webhook or the stream from"
                                    + " answering"));
        }
    }

    /** Derives what a publisher's new keys are wrapped by. A subscriber's don't matter: nothing is received by them. */
    private void rekey(SrtConnection connection, KeyMaterial material) {
        if (!(links.get(connection) instanceof PublisherLink link) || link.passphrase() == null) {
            return;
        }
        services.access()
                .rederive(material, link.passphrase())
                .onComplete(outcome -> socket.loop().execute(() -> {
                    if (outcome.succeeded()) {
                        endpoint.rekey(connection, outcome.result());
                        driver.wake();
                    }
                }));
    }

    private void publishChanged() {
        for (int i = 0; i < changed.size(); i++) {
            changed.get(i).slot().batchEnded();
            changed.get(i).media().published(driver.arrivedMicros());
        }
        changed.clear();
    }

    /** A caller was let in: from now on its connection is this socket's. */
    void opened(Link link) {
        links.put(link.connection(), link);
        loops.connectionOpened();
        ConnectionStatistics begin = link.connection().statistics(LoopClock.nowMicros());
        link.info().update(begin);
        ConnectionLog.opened(link.info());
        services.events().opened(link.info());
        services.cluster().connections().opened(fact(link));
        if (!isForNodes) {
            ConnectionNotice notice = notice(link, 0, null, begin);
            tellOpened(link, notice);
        }
        driver.wake();
    }

    private void tellOpened(Link link, ConnectionNotice notice) {
        if (link instanceof PublisherLink) {
            services.notifications().published(notice);
        } else {
            services.notifications().requested(notice);
        }
    }

    private void tellClosed(Link link, ConnectionNotice notice) {
        if (link instanceof PublisherLink) {
            services.notifications().unpublished(notice);
        }
        services.notifications().closed(notice);
    }

    /** What a publisher's connection receives into changed in the present burst. */
    void changed(Publication publication) {
        changed.add(publication);
    }

    LoopExecutor loop() {
        return socket.loop();
    }

    /** Something is to be sent. */
    void wake() {
        driver.wake();
    }

    private void onClosed(SrtConnection connection, CloseReason reason) {
        Link link = links.remove(connection);
        if (link == null) {
            return;
        }
        loops.connectionClosed();
        String told = closing.remove(connection);
        String why = reason == CloseReason.LOCAL && told != null ? told : text(reason);
        long now = LoopClock.nowMicros();
        long durationMicros = now - connection.openedMicros();
        ConnectionStatistics end = connection.statistics(now);
        link.info().update(end);
        ConnectionLog.closed(link.info(), durationMicros, why, end);
        services.cluster().connections().closed(connection.localSocketId());
        services.events()
                .closed(
                        link.info(),
                        why,
                        durationMicros / 1_000_000,
                        LinkLimits.payloadBytes(end, link.info().facts().role()));
        if (!isForNodes) {
            tellClosed(link, notice(link, durationMicros, why, end));
        }
        services.connections().closed(link.info());
        // After the notices: another publisher may be let in at once, on another loop, and is told of after this one.
        link.ended();
    }

    /** The publisher of this stream on this socket has to go: another one has been promised its place. */
    void evict(String stream, String why) {
        for (Link link : List.copyOf(links.values())) {
            if (link instanceof PublisherLink && link.info().facts().stream().equals(stream)) {
                close(link.connection(), why);
            }
        }
    }

    private ConnectionFact fact(Link link) {
        SrtConnection connection = link.connection();
        return new ConnectionFact(
                services.cluster().self().incarnation(),
                listener,
                loops.epoch(),
                connection.localSocketId(),
                connection.peerAddress(),
                connection.peerSocketId(),
                localAddress(),
                link.info().facts().stream());
    }

    private static ConnectionNotice notice(
            Link link, long durationMicros, @Nullable String why, ConnectionStatistics statistics) {
        ConnectionInfo.Facts facts = link.info().facts();
        return new ConnectionNotice(
                link.info().id(),
                facts.listener(),
                facts.stream(),
                facts.user(),
                facts.peer(),
                why,
                durationMicros / 1_000_000,
                LinkLimits.payloadBytes(statistics, facts.role()));
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
            case CONGESTION, MESSAGE_API -> "the caller asks for file mode; set transtype=live in the caller";
            case CRYPTO ->
                "the caller encrypts by a cipher that is unknown, or unsafe as its version does it (AES-GCM before SRT"
                        + " 1.5.4); set its cryptomode to AES-CTR, or update it";
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
