package io.millrace.relay;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.NodeIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several relays of this process that work together; what lies between them is the network of this machine. */
public final class TestCluster implements AutoCloseable {
    private final List<TestRelay> relays = new ArrayList<>();
    private final Map<String, Cluster> seenBy = new LinkedHashMap<>();
    private @Nullable LocalCluster first;

    /** Starts one more node, {@code a} first. */
    public TestRelay start(String nodeId, String... settings) {
        TestRelay relay = TestRelay.startIn(this::join, nodeId, settings);
        relays.add(relay);
        return relay;
    }

    /** The cluster as a node sees it. */
    public Cluster seenBy(String nodeId) {
        return seenBy.get(nodeId);
    }

    private Cluster join(NodeIdentity identity) {
        LocalCluster present = first;
        LocalCluster joined = present == null ? LocalCluster.alone(identity) : present.joinedBy(identity);
        first = joined;
        seenBy.put(identity.nodeId(), joined);
        return joined;
    }

    @Override
    public void close() {
        relays.forEach(TestRelay::close);
    }
}
