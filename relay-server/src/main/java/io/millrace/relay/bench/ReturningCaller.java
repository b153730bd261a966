package io.millrace.relay.bench;

import io.millrace.relay.net.EndpointDriver;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpSocket;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.handshake.KeyAgreement;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls again as soon as its connection ends, as an encoder or a player does that is left to itself; where it was given
 * several servers, the next one. Lives on its socket's loop.
 */
final class ReturningCaller {
    /** So soon again after a refusal: many times faster than people's programs, which say nothing of the server's speed. */
    private static final long PAUSE_MICROS = 50_000;

    /** Bears a machine that stands still; nothing here waits for it, as viewers take what comes at once. */
    private static final int LATENCY_MILLIS = 1_000;
    /** How long one server is waited for, where there are others to ask. */
    private static final long PATIENCE_MICROS = 500_000;

    private final List<InetSocketAddress> servers;
    private final String streamId;
    private final Consumer<SrtConnection> attach;
    private final UdpSocket socket;
    private final SrtEndpoint endpoint;
    private final EndpointDriver driver;
    private final List<CloseReason> ends = new ArrayList<>();

    private @Nullable SrtConnection connection;
    private int connections;
    private int turn;
    private boolean closed;

    /** @param attach gives each new connection what it sends from or receives into */
    ReturningCaller(
            List<InetSocketAddress> servers,
            String streamId,
            Consumer<SrtConnection> attach,
            UdpSocket socket,
            SecureRandom random) {
        this.servers = List.copyOf(servers);
        this.streamId = streamId;
        this.attach = attach;
        this.socket = socket;
        endpoint = new SrtEndpoint(EndpointSettings.CALLER, random, () -> random.nextInt(1, 0x4000_0000));
        driver = new EndpointDriver(socket, endpoint, this::onEvent);
    }

    LoopExecutor loop() {
        return socket.loop();
    }

    /** On the loop. */
    void start() {
        driver.start();
        call();
    }

    /** On the loop: the connection, if there is one now. */
    @Nullable
    SrtConnection connection() {
        return connection;
    }

    /** On the loop: how many there have been. */
    int connections() {
        return connections;
    }

    /** On the loop: why those ended that have ended, in order. */
    List<CloseReason> ends() {
        return List.copyOf(ends);
    }

    /** On the loop: has what the connection was given sent. */
    void wake() {
        if (connection != null) {
            endpoint.wake(connection);
            driver.wake();
        }
    }

    /** On the loop. */
    Future<Void> close() {
        closed = true;
        endpoint.closeAll(LoopClock.nowMicros());
        return driver.close();
    }

    private void call() {
        if (closed || connection != null) {
            return;
        }
        endpoint.connect(
                LoopClock.nowMicros(),
                servers.get(turn % servers.size()),
                ConnectionSettings.DEFAULT.withLatency(LATENCY_MILLIS, LATENCY_MILLIS),
                streamId,
                KeyAgreement.Clear.CLEAR,
                true);
        driver.wake();
        if (servers.size() > 1) {
            turn++;
            loop().schedule(PATIENCE_MICROS, this::call);
        }
    }

    private void onEvent(EndpointEvent event) {
        if (event instanceof EndpointEvent.Connected opened) {
            if (connection == null) {
                connection = opened.connection();
                connections++;
                attach.accept(opened.connection());
            } else {
                // Of a server that had been given up.
                endpoint.close(LoopClock.nowMicros(), opened.connection());
            }
        } else if (event instanceof EndpointEvent.ConnectFailed) {
            if (servers.size() == 1) {
                loop().schedule(PAUSE_MICROS, this::call);
            }
        } else if (event instanceof EndpointEvent.Closed end && end.connection() == connection) {
            connection = null;
            ends.add(end.reason());
            loop().execute(this::call);
        }
    }
}
