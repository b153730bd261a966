package io.millrace.relay;

import io.millrace.relay.config.ConfigurationSources;
import io.millrace.relay.config.RelayConfig;

/**
 * What the command line asks for, once it was found to be right.
 *
 * @param config the effective configuration
 * @param sources where it is from, and is read again
 * @param demo whether the relay also publishes and shows a stream of its own
 */
record LaunchOptions(RelayConfig config, ConfigurationSources sources, boolean demo) {}
