package io.millrace.relay.http;

import io.millrace.relay.access.Bans;
import io.millrace.relay.access.OneShotIds;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.ReloadOutcome;
import io.millrace.relay.log.LogLevels;
import io.millrace.relay.metrics.Metrics;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopWatch;
import io.millrace.relay.role.ClusterView;
import io.millrace.relay.role.Drain;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionEvents;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stats.StreamHistories;
import io.millrace.relay.stream.StreamDirectory;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the API shows and acts on.
 *
 * @param config gives the configuration that is in effect, from any thread
 * @param reload reads it again
 * @param metrics null where they are switched off
 */
public record ApiServices(
        Supplier<RelayConfig> config,
        Supplier<CompletionStage<ReloadOutcome>> reload,
        NodeInfo node,
        Readiness readiness,
        ClusterView cluster,
        Drain drain,
        LoopWatch watch,
        @Nullable Metrics metrics,
        EventLoops loops,
        StreamDirectory streams,
        ConnectionDirectory connections,
        StreamHistories histories,
        SocketDirectory sockets,
        AttemptLog attempts,
        ConnectionEvents events,
        Bans bans,
        OneShotIds ids,
        LogLevels logLevels) {}
