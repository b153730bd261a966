package io.millrace.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import io.millrace.cluster.Surroundings.Presence;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Whether the owner of a role is still there. A member is removed when its process died as well as when it can't be
 * heard; only in the second case may it go on serving for a while. They are told apart by its port: a host that refuses
 * the connection lives, and the process does not.
 */
final class OwnerWatch {
    private static final int PROBE_MILLIS = 250;

    private final Executor owner;
    private final Runnable onDeath;
    private final Map<String, InetSocketAddress> members = new HashMap<>();
    private final Map<String, InetSocketAddress> gone = new HashMap<>();
    private final Set<String> dead = new HashSet<>();

    /**
     * @param owner the thread that this object belongs to
     * @param onDeath run there when a process is known to be dead
     */
    OwnerWatch(Executor owner, Runnable onDeath) {
        this.owner = owner;
        this.onDeath = onDeath;
    }

    /** Looks at the members; those that are gone are probed, once. */
    void look(HazelcastInstance instance) {
        Map<String, InetSocketAddress> now = new HashMap<>();
        for (Member member : instance.getCluster().getMembers()) {
            String incarnation = member.getAttribute(HazelcastConfigs.INCARNATION);
            if (incarnation != null) {
                now.put(incarnation, member.getSocketAddress());
            }
        }
        if (now.equals(members)) {
            return;
        }
        members.forEach((incarnation, address) -> {
            if (!now.containsKey(incarnation)) {
                gone.put(incarnation, address);
                if (now.containsValue(address)) {
                    dead.add(incarnation);
                } else {
                    probe(incarnation, address);
                }
            }
        });
        members.clear();
        members.putAll(now);
        gone.keySet().removeAll(now.keySet());
        dead.retainAll(gone.keySet());
    }

    Presence presence(@Nullable NodeIdentity node) {
        if (node == null || members.containsKey(node.incarnation())) {
            return Presence.MEMBER;
        }
        return dead.contains(node.incarnation()) ? Presence.DEAD : Presence.GONE;
    }

    private void probe(String incarnation, InetSocketAddress address) {
        Thread probing = new Thread(
                () -> {
                    if (isRefused(address)) {
                        owner.execute(() -> {
                            if (gone.containsKey(incarnation)) {
                                dead.add(incarnation);
                                onDeath.run();
                            }
                        });
                    }
                },
                "cluster-probe");
        probing.setDaemon(true);
        probing.start();
    }

    private static boolean isRefused(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, PROBE_MILLIS);
            return false;
        } catch (ConnectException e) {
            String message = e.getMessage();
            return message != null && message.contains("refused");
        } catch (IOException e) {
            return false;
        }
    }
}
