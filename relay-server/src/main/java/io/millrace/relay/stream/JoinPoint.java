package io.millrace.relay.stream;

import io.millrace.relay.ts.TablePackets;

/**
 * Where a new reader of a stream may begin, so that a player shows a picture at once: it reads the tables, then the payload
 * at the position from the offset on, then what follows in the log. Never changed; the log may have released it meanwhile.
 *
 * @param position of the payload in which a random access point begins
 * @param offset of its first TS packet in that payload, bytes
 * @param arrival of the log from which on all arrived that lies at the position or behind it
 * @param originMicros when that payload was produced, on this process's clock
 * @param tables PAT and PMT that came last before it
 */
public record JoinPoint(long position, int offset, long arrival, long originMicros, TablePackets tables) {}
