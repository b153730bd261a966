package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WrongPassphraseBudgetTest {
    private long nowNanos = -5;
    private final WrongPassphraseBudget budget = new WrongPassphraseBudget(3, () -> nowNanos);

    @Test
    void addressMayTrySoManyAndThenOneMoreEachTimeThatItsShareOfAMinuteHasPassed() {
        assertThat(tries("192.0.2.1", 5)).isEqualTo(3);

        pass(19);
        assertThat(tries("192.0.2.1", 1)).isZero();
        pass(1);
        assertThat(tries("192.0.2.1", 2)).isEqualTo(1);
        pass(40);
        assertThat(tries("192.0.2.1", 5)).isEqualTo(2);
    }

    @Test
    void budgetGrowsNoFurtherThanItsSize() {
        tries("192.0.2.1", 1);
        pass(3_600);
        budget.giveBack(address("192.0.2.1"));

        assertThat(tries("192.0.2.1", 10)).isEqualTo(3);
    }

    @Test
    void whatIsGivenBackMayBeTriedAgain() {
        for (int i = 0; i < 100; i++) {
            assertThat(budget.take(address("192.0.2.1"))).isTrue();
            budget.giveBack(address("192.0.2.1"));
        }

        assertThat(tries("192.0.2.1", 10)).isEqualTo(3);
    }

    @Test
    void addressesHaveBudgetsOfTheirOwn() {
        tries("192.0.2.1", 3);

        assertThat(tries("192.0.2.2", 5)).isEqualTo(3);
        // The same bytes as 192.0.2.1, and yet another host.
        assertThat(tries("::c000:201", 5)).isEqualTo(3);
    }

    @Test
    void networkOfIpv6HasOneBudget() {
        assertThat(tries("2001:db8:0:1::1", 2)).isEqualTo(2);
        assertThat(tries("2001:db8:0:1:ffff:ffff:ffff:ffff", 2)).isEqualTo(1);

        assertThat(tries("2001:db8:0:2::1", 5)).isEqualTo(3);
    }

    @Test
    void addressThatWasNotHeardOfForLongestIsForgotten() {
        tries("192.0.2.1", 3);
        for (int i = 0; i < WrongPassphraseBudget.MAX_ADDRESSES - 1; i++) {
            tries("10.0." + (i >> 8) + '.' + (i & 0xFF), 1);
        }
        assertThat(tries("192.0.2.1", 1)).isZero();

        for (int i = 0; i < WrongPassphraseBudget.MAX_ADDRESSES; i++) {
            tries("10.1." + (i >> 8) + '.' + (i & 0xFF), 1);
        }
        assertThat(tries("192.0.2.1", 1)).isEqualTo(1);
    }

    private void pass(int seconds) {
        nowNanos += TimeUnit.SECONDS.toNanos(seconds);
    }

    /** How many of so many tries were allowed. */
    private long tries(String address, int count) {
        return IntStream.range(0, count)
                .filter(i -> budget.take(address(address)))
                .count();
    }

    private static InetAddress address(String literal) {
        return new InetSocketAddress(literal, 0).getAddress();
    }
}
