package io.millrace.srt.simulation;

import java.util.Random;

/** One direction of a link: decides when, and how often, a datagram arrives. */
final class SimulatedLink {
    private static final long LOST = -1;

    private final LinkProfile profile;
    private final Random random;
    private boolean inBurst;
    private long lastArrivalMicros;

    SimulatedLink(LinkProfile profile, Random random) {
        this.profile = profile;
        this.random = random;
    }

    /** When a datagram sent now arrives, or a negative number if it is lost. */
    long arrival(long nowMicros) {
        if (isLost(nowMicros)) {
            return LOST;
        }
        long delay = profile.delayMicros();
        if (profile.jitterMicros() > 0) {
            delay += random.nextLong(profile.jitterMicros() + 1);
        }
        if (profile.reorder() > 0 && random.nextDouble() < profile.reorder()) {
            return nowMicros + delay + profile.reorderMicros();
        }
        lastArrivalMicros = Math.max(lastArrivalMicros, nowMicros + delay);
        return lastArrivalMicros;
    }

    boolean duplicates() {
        return profile.duplicate() > 0 && random.nextDouble() < profile.duplicate();
    }

    /** Gilbert's model: a good state without loss, a bad one that loses all, left after the mean burst length. */
    private boolean isLost(long nowMicros) {
        if (nowMicros >= profile.outageFromMicros() && nowMicros < profile.outageToMicros()) {
            return true;
        }
        if (profile.loss() <= 0) {
            return false;
        }
        if (profile.burst() <= 1) {
            return random.nextDouble() < profile.loss();
        }
        double leave = 1 / profile.burst();
        double enter = profile.loss() * leave / (1 - profile.loss());
        inBurst = inBurst ? random.nextDouble() >= leave : random.nextDouble() < enter;
        return inBurst;
    }
}
