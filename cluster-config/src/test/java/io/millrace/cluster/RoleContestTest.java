package io.millrace.cluster;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.RoleContest.Step;
import io.millrace.cluster.RoleLeases.EndReason;
import io.millrace.cluster.RoleLeases.Grant;
import io.millrace.cluster.RoleLeases.Role;
import io.millrace.cluster.Surroundings.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of a lease, in virtual time: 25 ms a step. */
class RoleContestTest {
    private static final long STEP_MILLIS = 25;

    private final List<Candidate> candidates = new ArrayList<>();
    private @Nullable LeaseEntry table;
    private long nowMillis = 1_000_000;

    /** A node and what it sees; the table is shared unless the node is cut off. */
    private final class Candidate {
        final NodeIdentity self;
        final RoleContest contest;
        // Clocks of nodes have nothing in common.
        final long clockOffsetMillis;
        final List<String> events = new ArrayList<>();
        boolean isCutOff;
        boolean isDead;
        boolean isIdle;
        boolean isDraining;
        boolean hasQuorum = true;
        boolean isServing;
        Presence ownerPresence = Presence.MEMBER;
        List<String> others = List.of();
        Map<String, Integer> rolesByNode = Map.of();

        Candidate(String nodeId, long clockOffsetMillis, String... preferred) {
            self = NodeIdentity.alone(nodeId);
            this.clockOffsetMillis = clockOffsetMillis;
            contest = new RoleContest(
                    new Role("main", List.of(preferred)), self, LeaseTimes.MEASURED, () -> nowMillis / 10);
            contest.tableRead(now());
            candidates.add(this);
        }

        long now() {
            return MILLISECONDS.toNanos(nowMillis + clockOffsetMillis);
        }

        void step() {
            if (!isDead) {
                if (!isCutOff) {
                    contest.observed(table, now());
                }
                carryOut(contest.next(
                        now(), new Surroundings(hasQuorum, isDraining, others, rolesByNode), ownerPresence, isIdle));
            }
        }

        void carryOut(Step step) {
            if (step instanceof Step.Submit submit) {
                long sentAt = contest.sentAt();
                if (isCutOff) {
                    contest.failed(submit.change(), sentAt);
                    return;
                }
                table = submit.change().applyTo(table);
                contest.answered(submit.change(), sentAt, table, now()).ifPresent(grant -> {
                    isServing = true;
                    events.add("granted");
                });
            } else if (step instanceof Step.End end) {
                isServing = false;
                events.add(end.reason().toString());
                carryOut(contest.stopped(end.grant(), now()));
            }
        }
    }

    private void run(long millis) {
        for (long until = nowMillis + millis; nowMillis < until; nowMillis += STEP_MILLIS) {
            candidates.forEach(Candidate::step);
            assertThat(candidates).filteredOn(candidate -> candidate.isServing).hasSizeLessThanOrEqualTo(1);
        }
    }

    /** How long until the candidate serves. */
    private long millisUntilServing(Candidate candidate) {
        long begin = nowMillis;
        while (!candidate.isServing && nowMillis - begin < 60_000) {
            run(STEP_MILLIS);
        }
        return nowMillis - begin;
    }

    @Test
    void roleThatNobodyHasIsTakenByOneAndStaysThere() {
        Candidate a = new Candidate("a", 0);
        Candidate b = new Candidate("b", 77_000);
        run(60_000);

        assertThat(List.of(a.events, b.events)).containsExactlyInAnyOrder(List.of("granted"), List.of());
    }

    @Test
    void preferredNodeIsFirst() {
        Candidate b = new Candidate("b", 0, "a");
        b.others = List.of("a");
        Candidate a = new Candidate("a", 0, "a");
        run(10_000);

        assertThat(a.isServing).isTrue();
        assertThat(b.events).isEmpty();
    }

    @Test
    void deadOwnerIsReplacedAtOnce() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        Candidate b = new Candidate("b", -5_000);
        run(5_000);
        a.isDead = true;
        a.isServing = false;
        b.ownerPresence = Presence.DEAD;

