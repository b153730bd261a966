package io.millrace.relay.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that work together.
 *
 * @param mode how they find each other; {@link Mode#NONE} for a node that is alone
 * @param name what nodes of one cluster have in common
 * @param nodeId what this node is called, kept over restarts; null for the host's name
 * @param secret that nodes prove themselves with, and that media between them is encrypted with
 * @param host the IP address of this machine that other nodes reach, bound for them alone
 * @param port TCP port for what nodes tell each other
 * @param mediaPort UDP port for streams between nodes; on one host any free one is taken instead
 * @param members where other nodes may be found: hosts, or hosts with ports
 * @param serviceDns name of the headless service that resolves to all pods; null unless the mode needs it
 * @param nodes how many there are when all are up
 * @param quorum how many must hear each other for listener roles to be served; 0 for more than half
 * @param pullsPerStream how many other nodes take one stream from this one
 * @param drainSeconds how long a node that is being drained keeps its callers at most
 */
public record ClusterConfig(
        Mode mode,
        String name,
        @Nullable String nodeId,
        @Secret @Nullable SecretReference secret,
        String host,
        int port,
        int mediaPort,
        List<String> members,
        @Nullable String serviceDns,
        int nodes,
        int quorum,
        int pullsPerStream,
        int drainSeconds) {
    private static final int MOST_NODES = 1_000;
    private static final int MAX_PORT = 65_535;

    private static final TextForm MEMBERS = TextForm.of(
            "[A-Za-z0-9._-]{1,253}(:[1-9][0-9]{0,4})?|\\[[0-9A-Fa-f:.]+\\](:[1-9][0-9]{0,4})?",
            "a host such as 192.0.2.11 or relay-2.example.net, with or without :PORT");
    private static final TextForm DNS_NAMES =
            TextForm.of("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63}){0,15}\\.?", "a DNS name");

    /** How nodes find each other. */
    public enum Mode {
        /** Not at all. */
        NONE,
        /** They are processes of one machine. */
        HOST,
        /** On the hosts that are listed. */
        STATIC,
        /** By the name of a headless service. */
        KUBERNETES
    }

    public ClusterConfig {
        members = List.copyOf(members);
    }

    /** Whether there may be other nodes. */
    public boolean hasOthers() {
        return mode != Mode.NONE;
    }

    /** How many nodes there are when all are up; 1 for a node that is alone. */
    public int expectedNodes() {
        return hasOthers() ? nodes : 1;
    }

    /** How many of them must hear each other: more than half, unless another number was chosen. */
    public int effectiveQuorum() {
        return quorum == 0 || !hasOthers() ? expectedNodes() / 2 + 1 : quorum;
    }

    static ClusterConfig bind(Section keys) {
        ClusterConfig cluster = new ClusterConfig(
                keys.choice("mode", Mode.NONE),
                keys.text("name", "millrace", ListenerConfig.NAMES),
                keys.optionalText("nodeId", ListenerConfig.NAMES),
                keys.passphrase("secret"),
                keys.text("host", "127.0.0.1", IpLiteral.FORM),
                keys.integer("port", 5701, 1, MAX_PORT),
                keys.integer("mediaPort", 8891, 1, MAX_PORT),
                keys.texts("members", List.of(), MEMBERS, Optional::of),
                keys.optionalText("serviceDns", DNS_NAMES),
                keys.integer("nodes", 3, 1, MOST_NODES),
                keys.integer("quorum", 0, 0, MOST_NODES),
                keys.integer("pullsPerStream", 8, 1, MOST_NODES),
                keys.integer("drainSeconds", 20, 0, 3_600));
        if (cluster.hasOthers()) {
            cluster.check(keys);
        }
        return cluster;
    }

    private void check(Section keys) {
        if (secret == null && keys.isSound()) {
            keys.refuse("secret", "nothing", "10 to 79 bytes of UTF-8, the same on every node");
        }
        if (isWildcard()) {
            keys.refuse("host", host, "one address of this machine, since other nodes are told to call it");
        }
        if (quorum > nodes) {
            keys.refuse("quorum", String.valueOf(quorum), "at most cluster.nodes, which is " + nodes);
        }
        if (mode == Mode.STATIC && members.isEmpty()) {
            keys.refuse("members", "none", "the hosts of the nodes, where mode is static");
        }
        if (mode == Mode.KUBERNETES && serviceDns == null) {
            keys.refuse("serviceDns", "nothing", "the full name of the headless service, where mode is kubernetes");
        }
    }

    private boolean isWildcard() {
        try {
            return InetAddress.getByName(host).isAnyLocalAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
