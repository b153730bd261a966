package io.millrace.relay.net;

import static io.millrace.relay.net.Awaiting.await;
import static io.millrace.relay.net.Awaiting.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class UdpTransportTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Set<Integer> loopsThatAnswered = new ConcurrentSkipListSet<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @ParameterizedTest
    @CsvSource({"NIO, 0.0.0.0", "NIO, ::", "EPOLL, 0.0.0.0", "EPOLL, ::"})
    void answersComeFromTheAddressThatWasCalled(TransportKind kind, String wildcard) throws Exception {
        assumeTrue(!wildcard.equals("::") || hasIpv6(), "no IPv6 here");
        List<InetSocketAddress> listening = listen(kind, 1, wildcard);
        assertThat(listening).hasSizeGreaterThan(1);
        for (InetSocketAddress local : listening) {
            if (!local.getAddress().isAnyLocalAddress()) {
                assertAnswers(local);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void theWildcardOfIpv6StandsForIpv4AsWell(TransportKind kind) throws Exception {
        assumeTrue(hasIpv6(), "no IPv6 here");
        List<InetSocketAddress> listening = listen(kind, 1, "::");
        assertThat(listening).extracting(InetSocketAddress::getAddress).contains(address("127.0.0.1"), address("::1"));
    }

    @ParameterizedTest
    @CsvSource({"NIO, 0.0.0.0", "NIO, ::", "EPOLL, 0.0.0.0", "EPOLL, ::"})
    void anAddressWithoutASocketOfItsOwnIsServedByTheWildcard(TransportKind kind, String wildcard) throws Exception {
        assumeTrue(!wildcard.equals("::") || hasIpv6(), "no IPv6 here");
        int port = listen(kind, 1, wildcard).get(0).getPort();
        OutsidePeer peer = peer(address("127.0.0.1"));
        peer.send("to 127.0.0.2", new InetSocketAddress("127.0.0.2", port));
        assertThat(peer.receiveText()).isEqualTo("to 127.0.0.2");
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void theLoopsShareThePort(TransportKind kind) throws Exception {
        InetSocketAddress listening = listen(kind, 2, "127.0.0.1").get(0);
        for (int i = 0; i < 64; i++) {
            assertAnswers(listening);
        }
        assertThat(loopsThatAnswered).containsExactly(0, 1);
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void aPortThatWasNotNamedIsSharedWithNobody(TransportKind kind) throws Exception {
        EventLoops loops = start(kind, 1);
        UdpSocket socket = await(transport().bind(loops.all().get(0), new InetSocketAddress("127.0.0.1", 0)));

        try (var other = DatagramChannel.open(StandardProtocolFamily.INET)) {
            assumeTrue(other.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT), "no sharing here");
            other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            assertThatThrownBy(() -> other.bind(socket.localAddress())).isInstanceOf(BindException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.1", "127.0.0.1, 0.0.0.0", "127.0.0.1, 127.0.0.1", "0.0.0.0, ::", "127.0.0.1, ::"})
    void aPortThatSomebodyListensOnIsInUse(String theirs, String ours) throws Exception {
        assumeTrue(!ours.equals("::") || hasIpv6(), "no IPv6 here");
        var foreign = new DatagramSocket(new InetSocketAddress(theirs, 0));
        open.add(foreign);
        assertInUse(ours, foreign.getLocalPort());
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.1", "127.0.0.1, 0.0.0.0", "127.0.0.1, 127.0.0.1", "0.0.0.0, 0.0.0.0"})
    void aPortThatAnotherRelayListensOnIsInUse(String theirs, String ours) throws Exception {
        int port = listen(TransportKind.NIO, 2, theirs).get(0).getPort();
        assertInUse(ours, port);
    }

    @Test
    void aReservedPortIsInUseAndAReleasedOneIsNot() throws Exception {
        PortReservation reservation = PortReservation.of(new InetSocketAddress("127.0.0.1", 0));
        assertInUse("127.0.0.1", reservation.address().getPort());
        reservation.close();
        PortReservation.of(reservation.address()).close();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void bindingSaysWhatIsWrong(TransportKind kind) throws Exception {
        EventLoops loops = start(kind, 1);
        var foreign = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        open.add(foreign);
        var taken = new InetSocketAddress("127.0.0.1", foreign.getLocalPort());
        var elsewhere = new InetSocketAddress("203.0.113.77", 4_200);

        Throwable failure = awaitFailure(transport().bind(loops.all().get(0), taken));
        assertThat(failure).hasMessage("UDP port 127.0.0.1:" + taken.getPort() + " already in use");
        assertThat(((UdpBindException) failure).address()).isEqualTo(taken);
        failure = awaitFailure(transport().bind(loops.all().get(0), elsewhere));
        assertThat(failure).hasMessage("UDP port 203.0.113.77:4200 address not on this machine");
        failure = awaitFailure(
                transport().bind(loops.all().get(0), InetSocketAddress.createUnresolved("nowhere.invalid", 4_200)));
        assertThat(failure).hasMessage("UDP port nowhere.invalid:4200 host name not known");
        assertThatThrownBy(() -> PortReservation.of(elsewhere))
                .hasMessage("UDP port 203.0.113.77:4200 address not on this machine");
    }

    @Test
    void aFailureNamesIpv6AddressesInBrackets() {
        var denied = UdpBindException.of(new InetSocketAddress("::1", 80), new BindException("Permission denied"));
        assertThat(denied).hasMessage("UDP port [0:0:0:0:0:0:0:1]:80 permission denied");
        assertThat(denied.reason()).isEqualTo(UdpBindException.Reason.DENIED);
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void nothingStaysOpenWhenOneAddressOfAListenerIsTaken(TransportKind kind) throws Exception {
        EventLoops loops = start(kind, 1);
        PortReservation gone = PortReservation.of(new InetSocketAddress("0.0.0.0", 0));
        gone.close();
        int port = gone.address().getPort();
        var addresses = LocalAddresses.of(List.of(address("127.0.0.1"), address("127.0.0.3")));
        try (var foreign = new DatagramSocket(null)) {
            foreign.bind(new InetSocketAddress("127.0.0.3", port));
            Throwable failure = awaitFailure(transport().bindAll(loops.all().get(0), gone, addresses));
            assertThat(failure).hasMessage("UDP port 0.0.0.0:" + port + " already in use");
        }
        PortReservation.of(gone.address()).close();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void anAddressThatWentAwayIsLeftToTheWildcard(TransportKind kind) throws Exception {
        EventLoops loops = start(kind, 1);
        var addresses = LocalAddresses.of(List.of(address("127.0.0.1"), address("203.0.113.77")));
        try (var reservation = PortReservation.of(new InetSocketAddress("0.0.0.0", 0))) {
            List<UdpSocket> sockets = await(transport().bindAll(loops.all().get(0), reservation, addresses));
            assertThat(sockets)
                    .extracting(socket -> socket.localAddress().getAddress().getHostAddress())
                    .containsExactly("0.0.0.0", "127.0.0.1");
        }
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void saysOnceThatTheKernelGrantsLessBufferThanAskedFor(TransportKind kind) throws Exception {
        var appender = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(UdpTransport.class);
        appender.start();
        logger.addAppender(appender);
        open.add(() -> logger.detachAppender(appender));
        EventLoops loops = start(kind, 1);
        int askedBytes = mostReceiveBufferBytes() / 2 * 3;
        var greedy = new UdpTransport(new UdpSettings(askedBytes, 65_536, 0, true));
        for (int i = 0; i < 2; i++) {
            await(greedy.bind(loops.all().get(0), new InetSocketAddress("127.0.0.1", 0)));
        }
        assertThat(appender.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .contains("receive buffer")
                        .contains("sysctl -w net.core.rmem_max=" + askedBytes));
    }

    @ParameterizedTest
    @CsvSource({"NIO, 127.0.0.1", "EPOLL, 127.0.0.1", "EPOLL, ::1"})
    void marksWhatItSends(TransportKind kind, String host) throws Exception {
        assumeTrue(!host.equals("::1") || hasIpv6(), "no IPv6 here");
        EventLoops loops = start(kind, 1);
        UdpSocket socket = await(new UdpTransport(new UdpSettings(0, 0, 0xB8, true))
                .bind(loops.all().get(0), new InetSocketAddress(host, 0)));
        assertThat(socket.channel().config().getTrafficClass()).isEqualTo(0xB8);
    }

    /** Opens a listener that echoes, and says where. */
    private List<InetSocketAddress> listen(TransportKind kind, int loopCount, String host) throws Exception {
        EventLoops loops = start(kind, loopCount);
        Set<String> seen = new TreeSet<>();
        List<InetSocketAddress> addresses = new ArrayList<>();
        try (var reservation = PortReservation.of(new InetSocketAddress(host, 0))) {
            for (LoopExecutor loop : loops.all()) {
                for (UdpSocket socket : await(transport().bindAll(loop, reservation, LocalAddresses.scan()))) {
                    socket.channel().pipeline().addLast(new Echo(loop.index()));
                    socket.channel().config().setAutoRead(true);
                    if (seen.add(socket.localAddress().toString())) {
                        addresses.add(socket.localAddress());
                    }
                }
            }
        }
        return addresses;
    }

    private void assertAnswers(InetSocketAddress local) {
        try (var caller = new OutsidePeer(local.getAddress())) {
            caller.call(local);
            caller.send("hello " + local, local);
            assertThat(caller.receiveText()).isEqualTo("hello " + local);
        }
    }

    private static void assertInUse(String host, int port) {
        assertThatThrownBy(() ->
                        PortReservation.of(new InetSocketAddress(host, port)).close())
                .isInstanceOfSatisfying(
                        UdpBindException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(UdpBindException.Reason.IN_USE));
    }

    private EventLoops start(TransportKind kind, int loopCount) {
        EventLoops loops = kind.start(loopCount);
        open.add(() -> await(loops.vertx().close()));
        return loops;
    }

    private static int mostReceiveBufferBytes() throws Exception {
        try (var socket = new DatagramSocket(null)) {
            socket.setReceiveBufferSize(1 << 30);
            return socket.getReceiveBufferSize();
        }
    }

    private OutsidePeer peer(InetAddress local) {
        var peer = new OutsidePeer(local);
        open.add(peer);
        return peer;
    }

    private static UdpTransport transport() {
        return new UdpTransport(UdpSettings.DEFAULT);
    }

    private static boolean hasIpv6() {
        return LocalAddresses.scan().socketsFor(new InetSocketAddress("::", 0)).stream()
                .anyMatch(local -> local.getAddress() instanceof Inet6Address address && address.isLoopbackAddress());
    }

    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    private final class Echo extends ChannelInboundHandlerAdapter {
        private final int loop;

        Echo(int loop) {
            this.loop = loop;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var datagram = (DatagramPacket) message;
            loopsThatAnswered.add(loop);
            context.writeAndFlush(new DatagramPacket(datagram.content(), datagram.sender()), context.voidPromise());
        }
    }
}
