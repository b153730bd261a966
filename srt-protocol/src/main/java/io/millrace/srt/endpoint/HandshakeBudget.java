package io.millrace.srt.endpoint;

import java.net.InetAddress;
import java.util.random.RandomGenerator;

/**
 * What handshakes may cost, whoever sends them.
 *
 * <p>Whoever asks for a cookie may have forged the address. So the number of such answers is bounded as a whole, and an
 * address is held to a share of it only while more than half of that is used up: until then a flood in the name of a
 * viewer doesn't keep the viewer out, and from then on it leaves room for everybody else. A valid cookie proves the
 * address, so from there on each one has a strict budget that nobody else can use up.
 */
final class HandshakeBudget {
    /** The part of the whole that one address has while it is scarce. */
    private static final int SHARES = 20;

    private final TokenBuckets answers;
    private final AddressBuckets answersByAddress;
    private final AddressBuckets conclusions;

    HandshakeBudget(HandshakeLimits limits, RandomGenerator random) {
        int perSecond = limits.inductionsPerSecond();
        int share = Math.max(1, perSecond / SHARES);
        answers = new TokenBuckets(1, perSecond, perSecond);
        answersByAddress = new AddressBuckets(share, share, random);
        conclusions = new AddressBuckets(limits.conclusionBurst(), limits.conclusionsPerSecond(), random);
    }

    /** Whether a caller that has not proved its address may be answered; if so, it is charged. */
    boolean takeAnswer(InetAddress unproven, long nowMicros) {
        return (!answers.isHalfEmpty(0, nowMicros) || answersByAddress.take(unproven, nowMicros))
                && answers.take(0, nowMicros);
    }

    /** Whether a caller that has proved its address may have a decision; if so, it is charged. */
    boolean takeConclusion(InetAddress proven, long nowMicros) {
        return conclusions.take(proven, nowMicros);
    }
}
