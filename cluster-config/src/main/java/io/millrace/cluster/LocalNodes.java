package io.millrace.cluster;

import java.util.ArrayList;
import java.util.List;

/** The nodes of one process, as one of them sees them. */
final class LocalNodes implements Nodes {
    private final Shared shared;
    private final Listeners<Listener> listeners;
    private Node self;
    private Runnable onDraining = () -> {};

    /** What the nodes of one process have in common. */
    static final class Shared {
        private final List<LocalNodes> all = new ArrayList<>();
        private final LocalEvents events = new LocalEvents();

        synchronized boolean isAlive(String incarnation) {
            return all.stream()
                    .anyMatch(node -> node.self.identity().incarnation().equals(incarnation));
        }
    }

    LocalNodes(Shared shared, NodeIdentity identity) {
        this.shared = shared;
        listeners = new Listeners<>(shared.events);
        self = new Node(identity, NodeLoad.NONE, false);
        synchronized (shared) {
            shared.all.forEach(other -> other.listeners.tell(listener -> listener.joined(self)));
            shared.all.add(this);
        }
    }

    @Override
    public List<Node> all() {
        synchronized (shared) {
            return shared.all.stream().map(node -> node.self).toList();
        }
    }

    @Override
    public void report(NodeLoad load) {
        synchronized (shared) {
            self = new Node(self.identity(), load, self.draining());
        }
    }

    @Override
    public void draining(boolean draining) {
        synchronized (shared) {
            self = new Node(self.identity(), self.load(), draining);
        }
        onDraining.run();
    }

    /** Told when this node drains, or doesn't any more. */
    void onDraining(Runnable hook) {
        onDraining = hook;
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    void end() {
        synchronized (shared) {
            if (shared.all.remove(this)) {
                Node gone = self;
                shared.all.forEach(other -> other.listeners.tell(listener -> listener.left(gone)));
            }
        }
    }
}
