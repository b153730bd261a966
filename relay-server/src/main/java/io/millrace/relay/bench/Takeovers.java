package io.millrace.relay.bench;

import io.millrace.relay.bench.NodeCluster.Condition;
import io.millrace.relay.net.LoopClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Loses the owner of a role again and again: a publisher is at the role's address, a viewer at each node's own listener,
 * and what counts is how soon callers are answered again and how long the viewers at the other nodes got nothing.
 */
@SuppressWarnings("try") // closing awaits the loop, and is only done where that may be interrupted
final class Takeovers implements AutoCloseable {
    private static final String STREAM = "bench/takeover";
    private static final long FLOW_MICROS = 250_000;
    private static final long STEADY_MILLIS = 1_000;

    private final NodeFailure failure;
    private final Progress progress;
    private final NodeCluster cluster;
    private final NumberedStreams streams = new NumberedStreams();
    private final RoleProbe probe;
    private final List<NumberedViewer> viewers = new ArrayList<>();

    /** Starts the nodes. */
    Takeovers(NodeFailure failure, Progress progress) throws IOException, BenchException, InterruptedException {
        this.failure = failure;
        this.progress = progress;
        progress.say("%s: starting %d nodes", failure.label(), NodeCluster.NODES);
        cluster = failure.start(NodeCluster.ownClassPath());
        probe = new RoleProbe(cluster.roleAddresses());
    }

    List<TakeoverReport.Round> run(int rounds, long bitsPerSecond)
            throws IOException, BenchException, InterruptedException {
        NumberedPublisher publisher = streams.publish(cluster.roleAddresses(), STREAM, 0, bitsPerSecond);
        for (NodeProcess node : cluster.nodes()) {
            viewers.add(streams.view(node.place().own(), STREAM, 0));
        }
        List<TakeoverReport.Round> all = new ArrayList<>();
        for (int number = 1; number <= rounds; number++) {
            TakeoverReport.Round round = round(publisher);
            all.add(round);
            progress.say(
                    "%s, round %d of %d: role unserved for %,d ms, viewers' gap %,d ms, %d reconnects",
                    failure.label(),
                    number,
                    rounds,
                    Math.round(round.unservedMicros() / 1e3),
                    Math.round(round.gapMicros() / 1e3),
                    round.reconnects());
        }
        return all;
    }

    @Override
    public void close() throws BenchException, InterruptedException {
        probe.close();
        streams.close();
        cluster.close();
    }

    private TakeoverReport.Round round(NumberedPublisher publisher)
            throws IOException, BenchException, InterruptedException {
        for (NodeProcess node : cluster.nodes()) {
            if (!node.isAlive()) {
                node.start();
            }
        }
        NodeProcess owner = cluster.awaitWhole();
        cluster.await("all viewers get the stream", () -> allFlow());
        TimeUnit.MILLISECONDS.sleep(STEADY_MILLIS);
        List<NumberedViewer> others = new ArrayList<>(viewers);
        others.remove(cluster.nodes().indexOf(owner));
        int connectionsBefore = connections(others);
        int publishedBefore = streams.state(publisher).connections();
        for (NumberedViewer viewer : others) {
            streams.measureGap(viewer);
        }
        probe.begin();

        failure.strike(owner);

        cluster.await("the publisher is back", () -> {
            NumberedPublisher.State state = streams.state(publisher);
            return state.connected() && state.connections() > publishedBefore;
        });
        long number = streams.state(publisher).lastSent() + 1;
        for (NumberedViewer viewer : others) {
            cluster.await("a viewer gets what comes since then", has(viewer, number));
        }
        long gapMicros = 0;
        for (NumberedViewer viewer : others) {
            gapMicros = Math.max(gapMicros, streams.state(viewer).gapMicros());
        }
        TakeoverReport.Round round =
                new TakeoverReport.Round(probe.longest().micros(), gapMicros, connections(others) - connectionsBefore);
        failure.bury(owner);
        return round;
    }

    private Condition has(NumberedViewer viewer, long number) {
        return () -> streams.state(viewer).last() >= number;
    }

    private boolean allFlow() throws BenchException, InterruptedException {
        for (NumberedViewer viewer : viewers) {
            if (LoopClock.nowMicros() - streams.state(viewer).lastArrivalMicros() > FLOW_MICROS) {
                return false;
            }
        }
        return true;
    }

    private int connections(List<NumberedViewer> of) throws BenchException, InterruptedException {
        int connections = 0;
        for (NumberedViewer viewer : of) {
            connections += streams.state(viewer).connections();
        }
        return connections;
    }
}
