package io.millrace.relay.bench;

import io.millrace.relay.net.LoopClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Cuts nodes off from each other, each in a network namespace of its own, and heals the cuts: the owner of a role, and
 * those that stand by. A program of its own, since it has to be in a namespace from its beginning:
 *
 * <pre>
 * unshare --user --map-root-user --net -- java -cp TEST_CLASS_PATH io.millrace.relay.bench.CutDrill JAR OWNER_CUTS STANDBY_CUTS
 * </pre>
 *
 * It prints a line for each cut, and ends with 1 if anything was not as it must be.
 */
final class CutDrill implements AutoCloseable {
    private static final int ROLE_PORT = 9_000;
    private static final int OWN_PORT = 9_001;
    private static final int API_PORT = 8_080;
    private static final int CLUSTER_PORT = 5_701;
    private static final long BITS_PER_SECOND = 1_000_000;
    private static final long STEADY_MILLIS = 1_500;
    /** Far more than it takes the others to miss a node. */
    private static final long STANDBY_CUT_MILLIS = 8_000;

    private static final long FLOW_MICROS = 1_000_000;
    private static final String STREAM = "drill/role";

    private final NetworkNamespaces network = new NetworkNamespaces(NodeCluster.NODES);
    private final Path scripts = Files.createTempDirectory("millrace-drill-");
    private final NodeCluster cluster;
    private final List<RoleWatch> watches = new ArrayList<>();
    private final NumberedStreams streams = new NumberedStreams();
    private final List<NumberedViewer> local = new ArrayList<>();

    private long greatestOverlapMicros;

