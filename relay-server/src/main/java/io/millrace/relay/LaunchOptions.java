package io.millrace.relay;

import io.millrace.relay.config.RelayConfig;

/**
 * What the command line asks for, once it was found to be right.
 *
 * @param config the effective configuration
 * @param source where it is from, for errors that show only at the start: the file, or a word for having none
 * @param demo whether the relay also publishes and shows a stream of its own
 */
record LaunchOptions(RelayConfig config, String source, boolean demo) {}
