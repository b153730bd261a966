package io.millrace.cluster;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/**
 * How long the steps of a lease may take, in nanoseconds of one node's own clock; no two clocks are ever compared.
 *
 * <p>They fit the times of the YAML files: a node that is cut off notices that it hears too few others at most 2.5 s after
 * the cut, its removal from the members is noticed by the others after 2 to 4 s.
 *
 * @param renewal from one renewal to the next
 * @param answer to a change, after which it counts as failed and another may be sent
 * @param tolerance for renewals that fail while the quorum holds: the loss of a standby that keeps the lease's copy stops
 *     renewals for 3 s
 * @param expiry after which a lease that is not renewed may be taken from an owner that is still a member; longer than
 *     the tolerance, since it starts when the renewal is seen and not when it is sent
 * @param silence after the last renewal seen, before the role of an owner that was removed and whose process isn't proved
 *     dead is taken: an owner that is cut off has fenced itself by then
 * @param stall of this process after which it doesn't know any more what it owns; shorter than silence
 * @param backOff before an owner that fenced itself competes again
 * @param successorHead how long others wait for a chosen successor
 * @param step between candidates, so that the most preferred or least loaded comes first
 * @param balance between two looks at whether an idle role should move
 */
record LeaseTimes(
        long renewal,
        long answer,
        long tolerance,
        long expiry,
        long silence,
        long stall,
        long backOff,
        long successorHead,
        long step,
        long balance) {
    static final LeaseTimes MEASURED = new LeaseTimes(
            MILLISECONDS.toNanos(300),
            MILLISECONDS.toNanos(1_000),
            MILLISECONDS.toNanos(5_000),
            MILLISECONDS.toNanos(6_000),
            MILLISECONDS.toNanos(3_200),
            MILLISECONDS.toNanos(2_500),
            MILLISECONDS.toNanos(8_000),
            MILLISECONDS.toNanos(1_000),
            MILLISECONDS.toNanos(40),
            MILLISECONDS.toNanos(2_000));
}
