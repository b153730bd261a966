/** This node's part in a cluster: who it is, which streams it takes from other nodes, which listeners it serves. */
@NullMarked
package io.millrace.relay.role;

import org.jspecify.annotations.NullMarked;
