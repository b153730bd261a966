package io.millrace.relay.listener;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.Publication;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.Passphrase;
import org.jspecify.annotations.Nullable;

/**
 * A publisher's connection: what it receives goes into its publication's slot.
 *
 * @param passphrase that its keys are wrapped by; null where it is not encrypted
 */
record PublisherLink(
        SrtConnection connection,
        ConnectionInfo info,
        LinkLimits limits,
        Publication publication,
        @Nullable Passphrase passphrase)
        implements Link {
    @Override
    public void ended() {
        publication.end();
    }
}
