package io.millrace.relay.role;

import io.millrace.cluster.NodeLoad;
import io.millrace.cluster.Nodes;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;

/** What this node tells the others about what it has to do. */
public final class LoadReport {
    /** How often to send it. */
    public static final int INTERVAL_MILLIS = 1_000;

    private final Nodes nodes;
    private final ConnectionDirectory connections;
    private final NodePulls pulls;

    public LoadReport(Nodes nodes, ConnectionDirectory connections, NodePulls pulls) {
        this.nodes = nodes;
        this.connections = connections;
        this.pulls = pulls;
    }

    public void send() {
        double egressMegabits = 0;
        int publishers = 0;
        int subscribers = 0;
        for (ConnectionInfo connection : connections.connections()) {
            int callers = connection.facts().isBetweenNodes() ? 0 : 1;
            if (connection.facts().role() == ConnectionInfo.Role.SUBSCRIBER) {
                subscribers += callers;
                ConnectionStatistics statistics = connection.statistics();
                egressMegabits += statistics == null ? 0 : statistics.value(Statistic.mbpsSendRate);
            } else {
                publishers += callers;
            }
        }
        nodes.report(new NodeLoad(Math.round(egressMegabits * 1e6), publishers, subscribers, pulls.pulled()));
    }
}
