/**
 * A load generator for SRT servers, and the check that goes with it: publishers and subscribers on our own protocol core,
 * payloads that say who sent them when, a bad network if asked for, and a report of what arrived how late at what cost.
 */
@NullMarked
package io.millrace.relay.bench;

import org.jspecify.annotations.NullMarked;
