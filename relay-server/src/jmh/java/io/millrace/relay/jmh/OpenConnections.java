package io.millrace.relay.jmh;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.simulation.LinkProfile;
import io.millrace.srt.simulation.SimulatedHost;
import io.millrace.srt.simulation.Simulation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A listening endpoint with connections that real callers have opened, all in memory and in virtual time. Once they are
 * open, the callers fall silent: a benchmark is the endpoint's driver from then on, and speaks for its peers.
 */
public final class OpenConnections {
    private static final long CONNECT_MICROS = 1_000_000;
    private static final long ONE_WAY_MICROS = 5_000;

    private final SrtEndpoint endpoint;
    private final List<OpenConnection> open = new ArrayList<>();
    private final DatagramSink sink = new BlockSink();
    private long nowMicros;

    /**
     * One of them.
     *
     * @param connection the endpoint's end
     * @param callersEnd the other end, which knows its own timestamps
     * @param from the peer's address as datagrams bring it: equal to the connection's, and another object
     */
    public record OpenConnection(SrtConnection connection, SrtConnection callersEnd, InetSocketAddress from) {}

    /** Opens that many connections, at most 250. */
    public OpenConnections(int count, Encryption encryption) {
        Random random = new Random(1);
        Simulation simulation = new Simulation(1);
        SimulatedHost listener = simulation.host(EndpointSettings.LISTENER);
        List<SrtConnection> accepted = new ArrayList<>();
        listener.onEvent(event -> {
            if (event instanceof EndpointEvent.CallerArrived arrived) {
                accepted.add(listener.endpoint()
                        .accept(
                                listener.nowMicros(),
                                arrived.caller(),
                                Encryption.answer(arrived.caller().keyMaterial()),
                                ConnectionSettings.DEFAULT));
            }
        });
        List<SrtConnection> connected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SimulatedHost caller = simulation.host(EndpointSettings.CALLER);
            simulation.link(caller, listener, LinkProfile.delay(ONE_WAY_MICROS));
            caller.onEvent(event -> {
                if (event instanceof EndpointEvent.Connected opened) {
                    connected.add(opened.connection());
                }
            });
            caller.input(() -> caller.endpoint()
                    .connect(
                            caller.nowMicros(),
                            listener.address(),
                            ConnectionSettings.DEFAULT,
                            "#!::r=benchmark",
                            encryption.call(random),
                            true));
        }
        simulation.run(CONNECT_MICROS);
        for (SrtConnection connection : accepted) {
            SrtConnection callersEnd = connected.stream()
                    .filter(each -> each.localSocketId() == connection.peerSocketId())
                    .findFirst()
                    .orElseThrow();
            open.add(new OpenConnection(connection, callersEnd, copyOf(connection.peerAddress())));
        }
        HotStep.check(open.size() == count, "all callers are connected");
        endpoint = listener.endpoint();
        nowMicros = listener.nowMicros();
    }

    public List<OpenConnection> open() {
        return open;
    }

    public long nowMicros() {
        return nowMicros;
    }

    /** Lets time pass, without telling the endpoint. */
    public void advance(long micros) {
        nowMicros += micros;
    }

    /** A datagram comes from this connection's peer. */
    public void receive(OpenConnection connection, ByteBuffer datagram) {
        endpoint.handleDatagram(nowMicros, connection.from(), datagram);
    }

    /** The log that this connection sends from has more. */
    public void wake(OpenConnection connection) {
        endpoint.wake(connection.connection());
    }

    /** The driver's timer rings. */
    public void handleTimeout() {
        endpoint.handleTimeout(nowMicros);
    }

    /** What a driver does after each input, up to the time that it would set its timer to. */
    public long pass() {
        while (endpoint.pollEvent() != null) {
            // Nothing happens that anybody has to decide.
        }
        endpoint.drain(nowMicros, sink);
        return endpoint.nextTimeoutMicros();
    }

    private static InetSocketAddress copyOf(InetSocketAddress address) {
        try {
            byte[] bytes = address.getAddress().getAddress();
            return new InetSocketAddress(InetAddress.getByAddress(bytes), address.getPort());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
