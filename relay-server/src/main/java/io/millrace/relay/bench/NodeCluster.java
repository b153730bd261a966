package io.millrace.relay.bench;

import io.millrace.relay.net.LoopClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three relays that work together, each a process of its own with two listeners: one that each has, and one for the role
 * that one of them has at a time.
 */
final class NodeCluster implements AutoCloseable {
    /** What the listener is called that one node has. */
    static final String ROLE = "role";

    static final int NODES = 3;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 50;
    private static final int JOIN_PORTS = 10;
    private static final String LOOPBACK = "127.0.0.1";

    private final Path directory;
    private final List<NodeProcess> nodes;
    /** Whoever ends this program doesn't have to look for the others. */
    private final Thread lastWish = new Thread(() -> this.nodes().forEach(NodeProcess::close));

    /**
     * How the nodes find each other.
     *
     * @param mode as the key cluster.mode
     * @param hosts cluster.host of each node
     * @param port cluster.port of all
     * @param members cluster.members; empty for none
     */
    record Network(String mode, List<String> hosts, int port, List<String> members) {
        /** All on this machine. */
        static Network ofOneHost() throws IOException {
            return new Network("host", List.of(LOOPBACK, LOOPBACK, LOOPBACK), freeRow(), List.of());
        }

        /** As many free TCP ports in a row as a node tries, below those that the system gives out by itself. */
        private static int freeRow() throws IOException {
            SplittableRandom random = new SplittableRandom();
            for (int attempt = 0; attempt < 100; attempt++) {
                int first = random.nextInt(10_000, 32_000);
                if (Stream.iterate(first, port -> port + 1).limit(JOIN_PORTS).allMatch(NodeCluster::isFree)) {
                    return first;
                }
            }
            throw new IOException("no " + JOIN_PORTS + " free TCP ports in a row were found");
        }
    }

    /**
     * What of the configuration is not the same for every use.
     *
     * @param host of both listeners; null for the addresses at which they are called
     * @param role keys of the exclusive listener's role, in YAML
     */
    record Listeners(@Nullable String host, String role) {
        static final Listeners PLAIN = new Listeners(null, "exclusive: true");

        String host(InetSocketAddress called) {
            return host == null ? called.getAddress().getHostAddress() : host;
        }
    }

    private NodeCluster(Path directory, List<NodeProcess> nodes) {
        this.directory = directory;
        this.nodes = nodes;
        Runtime.getRuntime().addShutdownHook(lastWish);
    }

    /**
     * Starts three on this machine, whose exclusive listeners are one and the same address.
     *
     * @param classPath of the program
     */
    static NodeCluster withOneAddress(String classPath) throws IOException, BenchException, InterruptedException {
        int port = freeUdpPort();
        return start(
                classPath, Network.ofOneHost(), places(port, List.of(LOOPBACK, LOOPBACK, LOOPBACK)), Listeners.PLAIN);
    }

    /**
     * Starts three on this machine, each of which has an address of its own for its exclusive listener, so that one that
     * stands still doesn't keep another from opening it.
     *
     * @param classPath of the program
     */
    static NodeCluster withAddressesOfTheirOwn(String classPath)
            throws IOException, BenchException, InterruptedException {
        int port = freeUdpPort();
        List<String> hosts = List.of(LOOPBACK, "127.0.0.2", "127.0.0.3");
        return start(classPath, Network.ofOneHost(), places(port, hosts), Listeners.PLAIN);
    }

