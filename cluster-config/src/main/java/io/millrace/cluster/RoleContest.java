package io.millrace.cluster;

import io.millrace.cluster.RoleLeases.EndReason;
import io.millrace.cluster.RoleLeases.Grant;
import io.millrace.cluster.RoleLeases.Role;
import io.millrace.cluster.Surroundings.Presence;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in the contest for one role, without threads, clock or network: time comes in as nanoseconds that only
 * grow, and what to do comes out as a {@link Step}.
 *
 * <pre>
 *  STANDBY --free, or owner gone--> TAKING --granted--> OWNER --hand over--> ENDING --stopped--> RELEASING --> STANDBY
 *     ^                                |                  |
 *     +---------- not granted ---------+                  |
 *     +------ quorum lost, not renewed, stalled, superseded: the role ends at once and the node stays out a while
 * </pre>
 */
final class RoleContest {
    /** An idle role isn't offered again to the same node before that: it may not want it. */
    private static final long OFFER_AGAIN_NANOS = 60_000_000_000L;

    private static final int MOST_STEPS_BEHIND = 8;

    private final Role role;
    private final NodeIdentity self;
    private final LeaseTimes times;
    private final LongSupplier wallMillis;

    private Phase phase = Phase.STANDBY;
    private @Nullable Grant grant;
    private @Nullable LeaseEntry seen;
    private boolean isKnown;
    private boolean isWithdrawn;
    private boolean wasSeen;
    private boolean answerPending;
    private String successor = "";
    private String offeredTo = "";

    private long seenAt;
    private long ownerGoneAt;
    private boolean isOwnerGone;
    private long renewedAt;
    private long sentAt;
    private long steppedAt;
    private long balancedAt;
    private long offeredAt;
    private boolean hasStepped;
    private long outUntil;
    private boolean isOut;

    private enum Phase {
        STANDBY,
        TAKING,
        OWNER,
        ENDING,
        RELEASING
    }

    /** What is to be done next. */
    sealed interface Step {
        record Nothing() implements Step {}

        /** Send the change to the table, and bring its answer back. */
        record Submit(LeaseChange change) implements Step {}

        /** Stop serving the grant. */
        record End(Grant grant, EndReason reason) implements Step {}
    }

    private static final Step NOTHING = new Step.Nothing();

    /** @param wallMillis the time of day, which only makes epochs outlive the table */
    RoleContest(Role role, NodeIdentity self, LeaseTimes times, LongSupplier wallMillis) {
        this.role = role;
        this.self = self;
        this.times = times;
        this.wallMillis = wallMillis;
    }

    Role role() {
        return role;
    }

    /** What this node serves, or is about to stop to serve. */
    Optional<Grant> grant() {
        return Optional.ofNullable(grant);
    }

    boolean isTaking() {
        return phase == Phase.TAKING;
    }

    /** When the change that was last asked for was asked for, which tells its answer from a later one's. */
    long sentAt() {
        return sentAt;
    }

    /** Whether it has been withdrawn and nothing is left to do. */
    boolean isOver() {
        return isWithdrawn && phase == Phase.STANDBY;
    }

    void withdraw() {
        isWithdrawn = true;
    }

    Optional<NodeIdentity> owner() {
        return seen == null || seen.released()
                ? Optional.empty()
                : Optional.of(seen.grant().node());
    }

    /** The table has been read, so that a role that wasn't seen is one that nobody has. */
    void tableRead(long now) {
        if (!isKnown) {
            isKnown = true;
            seenAt = seen == null ? now : seenAt;
        }
    }

    void observed(@Nullable LeaseEntry entry, long now) {
        if (entry == null) {
            if (seen != null) {
                seen = null;
                seenAt = now;
            }
        } else if (seen == null || entry.isNewerThan(seen)) {
            isOwnerGone &= seen != null && seen.epoch() == entry.epoch();
            seen = entry;
            seenAt = now;
            wasSeen = true;
        }
    }

