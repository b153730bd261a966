/**
 * The media tools of the command line: publish a file, pull a stream into one, and probe a server. Each makes its calls
 * from the program's own threads, on an event loop that nobody else uses.
 */
@NullMarked
package io.millrace.relay.tool;

import org.jspecify.annotations.NullMarked;