        assertThat(millisUntilServing(b)).isLessThanOrEqualTo(100);
    }

    @Test
    void ownerThatIsCutOffHasStoppedWellBeforeItIsReplaced() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        Candidate b = new Candidate("b", 123_456);
        run(5_000);

        a.isCutOff = true;
        run(2_500);
        a.hasQuorum = false;
        b.ownerPresence = Presence.GONE;
        run(STEP_MILLIS);
        assertThat(a.isServing).isFalse();
        assertThat(b.isServing).isFalse();
        assertThat(a.events).containsExactly("granted", "QUORUM_LOST");

        assertThat(2_500 + millisUntilServing(b)).isBetween(2_900L, 3_600L);
    }

    @Test
    void ownerWhoseRenewalsFailWhileItHearsTheOthersStopsBeforeItsLeaseEnds() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        Candidate b = new Candidate("b", 0);
        run(5_000);

        a.isCutOff = true;

        assertThat(millisUntilServing(b)).isBetween(5_500L, 6_700L);
        assertThat(a.events).containsExactly("granted", "NOT_RENEWED");
    }

    @Test
    void shortFailureOfRenewalsIsBorne() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        Candidate b = new Candidate("b", 0);
        run(5_000);

        a.isCutOff = true;
        run(3_500);
        a.isCutOff = false;
        run(20_000);

        assertThat(a.events).containsExactly("granted");
        assertThat(b.events).isEmpty();
    }

    @Test
    void ownerThatFencedItselfStaysOutAndThenTakesANewGrantOnly() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        long epoch = table.epoch();
        run(5_000);
        a.isCutOff = true;
        a.hasQuorum = false;
        run(100);
        a.isCutOff = false;
        a.hasQuorum = true;
        run(7_500);
        assertThat(a.isServing).isFalse();

        run(1_000);
        assertThat(a.isServing).isTrue();
        assertThat(table.epoch()).isGreaterThan(epoch);
    }

    @Test
    void processThatStoodStillDoesNotGoOnServing() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        nowMillis += 2_600;
        run(STEP_MILLIS);

        assertThat(a.events).containsExactly("granted", "STALLED");
    }

    @Test
    void laterGrantOfAnotherNodeEndsThisOne() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        Grant other = new Grant("main", NodeIdentity.alone("b"), table.epoch() + 1);
        table = new LeaseEntry(other, 0, false, "");
        run(STEP_MILLIS);

        assertThat(a.events).containsExactly("granted", EndReason.SUPERSEDED.toString());
    }

    @Test
    void handOverGoesToTheOneAskedForWhileOthersWait() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        Candidate b = new Candidate("b", 0);
        Candidate c = new Candidate("c", 0);
        candidates.forEach(candidate -> candidate.others = List.of("a", "b", "c"));
        run(5_000);
        table = LeaseChange.ask(table.grant(), "c").applyTo(table);

        assertThat(millisUntilServing(c)).isLessThanOrEqualTo(100);
        assertThat(a.events).containsExactly("granted", "HANDED_OVER");
        assertThat(b.events).isEmpty();
    }

    @Test
    void successorThatDoesNotComeIsNotWaitedForLong() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        Candidate b = new Candidate("b", 0);
        candidates.forEach(candidate -> candidate.others = List.of("a", "b", "ghost"));
        run(5_000);
        a.contest.withdraw();
        table = LeaseChange.ask(table.grant(), "ghost").applyTo(table);

        assertThat(millisUntilServing(b)).isBetween(900L, 1_500L);
    }

    @Test
    void preferredNodeThatComesBackGetsItsRoleWhenItIsIdleOnly() {
        Candidate b = new Candidate("b", 0, "a");
        millisUntilServing(b);
        Candidate a = new Candidate("a", 0, "a");
        b.others = List.of("a");
        a.others = List.of("b");
        run(20_000);
        assertThat(b.isServing).isTrue();

        b.isIdle = true;
        assertThat(millisUntilServing(a)).isLessThanOrEqualTo(2_500);
        a.isIdle = true;
        run(20_000);
        assertThat(b.events).containsExactly("granted", "HANDED_OVER");
    }

    @Test
    void idleRoleMovesFromANodeWithManyToOneWithNone() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        Candidate b = new Candidate("b", 0);
        candidates.forEach(candidate -> candidate.rolesByNode = Map.of("a", 2));
        a.others = List.of("b");
        b.others = List.of("a");
        run(5_000);
        assertThat(b.isServing).isFalse();

        a.isIdle = true;
        assertThat(millisUntilServing(b)).isLessThanOrEqualTo(2_500);
    }

    @Test
    void drainingNodeHandsOverOnceSomebodyElseIsThere() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        a.isDraining = true;
        run(5_000);
        assertThat(a.isServing).isTrue();

        Candidate b = new Candidate("b", 0);
        a.others = List.of("b");
        assertThat(millisUntilServing(b)).isLessThanOrEqualTo(1_100);
        run(5_000);
        assertThat(a.events).containsExactly("granted", "HANDED_OVER");
    }

    @Test
    void ownerPutsALostTableRightBeforeAnyoneElseTakesTheRole() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        Candidate b = new Candidate("b", 0);
        run(5_000);
        table = null;
        run(20_000);

        assertThat(a.events).containsExactly("granted");
        assertThat(b.events).isEmpty();
        assertThat(table).isNotNull();
    }

    @Test
    void withdrawnCandidateIsOverWhenItGaveTheRoleBack() {
        Candidate a = new Candidate("a", 0);
        millisUntilServing(a);
        a.contest.withdraw();
        run(100);

        assertThat(a.contest.isOver()).isTrue();
        assertThat(table.released()).isTrue();
    }
}
