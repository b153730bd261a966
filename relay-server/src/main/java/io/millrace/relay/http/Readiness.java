package io.millrace.relay.http;

import java.util.List;
import java.util.function.Supplier;

/** What the node needs in order to serve, by name. */
public final class Readiness {
    private final Supplier<List<Item>> items;

    /** Something that is ready or not. */
    public record Item(String name, boolean ready) {}

    /** @param items asked at each request, from any thread */
    public Readiness(Supplier<List<Item>> items) {
        this.items = items;
    }

    List<Item> items() {
        return items.get();
    }
}
