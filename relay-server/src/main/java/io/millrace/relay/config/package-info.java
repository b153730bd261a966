/**
 * Owns the configuration: YAML to records, errors with file and key path, differences for a reload.
 * Called at the start and on reload; everybody else gets ready records.
 * Never touches a running listener or stream: it says what changed, and their owners act.
 */
@NullMarked
package io.millrace.relay.config;

import org.jspecify.annotations.NullMarked;
