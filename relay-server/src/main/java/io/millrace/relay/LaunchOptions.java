package io.millrace.relay;

import io.millrace.relay.config.RelayConfig;

/**
 * What the command line asks for, once it was found to be right.
 *
 * @param config the effective configuration
 * @param demo whether the relay also publishes and shows a stream of its own
 */
record LaunchOptions(RelayConfig config, boolean demo) {}
