package io.millrace.relay.listener;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.srt.connection.SrtConnection;

/** A connection of a listener with what it is for. */
sealed interface Link permits PublisherLink, SubscriberLink {
    SrtConnection connection();

    ConnectionInfo info();

    LinkLimits limits();

    /** The connection has ended: gives back what it held. */
    void ended();
}
