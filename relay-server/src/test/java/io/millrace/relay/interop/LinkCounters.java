package io.millrace.relay.interop;

/**
 * What one direction did with its datagrams so far.
 *
 * @param arrived datagrams that were put in
 * @param carried datagrams that were put out, duplicates included
 * @param lost datagrams that were lost, for whatever cause
 * @param duplicated datagrams that were put out twice
 * @param reordered datagrams that were put out after one that was put in later
 */
record LinkCounters(long arrived, long carried, long lost, long duplicated, long reordered) {}
