package io.millrace.relay.http;

import io.millrace.relay.access.OneShotIds;
import io.millrace.relay.log.LogLevels;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stream.StreamDirectory;

/** What the API shows and acts on. */
public record ApiServices(
        Readiness readiness,
        EventLoops loops,
        StreamDirectory streams,
        ConnectionDirectory connections,
        SocketDirectory sockets,
        AttemptLog attempts,
        OneShotIds ids,
        LogLevels logLevels) {}