    /**
     * To be called often: 20 times a second, and after each event.
     *
     * @param presence of the owner as last seen
     * @param isIdle whether the role, if this node has it, could move unnoticed
     */
    Step next(long now, Surroundings around, Presence presence, boolean isIdle) {
        boolean isStalled = hasStepped && now - steppedAt > times.stall();
        hasStepped = true;
        steppedAt = now;
        notice(presence, now);
        return switch (phase) {
            case STANDBY -> stand(now, around, presence);
            case TAKING -> {
                if (now - sentAt > 2 * times.answer()) {
                    phase = Phase.STANDBY;
                }
                yield NOTHING;
            }
            case OWNER -> own(now, around, isStalled, isIdle);
            case ENDING -> renew(now);
            case RELEASING -> isWaitingForAnswer(now) ? NOTHING : release(now);
        };
    }

    /** The table's answer to a change that was sent; returns the grant if there is a new one to serve. */
    Optional<Grant> answered(LeaseChange change, long changeSentAt, @Nullable LeaseEntry entry, long now) {
        if (changeSentAt == sentAt) {
            answerPending = false;
        }
        observed(entry, now);
        switch (change.kind()) {
            case TAKE -> {
                if (phase == Phase.TAKING && changeSentAt == sentAt) {
                    Grant granted = change.granted();
                    if (entry != null && !entry.released() && entry.grant().equals(granted)) {
                        phase = Phase.OWNER;
                        grant = granted;
                        renewedAt = changeSentAt;
                        balancedAt = now;
                        return Optional.of(granted);
                    }
                    phase = Phase.STANDBY;
                }
            }
            case RENEW -> {
                if (entry != null
                        && entry.grant().equals(change.grant())
                        && change.grant().equals(grant)) {
                    renewedAt = Math.max(renewedAt, changeSentAt);
                }
            }
            case RELEASE -> {
                if (phase == Phase.RELEASING) {
                    phase = Phase.STANDBY;
                    grant = null;
                }
            }
            case ASK -> {}
        }
        return Optional.empty();
    }

    /** A change that was sent may or may not have been carried out. */
    void failed(LeaseChange change, long changeSentAt) {
        if (changeSentAt != sentAt) {
            return;
        }
        answerPending = false;
        if (phase == Phase.TAKING && change.kind() == LeaseChange.Kind.TAKE) {
            phase = Phase.STANDBY;
        } else if (phase == Phase.RELEASING && change.kind() == LeaseChange.Kind.RELEASE) {
            // It runs out by itself.
            phase = Phase.STANDBY;
            grant = null;
        }
    }

    /** The grant isn't served any more; what to tell the table. */
    Step stopped(Grant stopped, long now) {
        if (phase == Phase.ENDING && stopped.equals(grant)) {
            phase = Phase.RELEASING;
            return release(now);
        }
        // It fenced itself. Nobody has to wait for the end of a lease that isn't used, if this can still be told.
        return new Step.Submit(LeaseChange.release(stopped, ""));
    }

    private void notice(Presence presence, long now) {
        boolean isGone = presence != Presence.MEMBER;
        if (isGone && !isOwnerGone) {
            ownerGoneAt = now;
        }
        isOwnerGone = isGone;
    }

    private Step stand(long now, Surroundings around, Presence presence) {
        isOut &= now < outUntil;
        if (isOut || isWithdrawn || !isKnown || !around.hasQuorum() || around.isDraining()) {
            return NOTHING;
        }
        if (now < freeAt(around, presence) + headOfOthers(around)) {
            return NOTHING;
        }
        phase = Phase.TAKING;
        return submit(LeaseChange.take(new Grant(role.name(), self, wallMillis.getAsLong()), seen), now);
    }

    /** When the role is known to have no owner any more. */
    private long freeAt(Surroundings around, Presence presence) {
        LeaseEntry entry = seen;
        if (entry == null) {
            // Where an owner exists, it puts a lost table right with its next renewal.
            return seenAt + (wasSeen ? times.expiry() : times.answer());
        }
        if (entry.released()) {
            boolean isForAnother = !entry.successor().equals(self.nodeId())
                    && around.candidates().contains(entry.successor());
            return seenAt + (isForAnother ? times.successorHead() : 0);
        }
        if (entry.grant().node().isSameAs(self)) {
            // It was granted, or left over, without being served here: an old grant is never continued.
            return seenAt;
        }
        return switch (presence) {
            case MEMBER -> seenAt + times.expiry();
            case GONE -> Math.max(ownerGoneAt, seenAt + times.silence());
            case DEAD -> ownerGoneAt;
        };
    }

