/**
 * Owns the reading of MPEG-TS: PAT and PMT, PCR, continuity and random access points.
 * Called by the stream with each payload that was published.
 * Never changes, reorders or delays a byte of what it looks at.
 */
@NullMarked
package io.millrace.relay.ts;

import org.jspecify.annotations.NullMarked;
