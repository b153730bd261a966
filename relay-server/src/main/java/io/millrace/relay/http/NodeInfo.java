package io.millrace.relay.http;

import java.time.Instant;

/**
 * Which node this is.
 *
 * @param id unique in the cluster
 * @param version of the program
 * @param since when it started
 */
public record NodeInfo(String id, String version, Instant since) {}
