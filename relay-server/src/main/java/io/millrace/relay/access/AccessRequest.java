package io.millrace.relay.access;

import java.net.InetSocketAddress;

/**
 * What a caller asks for, with all that is known about it before it is let in.
 *
 * @param listener name of the listener that it came to
 * @param request what it asks for, as it says itself
 * @param peer where it calls from; its cookie has proved that it is there
 * @param local where it called
 * @param encrypted whether it sent key material
 * @param srtVersion of the caller, as text
 */
public record AccessRequest(
        String listener,
        StreamRequest request,
        InetSocketAddress peer,
        InetSocketAddress local,
        boolean encrypted,
        String srtVersion) {}
