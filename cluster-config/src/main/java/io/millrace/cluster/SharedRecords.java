package io.millrace.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Records of one kind that hold at all nodes, each under a key. Every node has all of them, and goes on with those while
 * it can't reach the others; what was written meanwhile reaches them later.
 */
public interface SharedRecords {
    /** What this node knows now, for reading; records that have run out may be among it. */
    Map<String, SharedRecord> known();

    /** The record of a key, asked of the others if this node doesn't know it. */
    CompletionStage<Optional<SharedRecord>> find(String key);

    /**
     * Writes a record, unless one of its version or a higher one is there. It holds at this node at once, unless this node
     * knows better.
     *
     * @return the record that holds; of several that were offered with one version, a single one does. Fails while the
     *     others can't be asked: then it holds here alone, and is offered to them again until it runs out
     */
    CompletionStage<SharedRecord> offer(String key, SharedRecord offered);
}
