/**
 * Benchmarks of the steps that every packet takes, in nanoseconds and bytes of garbage an operation, run by
 * {@code bench/jmh.sh}. Those that need what is private to a package of the relay or the core are in a package of that
 * name beside this one.
 */
@NullMarked
package io.millrace.relay.jmh;

import org.jspecify.annotations.NullMarked;
