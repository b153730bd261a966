package io.millrace.relay.stream;

import io.millrace.cluster.StreamRegistry.Claim;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The right to publish a stream, held by one publisher until it ends. */
public final class Publication {
    private final StreamVerticle stream;
    private final Publisher publisher;
    private final @Nullable Claim claim;
    private final PublisherSlot slot;
    private final long grantedMicros;
    private final Instant since = Instant.now();
    /** Whether the registry has been told that nothing comes; of the directory's timer alone. */
    boolean toldSilent;

    /** @param claim null where another node publishes, and this one pulls from a node */
    Publication(
            StreamVerticle stream, Publisher publisher, @Nullable Claim claim, PublisherSlot slot, long grantedMicros) {
        this.stream = stream;
        this.publisher = publisher;
        this.claim = claim;
        this.slot = slot;
        this.grantedMicros = grantedMicros;
    }

    /** Where the publisher's connection writes; used on its loop only. */
    public PublisherSlot slot() {
        return slot;
    }

    /** The stream's media. */
    public StreamMedia media() {
        return stream.media();
    }

    public Publisher publisher() {
        return publisher;
    }

    /** Whether it is taken from another node, which the publisher's identity names. */
    public boolean isPulled() {
        return claim == null;
    }

    public Instant since() {
        return since;
    }

    /** Gives the right back, from any thread, after the connection wrote its last payload. */
    public void end() {
        stream.unpublish(this);
    }

    @Nullable
    Claim claim() {
        return claim;
    }

    long grantedMicros() {
        return grantedMicros;
    }
}
