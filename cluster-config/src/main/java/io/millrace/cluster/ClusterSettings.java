package io.millrace.cluster;

import java.util.List;

/**
 * How a node finds the others and what it shows them.
 *
 * @param name nodes of another name are strangers
 * @param secret nodes with another secret are strangers too; this keeps clusters apart, it doesn't encrypt
 * @param members static hosts: {@code host} or {@code host:port} of nodes to join; one host: ignored
 * @param bindAddress the address to listen on, also the one that others are told unless a public one is given
 * @param port where to listen for other nodes; on one host the first of the ports tried
 * @param publicAddress {@code host:port} that others are told instead, for a node behind an address translation; or empty
 * @param serviceDns Kubernetes: the full name of the headless service, which resolves to all pods
 * @param nodes how many nodes there are when all are up
 * @param quorum how many must hear each other for a listener role to be served; 0 for more than half
 */
public record ClusterSettings(
        Mode mode,
        String name,
        String secret,
        List<String> members,
        String bindAddress,
        int port,
        String publicAddress,
        String serviceDns,
        int nodes,
        int quorum) {

    /** Where nodes look for each other. */
    public enum Mode {
        /** Several nodes on one machine. */
        ONE_HOST,
        /** Nodes on the hosts that are listed. */
        STATIC_HOSTS,
        /** Pods behind a headless service. */
        KUBERNETES
    }

    public ClusterSettings {
        members = List.copyOf(members);
        if (nodes < 1) {
            throw new IllegalArgumentException("nodes: " + nodes + " is below 1");
        }
        if (quorum < 0 || quorum > nodes) {
            throw new IllegalArgumentException("quorum: " + quorum + " is not within 0 and nodes (" + nodes + ")");
        }
        if (mode == Mode.STATIC_HOSTS && members.isEmpty()) {
            throw new IllegalArgumentException("members: none given, but hosts are static");
        }
        if (mode == Mode.KUBERNETES && serviceDns.isEmpty()) {
            throw new IllegalArgumentException("serviceDns: not given, but nodes are found by it");
        }
    }

    /** Nodes of one machine, which need little to find each other. */
    public static ClusterSettings oneHost(String name, int port, int nodes) {
        return new ClusterSettings(Mode.ONE_HOST, name, "", List.of(), "127.0.0.1", port, "", "", nodes, 0);
    }

    /** The quorum that is meant: more than half unless another one was chosen. */
    int effectiveQuorum() {
        return quorum == 0 ? nodes / 2 + 1 : quorum;
    }

    @Override
    public String toString() {
        return mode + " cluster " + name + " of " + nodes + " nodes, quorum " + effectiveQuorum();
    }
}
