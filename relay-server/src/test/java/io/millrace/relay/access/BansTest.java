package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.SharedRecord;
import io.millrace.relay.access.Bans.Ban;
import io.millrace.relay.access.Bans.Target;
import io.millrace.relay.config.AddressRange;
import io.millrace.srt.handshake.RejectReason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers come from 192.0.2.1. */
class BansTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private final LocalCluster cluster = LocalCluster.alone(NodeIdentity.alone("here"));
    private final Bans bans = new Bans(() -> now, cluster.bans());

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,    -,    -,   true",
        "192.0.2.0/24, -,    -,   true",
        "192.0.2.2,    -,    -,   false",
        "-,            live, -,   true",
        "-,            liv,  -,   false",
        "-,            *,    -,   false",
        "-,            -,    bob, true",
        "-,            -,    eve, false",
        "192.0.2.1,    live, bob, true",
        "192.0.2.1,    live, eve, false",
        "192.0.2.2,    live, bob, false",
    })
    void callerIsBannedWhomAllFits(String address, String stream, String user, boolean banned) {
        bans.add(target(address, stream, user), MINUTE, null, "anna");

        assertThat(decision("#!::r=live,u=bob") instanceof Refusal).isEqualTo(banned);
    }

    @Test
    void callerWithoutAUserIsNotBannedByAName() {
        bans.add(target("-", "-", "bob"), MINUTE, null, "anna");

        assertThat(decision("#!::r=live")).isEqualTo(NoOpinion.NO_OPINION);
    }

    @Test
    void refusalSaysUntilWhenByWhomAndHowToLiftIt() {
        Ban ban = bans.add(target("192.0.2.1", "-", "-"), MINUTE, "floods", "anna")
                .orElseThrow();

        assertThat(decision("#!::r=live"))
                .isEqualTo(new Refusal(
                        RejectReason.FORBIDDEN,
                        "banned until 2026-01-01T12:01:00Z by anna, floods; DELETE /api/v1/bans/" + ban.id()
                                + " lifts it"));
    }

    @Test
    void banEndsByItself() {
        Ban ban = bans.add(target("192.0.2.1", "-", "-"), MINUTE, null, "anna").orElseThrow();
        now = now.plusSeconds(59);
        assertThat(decision("#!::r=live")).isInstanceOf(Refusal.class);

        now = now.plusSeconds(1);

        assertThat(decision("#!::r=live")).isEqualTo(NoOpinion.NO_OPINION);
        assertThat(bans.inForce()).isEmpty();
        assertThat(bans.lift(ban.id())).isEmpty();
    }

    @Test
    void banHoldsAtAllNodesUntilItIsLiftedAtOneOfThem() {
        Bans elsewhere = new Bans(
                () -> now, cluster.joinedBy(NodeIdentity.alone("there")).bans());
        Ban ban = bans.add(target("192.0.2.0/24", "live", "bob"), MINUTE, "floods", "anna")
                .orElseThrow();

        assertThat(TestRequests.decision(elsewhere, "#!::r=live,u=bob")).isInstanceOf(Refusal.class);
        assertThat(elsewhere.inForce()).containsExactly(ban);
        assertThat(elsewhere.lift(ban.id())).contains(ban);

        assertThat(decision("#!::r=live,u=bob")).isEqualTo(NoOpinion.NO_OPINION);
        assertThat(bans.inForce()).isEmpty();
        assertThat(bans.lift(ban.id())).isEmpty();
    }

    @Test
    void banThatCantBeReadHoldsForNobody() {
        cluster.bans().offer("7", new SharedRecord(1, "of another release", Long.MAX_VALUE));
        bans.add(target("192.0.2.1", "-", "-"), MINUTE, null, "anna");

        assertThat(decision("#!::r=live")).isInstanceOf(Refusal.class);
        assertThat(bans.inForce()).hasSize(1);
    }

    @Test
    void bansAreBoundedAndThoseThatEndedMakeRoom() {
        for (int i = 0; i < Bans.MAX_BANS; i++) {
            assertThat(bans.add(target("-", "-", "user" + i), MINUTE, null, "anna"))
                    .isPresent();
        }
        assertThat(bans.add(target("-", "-", "one more"), MINUTE, null, "anna")).isEmpty();

        now = now.plus(MINUTE);

        assertThat(bans.add(target("-", "-", "one more"), MINUTE, null, "anna"))
                .hasValueSatisfying(ban -> assertThat(bans.inForce()).containsExactly(ban));
    }

    @Test
    void nobodyBansEverybodyByMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Target(null, null, null));
    }

    private AccessDecision decision(String streamId) {
        return TestRequests.decision(bans, streamId);
    }

    private static Target target(String address, String stream, String user) {
        return new Target(
                address.equals("-") ? null : AddressRange.parse(address).orElseThrow(),
                stream.equals("-") ? null : stream,
                user.equals("-") ? null : user);
    }
}
