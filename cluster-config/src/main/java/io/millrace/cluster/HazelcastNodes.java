package io.millrace.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.topic.ITopic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes, as Hazelcast's members. A node is known by its incarnation: Hazelcast gives a member another id when a split
 * heals, which is neither the end of a node nor the start of one.
 */
final class HazelcastNodes implements Nodes {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastNodes.class);
    private static final String TOPIC = "nodes";
    private static final long REPORT_MILLIS = 1_000;
    private static final int MOST_GONE = 1_000;

    private final HazelcastLink link;
    private final Executor events;
    private final NodeIdentity self;
    private final Listeners<Listener> listeners;
    private final Map<String, NodeReport> reports = new ConcurrentHashMap<>();

    /** Incarnations that were seen to leave, the latest last. */
    private final Set<String> gone = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_GONE;
        }
    });

    private volatile List<NodeIdentity> present;
    private volatile NodeReport own;

    HazelcastNodes(HazelcastLink link, Executor events, NodeIdentity self) {
        this.link = link;
        this.events = events;
        this.self = self;
        listeners = new Listeners<>(events);
        present = List.of(self);
        own = new NodeReport(self.incarnation(), false, NodeLoad.NONE);
        link.onJoined(this::watch);
        link.onMerged(this::look);
        var unused = link.upkeep()
                .scheduleWithFixedDelay(this::publish, REPORT_MILLIS, REPORT_MILLIS, TimeUnit.MILLISECONDS);
    }

    static boolean isMember(HazelcastInstance instance, String incarnation) {
        return instance.getCluster().getMembers().stream()
                .anyMatch(member -> incarnation.equals(member.getAttribute(HazelcastConfigs.INCARNATION)));
    }

    /** Who a member is; empty for one that isn't a node of ours. */
    static Optional<NodeIdentity> identityOf(Member member) {
        String nodeId = member.getAttribute(HazelcastConfigs.NODE_ID);
        String incarnation = member.getAttribute(HazelcastConfigs.INCARNATION);
        String srt = member.getAttribute(HazelcastConfigs.SRT_ADDRESS);
        String http = member.getAttribute(HazelcastConfigs.HTTP_ADDRESS);
        return nodeId == null || incarnation == null || srt == null || http == null
                ? Optional.empty()
                : Optional.of(new NodeIdentity(
                        nodeId, incarnation, HazelcastConfigs.address(srt), HazelcastConfigs.address(http)));
    }

    @Override
    public List<Node> all() {
        return present.stream().map(this::node).toList();
    }

    @Override
    public synchronized void report(NodeLoad load) {
        own = new NodeReport(self.incarnation(), own.draining(), load);
    }

    @Override
    public synchronized void draining(boolean draining) {
        own = new NodeReport(self.incarnation(), draining, own.load());
        try {
            link.upkeep().execute(this::publish);
        } catch (RejectedExecutionException e) {
            LOG.trace("the node has left", e);
        }
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    boolean isPresent(NodeIdentity node) {
        return present.stream().anyMatch(node::isSameAs);
    }

    /** Whether it was seen to leave, which a node that has just joined was not. */
    boolean hasLeft(NodeIdentity node) {
        synchronized (gone) {
            return gone.contains(node.incarnation());
        }
    }

    private Node node(NodeIdentity identity) {
        @Nullable NodeReport report = identity.isSameAs(self) ? own : reports.get(identity.incarnation());
        return report == null
                ? new Node(identity, NodeLoad.NONE, false)
                : new Node(identity, report.load(), report.draining());
    }

    private void watch(HazelcastInstance instance) {
        instance.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                look();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                look();
            }
        });
        ITopic<NodeReport> topic = instance.getTopic(TOPIC);
        topic.addMessageListener(message -> {
            NodeReport report = message.getMessageObject();
            if (present.stream().anyMatch(node -> node.incarnation().equals(report.incarnation()))) {
                reports.put(report.incarnation(), report);
            }
        });
    }

    private void publish() {
        HazelcastInstance instance = link.instance();
        if (instance == null || !link.isSettled()) {
            return;
        }
        try {
            // A report that gets lost is followed by the next one.
            ITopic<NodeReport> topic = instance.getTopic(TOPIC);
            var unused = topic.publishAsync(own);
        } catch (RuntimeException e) {
            LOG.debug("this node's load isn't published", e);
        }
    }

    private void look() {
        try {
            events.execute(this::compare);
        } catch (RejectedExecutionException e) {
            LOG.trace("the node has left", e);
        }
    }

    /** While this side of a split joins the other it sees neither; what was known stays until it sees again. */
    private void compare() {
        HazelcastInstance instance = link.instance();
        if (instance == null || !link.isSettled()) {
            return;
        }
        Map<String, NodeIdentity> now = new LinkedHashMap<>();
        for (Member member : instance.getCluster().getMembers()) {
            identityOf(member).ifPresent(identity -> now.put(identity.incarnation(), identity));
        }
        List<NodeIdentity> before = present;
        List<Node> left = new ArrayList<>();
        for (NodeIdentity node : before) {
            if (!now.containsKey(node.incarnation()) && !node.isSameAs(self)) {
                left.add(node(node));
            }
        }
        now.putIfAbsent(self.incarnation(), self);
        present = List.copyOf(now.values());
        reports.keySet().retainAll(now.keySet());
        synchronized (gone) {
            left.forEach(node -> gone.add(node.identity().incarnation()));
            gone.removeAll(now.keySet());
        }
        left.forEach(node -> listeners.tell(listener -> listener.left(node)));
        for (NodeIdentity node : present) {
            if (before.stream().noneMatch(node::isSameAs)) {
                listeners.tell(listener -> listener.joined(node(node)));
            }
        }
    }
}