    public static void main(String[] args) throws Exception {
        try (CutDrill drill = new CutDrill(args[0])) {
            drill.run(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        } catch (BenchException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private CutDrill(String jar) throws IOException, BenchException, InterruptedException {
        List<NodeProcess.Place> places = new ArrayList<>();
        List<String> hosts = new ArrayList<>();
        for (int node = 0; node < NodeCluster.NODES; node++) {
            String line = NetworkNamespaces.lineAddress(node);
            hosts.add(NetworkNamespaces.address(node));
            NetworkNamespaces.writeRouting(scripts.resolve("n" + (node + 1)), node);
            places.add(new NodeProcess.Place(
                    "n" + (node + 1),
                    network.entry(node),
                    new InetSocketAddress(line, ROLE_PORT),
                    new InetSocketAddress(line, OWN_PORT),
                    new InetSocketAddress(line, API_PORT)));
        }
        Path script = scripts.resolve("route.sh");
        Files.writeString(script, ". " + scripts + "/$MILLRACE_NODE\n");
        cluster = NodeCluster.start(
                jar,
                new NodeCluster.Network("static", hosts, CLUSTER_PORT, hosts),
                places,
                new NodeCluster.Listeners("0.0.0.0", "exclusive: true, command: [sh, " + script + "]"));
        for (NodeProcess node : cluster.nodes()) {
            watches.add(new RoleWatch(node.place().role()));
        }
    }

    private void run(int ownerCuts, int standbyCuts) throws IOException, BenchException, InterruptedException {
        streams.publish(
                List.of(new InetSocketAddress(NetworkNamespaces.FLOATING, ROLE_PORT)), STREAM, 0, BITS_PER_SECOND);
        for (int node = 0; node < NodeCluster.NODES; node++) {
            InetSocketAddress own = cluster.nodes().get(node).place().own();
            streams.publish(List.of(own), "drill/at-" + node, 1 + node, BITS_PER_SECOND);
            local.add(streams.view(own, "drill/at-" + node, 1 + node));
        }
        for (int cut = 1; cut <= Math.max(ownerCuts, standbyCuts); cut++) {
            if (cut <= ownerCuts) {
                cutOwner(cut);
            }
            if (cut <= standbyCuts) {
                cutStandby(cut);
            }
        }
        say(
                "%d cuts of the owner, %d of a standby; two owners: %.3f s",
                ownerCuts, standbyCuts, seconds(greatestOverlapMicros));
        if (greatestOverlapMicros > 0) {
            throw cluster.failure("there were two owners at a time");
        }
    }

    private void cutOwner(int number) throws IOException, BenchException, InterruptedException {
        int owner = settled();
        NumberedViewer viewer = streams.view(address((owner + 1) % NodeCluster.NODES), STREAM, 0);
        cluster.await("a viewer at another node gets the stream", () -> flows(viewer));
        streams.measureGap(viewer);
        beginLocal();
        long cutMicros = LoopClock.nowMicros();
        network.cutOff(owner);
        cluster.await("another node has the role", () -> other(owner, cutMicros) >= 0);
        int successor = other(owner, cutMicros);
        long grantedMicros = watches.get(successor).firstSince(cutMicros);
        TimeUnit.MILLISECONDS.sleep(STEADY_MILLIS);
        long refusedMicros = watches.get(owner).lastMicros();
        noteOverlap(refusedMicros - grantedMicros);
        cluster.await("the stream is back at the viewer", () -> flows(viewer));
        long gapMicros = streams.state(viewer).gapMicros();
        requireOneConnection(viewer, "a viewer at another node");
        requireLocalUndisturbed();
        String both = "drill/both-" + number;
        NumberedPublisher here = publishAlone(cluster.nodes().get(owner), both);
        NumberedPublisher there = publishAlone(cluster.nodes().get(successor), both);
        long healedMicros = LoopClock.nowMicros();
        network.heal(owner);
        cluster.awaitWhole();
        requireOneToStay(both, here, there);
        say(
                "owner %d: no more callers after %.2f s, next owner after %.2f s, viewers' gap %.2f s, whole %.1f s after"
                        + " the cut was healed",
                number,
                seconds(refusedMicros - cutMicros),
                seconds(grantedMicros - cutMicros),
                seconds(gapMicros),
                seconds(LoopClock.nowMicros() - healedMicros));
    }

    private void cutStandby(int number) throws IOException, BenchException, InterruptedException {
        int owner = settled();
        int standby = (owner + 1 + number % (NodeCluster.NODES - 1)) % NodeCluster.NODES;
        beginLocal();
        long cutMicros = LoopClock.nowMicros();
        network.cutOff(standby);
        TimeUnit.MILLISECONDS.sleep(STANDBY_CUT_MILLIS);
        requireLocalUndisturbed();
        int next = other(owner, cutMicros);
        if (next >= 0) {
            noteOverlap(watches.get(owner).lastMicros() - watches.get(next).firstSince(cutMicros));
        }
        boolean stays = watches.get(owner).answeredSince(LoopClock.nowMicros() - FLOW_MICROS);
        network.heal(standby);
        cluster.awaitWhole();
        say("standby %d: %s", number, next < 0 && stays ? "the owner stayed" : "the role moved");
    }

    private NumberedPublisher publishAlone(NodeProcess node, String name) throws BenchException, InterruptedException {
        NumberedPublisher publisher = streams.publish(List.of(node.place().own()), name, 1, BITS_PER_SECOND / 10);
        cluster.await(
                "a node lets a publisher in while the other side may have one of that name",
                () -> streams.state(publisher).connected());
        return publisher;
    }

    /** Two that had one name, each on a side of the cut: one of them has to go, and a line of some log says so. */
    private void requireOneToStay(String name, NumberedPublisher here, NumberedPublisher there)
            throws BenchException, InterruptedException {
        cluster.await(
                "one of two publishers of one name is sent away",
                () -> streams.state(here).connected() != streams.state(there).connected());
        cluster.await("the log says which publisher stays", () -> linesOnSplit(name) > 0);
        TimeUnit.MILLISECONDS.sleep(STEADY_MILLIS);
        if (linesOnSplit(name) != 1
                || streams.state(here).connected() == streams.state(there).connected()) {
            throw cluster.failure(linesOnSplit(name) + " lines say which publisher of " + name + " stays, or both are"
                    + " there: " + streams.state(here) + ", " + streams.state(there));
        }
    }

    private long linesOnSplit(String name) throws BenchException {
        long lines = 0;
        for (NodeProcess node : cluster.nodes()) {
            try {
                lines += node.log().stream()
                        .filter(line -> line.contains("stream \"" + name + "\": the cluster had been split"))
                        .count();
            } catch (IOException e) {
                throw new BenchException(e);
            }
        }
        return lines;
    }

    /** The owner's number, when all is well and has been for a moment. */
    private int settled() throws BenchException, InterruptedException {
        cluster.awaitWhole();
        cluster.await("one node alone lets callers in", () -> {
            long sinceMicros = LoopClock.nowMicros();
            TimeUnit.MILLISECONDS.sleep(STEADY_MILLIS);
            return serving(sinceMicros).size() == 1;
        });
        return serving(LoopClock.nowMicros() - FLOW_MICROS).get(0);
    }

    private List<Integer> serving(long sinceMicros) {
        List<Integer> serving = new ArrayList<>();
        for (int node = 0; node < watches.size(); node++) {
            if (watches.get(node).answeredSince(sinceMicros)) {
                serving.add(node);
            }
        }
        return serving;
    }

    /** A node that is not this one and has let callers in since then; -1 if there is none. */
    private int other(int owner, long sinceMicros) {
        return serving(sinceMicros).stream()
                .filter(node -> node != owner)
                .findFirst()
                .orElse(-1);
    }

    private void noteOverlap(long micros) {
        greatestOverlapMicros = Math.max(greatestOverlapMicros, micros);
    }

    private static InetSocketAddress address(int node) {
        return new InetSocketAddress(NetworkNamespaces.address(node), OWN_PORT);
    }

    private boolean flows(NumberedViewer viewer) throws BenchException, InterruptedException {
        return LoopClock.nowMicros() - streams.state(viewer).lastArrivalMicros() < FLOW_MICROS / 4;
    }

    private void beginLocal() throws BenchException, InterruptedException {
        for (NumberedViewer viewer : local) {
            cluster.await("streams that no other node has to do with flow", () -> flows(viewer));
            streams.measureGap(viewer);
        }
    }

    /** Who publishes and who views at one and the same node doesn't notice that it is cut off from others. */
    private void requireLocalUndisturbed() throws BenchException, InterruptedException {
        for (NumberedViewer viewer : local) {
            requireOneConnection(viewer, "a viewer at the node of its publisher");
            cluster.await("streams that no other node has to do with flow", () -> flows(viewer));
        }
    }

    private void requireOneConnection(NumberedViewer viewer, String who) throws BenchException, InterruptedException {
        if (streams.state(viewer).connections() != 1) {
            throw cluster.failure(who + " was disconnected: " + streams.state(viewer));
        }
    }

    private static double seconds(long micros) {
        return Math.max(0, micros) / 1e6;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    @Override
    public void close() throws IOException, BenchException, InterruptedException {
        for (RoleWatch watch : watches) {
            watch.close();
        }
        streams.close();
        cluster.close();
        network.close();
        for (int node = 1; node <= NodeCluster.NODES; node++) {
            Files.deleteIfExists(scripts.resolve("n" + node));
        }
        Files.deleteIfExists(scripts.resolve("route.sh"));
        Files.deleteIfExists(scripts);
    }
}
