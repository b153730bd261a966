package io.millrace.relay.access;

import io.millrace.srt.crypto.KeyMaterial;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A caller as it came to a listener, before anybody has looked into what it says.
 *
 * @param listener that it came to
 * @param streamId as it was sent
 * @param keyMaterial null if it doesn't encrypt
 * @param peer where it calls from; its cookie has proved that it is there
 * @param local where it called
 * @param srtVersion of the caller, as text
 */
public record Arrival(
        ListenerAccess listener,
        String streamId,
        @Nullable KeyMaterial keyMaterial,
        InetSocketAddress peer,
        InetSocketAddress local,
        String srtVersion) {}
