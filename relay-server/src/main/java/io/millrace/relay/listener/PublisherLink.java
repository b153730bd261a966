package io.millrace.relay.listener;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.Publication;
import io.millrace.srt.connection.SrtConnection;

/** A publisher's connection: what it receives goes into its publication's slot. */
record PublisherLink(SrtConnection connection, ConnectionInfo info, LinkLimits limits, Publication publication)
        implements Link {
    @Override
    public void ended() {
        publication.end();
    }
}
