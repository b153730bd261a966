package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that guess: they have proved their address, so no cookie keeps them out, and each guess costs a derivation. */
@Timeout(60)
class RelayAbuseTest {
    private static final String SECRET = "correct horse battery";
    private static final int CALLERS = 300;
    private static final int BUDGET = 20;
    private static final int BAD_SECRET = 1010;
    private static final int OVERLOAD = 2402;

    private TestRelay relay;

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void guessesOfOneAddressAreBoundedAndCostNobodyElseAnything() {
        try (LoggedLines log = new LoggedLines("io.millrace.relay")) {
            relay = TestRelay.start(
                    "listeners[0].passphrase=" + SECRET,
                    "srt.latencyMillis=8000",
                    "limits.wrongPassphrasesPerMinute=" + BUDGET,
                    "limits.callersPerSecondPerAddress=" + CALLERS,
                    "limits.callerBurstPerAddress=" + CALLERS);
            TestCall publisher = relay.call("#!::r=live,m=publish", SECRET).opened();
            TestCall subscriber = relay.call("#!::r=live", SECRET).opened();
            TestCaller guesser = relay.caller();
            List<TestCall> guesses = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                guesses.add(guesser.call(relay.listener(), "#!::r=live", "guess number " + i));
                publisher.publish("payload ", i, i);
            }
            TestCall newcomer = relay.callerFrom("127.0.0.2").call(relay.listener(), "#!::r=live", SECRET);

            newcomer.opened();
            List<Integer> refusals = guesses.stream().map(TestCall::refusal).toList();
            // What is a guess too many is never tried; the budget fills up again by one in three seconds.
            assertThat(refusals).containsOnly(BAD_SECRET, OVERLOAD);
            assertThat(refusals.stream().filter(type -> type == BAD_SECRET)).hasSizeBetween(BUDGET, BUDGET + 20);
            assertThat(subscriber.texts(CALLERS)).isEqualTo(payloads());
            assertThat(relay.call("#!::r=live", SECRET).refusal()).isEqualTo(OVERLOAD);
            assertThat(publisher.isOpen()).isTrue();
            assertThat(log.lines()).hasSizeLessThan(20);
            assertThat(relay.attempts("?result=refused"))
                    .extracting(attempt -> attempt.getString("reason"))
                    .containsExactlyInAnyOrder("BAD_SECRET", "OVERLOAD");
        }
    }

    private static List<String> payloads() {
        return IntStream.range(0, CALLERS).mapToObj(i -> "payload " + i).toList();
    }
}
