package io.millrace.relay.access;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Where the keys come from that tokens are checked with. Callable from any thread but an event loop. */
interface TokenKeys extends AutoCloseable {
    /** The keys as far as they are known; null where there are none yet. */
    @Nullable
    KeySet current();

    /** Looks for newer ones, but not too often. Never fails; {@link #current} has what was found. */
    Future<Void> renewed();

    @Override
    void close();
}
