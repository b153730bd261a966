package io.millrace.relay.access;

import static io.millrace.relay.access.StreamRequest.Mode.PUBLISH;
import static io.millrace.relay.access.StreamRequest.Mode.REQUEST;
import static io.millrace.srt.handshake.RejectReason.FORBIDDEN;
import static io.millrace.srt.handshake.RejectReason.INTERNAL_SERVER_ERROR;
import static io.millrace.srt.handshake.RejectReason.UNAUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.LoggedLines;
import io.millrace.relay.TestConfig;
import io.millrace.relay.config.AccessLimitsConfig;
import io.millrace.relay.config.AccessRuleConfig;
import io.millrace.relay.config.AccessRuleConfig.Action;
import io.millrace.relay.config.Glob;
import io.millrace.relay.config.JoinMode;
import io.millrace.relay.config.SecretReference;
import io.millrace.srt.crypto.Passphrase;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {
    @TempDir
    Path directory;

    private final AtomicLong clockNanos = new AtomicLong();

    @Test
    void withoutARuleThatFitsThereIsNoOpinion() {
        assertThat(decision(rules(), caller("live", PUBLISH))).isEqualTo(NoOpinion.NO_OPINION);
        assertThat(decision(rules("0.name=a", "0.stream=other"), caller("live", PUBLISH)))
                .isEqualTo(NoOpinion.NO_OPINION);
    }

    @Test
    void ruleGrantsWhatWasAskedForWithItsPassphraseAndLimits() {
        AccessRules rules = rules(
                "0.name=studio",
                "0.passphrase=correct horse",
                "0.join=next",
                "0.limits.subscribers=1",
                "0.limits.bitRate=2",
                "0.limits.durationSeconds=3",
                "0.limits.latencyMillis=4");

        Grant grant = (Grant) decision(rules, caller("live/a", PUBLISH));

        assertThat(grant.source()).isEqualTo("rule \"studio\"");
        assertThat(grant.stream()).isEqualTo("live/a");
        assertThat(grant.passphrase()).isEqualTo(Passphrase.of("correct horse"));
        assertThat(grant.join()).isEqualTo(JoinMode.NEXT);
        assertThat(grant.limits()).isEqualTo(new GrantLimits(1, 2, 3, 4));
        grant.release().run();
    }

    @Test
    void ruleWithoutPassphraseLeavesTheListenersOwn() {
        Grant grant = (Grant) decision(rules("0.name=a"), caller("live", PUBLISH));

        assertThat(grant.passphrase()).isNull();
        assertThat(grant.limits()).isEqualTo(GrantLimits.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "listener=main, true",
        "listener=second, false",
        "action=publish, true",
        "action=request, false",
        "action=any, true",
        "stream=live/*, true",
        "stream=live, false",
        "user=an*, true",
        "user=bob, false",
        "address[0]=192.0.2.0/24, true",
        "address[0]=198.51.100.0/24, false",
    })
    void ruleSpeaksAboutTheCallersThatFitEveryKey(String key, boolean fits) {
        AccessRequest caller = caller("live/a", PUBLISH, "anna", null, "192.0.2.7");

        AccessDecision decision = decision(rules("0.name=a", "0." + key), caller);

        assertThat(decision).isInstanceOf(fits ? Grant.class : NoOpinion.class);
    }

    @Test
    void ruleForUsersDoesNotSpeakAboutCallersWithoutAName() {
        AccessRequest nameless = caller("live", PUBLISH, null, null, "192.0.2.7");

        assertThat(decision(rules("0.name=a", "0.user=**"), nameless)).isEqualTo(NoOpinion.NO_OPINION);
        assertThat(decision(rules("0.name=a"), nameless)).isInstanceOf(Grant.class);
    }

    @Test
    void firstRuleThatFitsDecides() {
        AccessRules rules = rules(
                "0.name=intruder",
                "0.address[0]=192.0.2.66",
                "0.allow=false",
                "1.name=all",
                "2.name=none",
                "2.allow=false");

        Refusal refusal = (Refusal) decision(rules, caller("live", PUBLISH, null, null, "192.0.2.66"));
        assertThat(refusal.reason()).isEqualTo(FORBIDDEN);
        assertThat(refusal.explanation())
                .isEqualTo("rule \"intruder\" refuses this caller: if it may come in, allow it by a rule before that"
                        + " one");
        assertThat(decision(rules, caller("live", PUBLISH)))
                .isInstanceOfSatisfying(
                        Grant.class, grant -> assertThat(grant.source()).isEqualTo("rule \"all\""));
    }

    @Test
    void passwordOpensTheRuleThatItBelongsTo() {
        AccessRules rules = rules("0.name=anna", "0.password=first", "1.name=bob", "1.password=s\u00e9cond");

        assertThat(source(decision(rules, withPassword("first")))).isEqualTo("rule \"anna\"");
        assertThat(source(decision(rules, withPassword("s\u00e9cond")))).isEqualTo("rule \"bob\"");
    }

    @Test
    void callerWithoutTheRightPasswordIsLeftToTheRulesThatFollow() {
        AccessRules rules = rules("0.name=anna", "0.password=first", "1.name=guests", "1.action=request");

        assertThat(source(decision(rules, caller("live", REQUEST)))).isEqualTo("rule \"guests\"");
    }

    @Test
    void callerWithoutTheRightPasswordIsToldSoWhereNothingFollows() {
        AccessRules rules = rules("0.name=anna", "0.password=first", "1.name=bob", "1.password=second");

        assertThat(decision(rules, withPassword("third")))
                .isEqualTo(new Refusal(
                        UNAUTHORIZED,
                        "the caller's password is not that of rule \"anna\": correct s= in its stream id"));
        assertThat(decision(rules, withPassword(null)))
                .isEqualTo(new Refusal(
                        UNAUTHORIZED,
                        "rule \"anna\" wants a password, and the caller sent none: add s=PASSWORD to its stream id"));
    }

    @Test
    void denialNamesTheRuleWhosePasswordWouldHaveHelped() {
        AccessRules rules = rules("0.name=anna", "0.password=first", "1.name=rest", "1.allow=false");

        Refusal refusal = (Refusal) decision(rules, withPassword("third"));

        assertThat(refusal.reason()).isEqualTo(FORBIDDEN);
        assertThat(refusal.explanation())
                .startsWith("rule \"rest\" refuses this caller")
                .endsWith("; rule \"anna\" before it allows callers who send its password");
    }

    @Test
    void passphraseIsMadeAnewOnlyWhenItsFileChanges() throws Exception {
        Path file = Files.writeString(directory.resolve("passphrase"), "correct horse\n");
        AccessRules rules = rules("0.name=a", "0.passphrase=file:" + file);

        Passphrase first = ((Grant) decision(rules, caller("live", PUBLISH))).passphrase();
        Passphrase again = ((Grant) decision(rules, caller("live", PUBLISH))).passphrase();
        Files.writeString(file, "battery staple\n");
        Passphrase changed = ((Grant) decision(rules, caller("live", PUBLISH))).passphrase();

        assertThat(again).isSameAs(first).isEqualTo(Passphrase.of("correct horse"));
        assertThat(changed).isEqualTo(Passphrase.of("battery staple"));
    }

    @Test
    void secretThatHasBecomeUnusableRefusesAndIsLoggedOnceAMinute() throws Exception {
        Path file = Files.writeString(directory.resolve("passphrase"), "correct horse\n");
        AccessRules rules = rules("0.name=free", "0.stream=free", "1.name=studio", "1.passphrase=file:" + file);
        Files.writeString(file, "horse\n");

        try (LoggedLines logged = new LoggedLines(SecretFaults.class.getName())) {
            for (int i = 0; i < 100; i++) {
                assertThat(decision(rules, caller("live", PUBLISH)))
                        .isEqualTo(new Refusal(
                                INTERNAL_SERVER_ERROR,
                                "the passphrase of rule \"studio\" can't be used, see the log: mend what"
                                        + " access.rules[1].passphrase refers to"));
            }
            assertThat(logged.lines())
                    .containsExactly("access.rules[1].passphrase can't be used: file:" + file
                            + ": a passphrase has 10 to 79 bytes, not 5; callers that need it don't get in by it");
            clockNanos.addAndGet(60_000_000_000L);
            decision(rules, caller("live", PUBLISH));
            assertThat(logged.lines()).hasSize(2);
        }
        assertThat(decision(rules, caller("free", PUBLISH))).isInstanceOf(Grant.class);
    }

    @Test
    void passwordThatCannotBeReadRefusesToo() {
        // As a configuration never is that was loaded: it has read every file once.
        SecretReference missing = SecretReference.of("file:" + directory.resolve("nothing"));
        AccessRuleConfig rule = new AccessRuleConfig(
                "a",
                null,
                Action.ANY,
                Glob.EVERYTHING,
                null,
                List.of(),
                true,
                null,
                missing,
                null,
                AccessLimitsConfig.NONE);
        AccessRules rules = new AccessRules(List.of(rule), new SecretFaults(clockNanos::get));

        try (LoggedLines logged = new LoggedLines(SecretFaults.class.getName())) {
            assertThat(decision(rules, withPassword("secret")))
                    .isEqualTo(new Refusal(
                            INTERNAL_SERVER_ERROR,
                            "the password of rule \"a\" can't be used, see the log: mend what access.rules[0].password"
                                    + " refers to"));
            assertThat(logged.lines())
                    .singleElement()
                    .asString()
                    .startsWith("access.rules[0].password can't be used: ");
        }
    }

    private static String source(AccessDecision decision) {
        return ((Grant) decision).source();
    }

    private static AccessDecision decision(AccessRules rules, AccessRequest caller) {
        return rules.decide(caller).result();
    }

    /** @param settings keys of the rules, each with the rule's number */
    private AccessRules rules(String... settings) {
        Stream<String> all = Stream.of(settings).map(setting -> {
            int dot = setting.indexOf('.');
            return "access.rules[" + setting.substring(0, dot) + "]" + setting.substring(dot);
        });
        Stream<String> listeners = Stream.of("listeners[1].name=second", "listeners[1].port=0");
        String[] keys = Stream.concat(listeners, all).toArray(String[]::new);
        return new AccessRules(TestConfig.of(keys).access().rules(), new SecretFaults(clockNanos::get));
    }

    private static AccessRequest withPassword(@Nullable String password) {
        return caller("live", PUBLISH, null, password, "192.0.2.7");
    }

    private static AccessRequest caller(String stream, StreamRequest.Mode mode) {
        return caller(stream, mode, null, null, "192.0.2.7");
    }

    private static AccessRequest caller(
            String stream, StreamRequest.Mode mode, @Nullable String user, @Nullable String password, String address) {
        return new AccessRequest(
                "main",
                new StreamRequest(stream, mode, user, null, password, Map.of()),
                new InetSocketAddress(address, 5000),
                new InetSocketAddress("192.0.2.1", 8890),
                false,
                "1.5.4");
    }
}
