/**
 * The commands that show a running relay: its streams, its connections, and one stream live. They know of it what its API
 * tells, and treat that as text from a stranger: bounded, and nothing of it controls the terminal.
 */
@NullMarked
package io.millrace.relay.console;

import org.jspecify.annotations.NullMarked;