    private long headOfOthers(Surroundings around) {
        if (seen != null && seen.released() && seen.successor().equals(self.nodeId())) {
            return 0;
        }
        List<String> preferred = role.preferredNodes();
        int rank = preferred.indexOf(self.nodeId());
        long before = preferred.stream()
                .limit(rank < 0 ? preferred.size() : rank)
                .filter(around.candidates()::contains)
                .count();
        long steps = 2 * before + (rank < 0 ? around.rolesOf(self.nodeId()) : 0);
        return Math.min(steps, MOST_STEPS_BEHIND) * times.step();
    }

    private Step own(long now, Surroundings around, boolean isStalled, boolean isIdle) {
        Grant mine = grant;
        if (mine == null) {
            throw new IllegalStateException("an owner without a grant");
        }
        if (isStalled) {
            return fence(mine, EndReason.STALLED, now);
        }
        if (!around.hasQuorum()) {
            return fence(mine, EndReason.QUORUM_LOST, now);
        }
        if (now - renewedAt > times.tolerance()) {
            return fence(mine, EndReason.NOT_RENEWED, now);
        }
        if (isOvertaken(mine)) {
            return fence(mine, EndReason.SUPERSEDED, now);
        }
        Optional<String> next = heir(now, around, isIdle);
        if (next.isPresent()) {
            phase = Phase.ENDING;
            successor = next.get();
            return new Step.End(mine, EndReason.HANDED_OVER);
        }
        return renew(now);
    }

    private boolean isOvertaken(Grant mine) {
        return seen != null && (seen.epoch() > mine.epoch() || (seen.epoch() == mine.epoch() && !seen.isHeldBy(self)));
    }

    private Step fence(Grant mine, EndReason reason, long now) {
        phase = Phase.STANDBY;
        grant = null;
        isOut = true;
        outUntil = now + times.backOff();
        return new Step.End(mine, reason);
    }

    /** Who is to have the role instead; the empty name for anyone. */
    private Optional<String> heir(long now, Surroundings around, boolean isIdle) {
        String asked = seen == null ? "" : seen.successor();
        if (!asked.isEmpty() && !asked.equals(self.nodeId())) {
            return Optional.of(asked);
        }
        if (isWithdrawn || (around.isDraining() && !around.candidates().isEmpty())) {
            return Optional.of("");
        }
        if (!isIdle || now - balancedAt < times.balance()) {
            return Optional.empty();
        }
        balancedAt = now;
        Optional<String> better =
                betterOwner(around).filter(node -> !node.equals(offeredTo) || now - offeredAt > OFFER_AGAIN_NANOS);
        better.ifPresent(node -> {
            offeredTo = node;
            offeredAt = now;
        });
        return better;
    }

    private Optional<String> betterOwner(Surroundings around) {
        for (String node : role.preferredNodes()) {
            if (node.equals(self.nodeId())) {
                return Optional.empty();
            }
            if (around.candidates().contains(node)) {
                return Optional.of(node);
            }
        }
        int mine = around.rolesOf(self.nodeId());
        return around.candidates().stream()
                .min(Comparator.comparingInt(around::rolesOf).thenComparing(Comparator.naturalOrder()))
                .filter(node -> mine - around.rolesOf(node) >= 2);
    }

    private Step renew(long now) {
        Grant mine = grant;
        if (mine == null || isWaitingForAnswer(now) || now - sentAt < times.renewal()) {
            return NOTHING;
        }
        return submit(LeaseChange.renew(mine), now);
    }

    private Step release(long now) {
        Grant mine = grant;
        if (mine == null) {
            phase = Phase.STANDBY;
            return NOTHING;
        }
        return submit(LeaseChange.release(mine, successor), now);
    }

    private Step submit(LeaseChange change, long now) {
        answerPending = true;
        sentAt = now;
        return new Step.Submit(change);
    }

    private boolean isWaitingForAnswer(long now) {
        return answerPending && now - sentAt < times.answer();
    }
}
