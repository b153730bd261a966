package io.millrace.relay.http;

import java.util.List;
import java.util.function.Supplier;

/** Whether the node is to be sent callers: what it needs in order to serve them, by name, and whether it is leaving. */
public final class Readiness {
    private final Supplier<List<Item>> items;
    private volatile boolean draining;

    /**
     * Something that is ready or not.
     *
     * @param kind what it is one of: {@code listeners}
     */
    public record Item(String kind, String name, boolean ready) {}

    /** @param items asked at each request, from any thread */
    public Readiness(Supplier<List<Item>> items) {
        this.items = items;
    }

    /** From now on the node is not ready, whatever else is, or is so again. Callable from any thread. */
    public void draining(boolean changed) {
        draining = changed;
    }

    boolean isDraining() {
        return draining;
    }

    List<Item> items() {
        return items.get();
    }
}
