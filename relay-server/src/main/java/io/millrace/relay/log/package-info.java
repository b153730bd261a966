/**
 * Owns how the log is written, and from which level on: by the configuration, and changed at run time.
 * Called at the start, on reload and by the API; the names of fields are used by everybody who logs them.
 * Never makes a caller wait for who reads the log, and never decides what is worth a line.
 */
@NullMarked
package io.millrace.relay.log;

import org.jspecify.annotations.NullMarked;