    private static List<NodeProcess.Place> places(int rolePort, List<String> roleHosts) throws IOException {
        List<NodeProcess.Place> places = new ArrayList<>();
        for (String host : roleHosts) {
            places.add(new NodeProcess.Place(
                    "n" + (places.size() + 1),
                    List.of(),
                    new InetSocketAddress(host, rolePort),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), freeUdpPort()),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), freeTcpPort())));
        }
        return places;
    }

    /** Starts nodes where they are said to be, and waits until they know each other. */
    static NodeCluster start(String classPath, Network network, List<NodeProcess.Place> places, Listeners listeners)
            throws IOException, BenchException, InterruptedException {
        Path directory = Files.createTempDirectory("millrace-nodes-");
        SplittableRandom random = new SplittableRandom();
        String name = "bench-" + HexFormat.of().toHexDigits(random.nextLong());
        String token = "bench-token-" + HexFormat.of().toHexDigits(random.nextLong());
        List<NodeProcess> nodes = new ArrayList<>();
        NodeCluster cluster = new NodeCluster(directory, nodes);
        try {
            for (NodeProcess.Place place : places) {
                String host = network.hosts().get(nodes.size());
                String configuration = configuration(place, network, host, name, token, listeners);
                nodes.add(new NodeProcess(place, classPath, directory, configuration, token));
            }
            for (NodeProcess node : nodes) {
                node.start();
            }
            cluster.awaitWhole();
            return cluster;
        } catch (IOException | BenchException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static String configuration(
            NodeProcess.Place place, Network network, String host, String name, String token, Listeners listeners) {
        return String.join(
                "\n",
                "listeners:",
                "  - {name: %s, host: %s, port: %d, role: {%s}}"
                        .formatted(
                                ROLE, listeners.host(place.role()), place.role().getPort(), listeners.role()),
                "  - {name: own, host: %s, port: %d}"
                        .formatted(listeners.host(place.own()), place.own().getPort()),
                "http: {host: %s, port: %d, tokens: [{name: bench, token: %s, scope: admin}]}"
                        .formatted(
                                place.api().getAddress().getHostAddress(),
                                place.api().getPort(),
                                token),
                "limits: {callersPerSecondPerAddress: 1000, callerBurstPerAddress: 1000}",
                // So that a machine with too much to do shows as a long gap, and not as no stream at all.
                "streams: {publisherGraceMillis: 60000}",
                "cluster:",
                "  mode: " + network.mode(),
                "  name: " + name,
                "  nodeId: " + place.id(),
                "  secret: 0123456789 between the nodes",
                "  host: " + host,
                "  port: " + network.port(),
                "  members: " + network.members(),
                "  nodes: " + NODES,
                "  drainSeconds: 5",
                "");
    }

    List<NodeProcess> nodes() {
        return nodes;
    }

    /** Those that are not this one. */
    List<NodeProcess> others(NodeProcess one) {
        return nodes.stream().filter(node -> node != one).toList();
    }

    /** Where callers go that want the node that has the role: each address once. */
    List<InetSocketAddress> roleAddresses() {
        return nodes.stream().map(node -> node.place().role()).distinct().toList();
    }

    /** The node whose exclusive listener is open; empty when that is none, or several at this moment. */
    Optional<NodeProcess> owner() throws InterruptedException {
        List<NodeProcess> serving = new ArrayList<>();
        for (NodeProcess node : nodes) {
            if (node.isAlive() && node.servesRole()) {
                serving.add(node);
            }
        }
        return serving.size() == 1 ? Optional.of(serving.get(0)) : Optional.empty();
    }

    /** Waits until all are ready, know each other, and one has the role; returns that one. */
    NodeProcess awaitWhole() throws BenchException, InterruptedException {
        for (NodeProcess node : nodes) {
            await("all nodes are ready", () -> {
                if (!node.isAlive()) {
                    throw failure("the node " + node.place().id() + " has ended");
                }
                return node.isReady() && node.knownNodes().size() == NODES;
            });
        }
        await("one node has the role", () -> owner().isPresent());
        return owner().orElseThrow(() -> failure("the role moves about"));
    }

    /** Starts a node that has ended, and waits until it is one of them. */
    void restart(NodeProcess node) throws IOException, BenchException, InterruptedException {
        node.start();
        awaitWhole();
    }

    /** Something that may be true soon. */
    interface Condition {
        boolean holds() throws BenchException, InterruptedException;
    }

    /** Waits until something is true, at most three minutes. */
    void await(String what, Condition condition) throws BenchException, InterruptedException {
        long deadlineMicros = LoopClock.nowMicros() + TimeUnit.MILLISECONDS.toMicros(PATIENCE.toMillis());
        while (!condition.holds()) {
            if (LoopClock.nowMicros() > deadlineMicros) {
                throw failure("after " + PATIENCE.toSeconds() + " s it is still not so that " + what);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** What to throw when something went wrong: with what the nodes wrote last. */
    BenchException failure(String what) {
        StringBuilder text = new StringBuilder(what);
        for (NodeProcess node : nodes) {
            try {
                text.append("\n  ").append(node.lastLines());
            } catch (IOException e) {
                text.append("\n  the log of ")
                        .append(node.place().id())
                        .append(" can't be read: ")
                        .append(e);
            }
        }
        return new BenchException(text.toString());
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** The program that this is part of. */
    static String ownClassPath() {
        return System.getProperty("java.class.path");
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (@Nullable ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
