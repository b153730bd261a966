package io.millrace.cluster;

/** What a node tells the others of itself, again and again; nothing of it is kept anywhere. */
record NodeReport(String incarnation, boolean draining, NodeLoad load) {}
