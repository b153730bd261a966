package io.millrace.srt.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import io.millrace.srt.crypto.KeyRefresh.Event;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRefreshTest {
    private static final int WINDOW = 50;

    @Test
    void keysAreAnnouncedSwitchedAndRetiredByTheNumberOfPackets() {
        KeyRefresh refresh = new KeyRefresh(new RefreshPeriod(200, 60), WINDOW);

        assertThat(events(refresh, 0, 700))
                .containsExactly(
                        entry(140L, Event.ANNOUNCE),
                        entry(200L, Event.SWITCH),
                        entry(260L, Event.RETIRE),
                        entry(340L, Event.ANNOUNCE),
                        entry(400L, Event.SWITCH),
                        entry(460L, Event.RETIRE),
                        entry(540L, Event.ANNOUNCE),
                        entry(600L, Event.SWITCH),
                        entry(660L, Event.RETIRE));
    }

    @Test
    void byDefaultAKeyLastsTwoToTheTwentyFourthPackets() {
        KeyRefresh refresh = new KeyRefresh(RefreshPeriod.DEFAULT, 8192);
        int period = 1 << 24;

        assertThat(events(refresh, 0, period + 10_000))
                .containsExactly(
                        entry(period - 4096L, Event.ANNOUNCE),
                        entry((long) period, Event.SWITCH),
                        entry(period + 8192L, Event.RETIRE));
        assertThat(refresh.keyFlagsAt(period - 1)).isEqualTo(KeyFlags.ODD);
    }

    @Test
    void anOldKeyIsKeptAsLongAsTheWindowReachesBack() {
        KeyRefresh refresh = new KeyRefresh(new RefreshPeriod(200, 20), 100);

        assertThat(events(refresh, 0, 350)).containsEntry(300L, Event.RETIRE).doesNotContainKey(220L);
    }

    @Test
    void anOldKeyIsKeptNoLongerThanUntilTheNextIsAnnounced() {
        KeyRefresh refresh = new KeyRefresh(new RefreshPeriod(200, 20), 1000);

        assertThat(events(refresh, 0, 400))
                .containsExactly(entry(180L, Event.ANNOUNCE), entry(200L, Event.SWITCH), entry(380L, Event.ANNOUNCE));
        assertThat(refresh.keyFlagsAt(199)).isEqualTo(KeyFlags.ODD);
    }

    @Test
    void aPacketKeepsTheKeyThatWasCurrentAtItsTurn() {
        KeyRefresh refresh = new KeyRefresh(new RefreshPeriod(200, 60), WINDOW);
        for (long offset = 0; offset < 10_000; offset++) {
            refresh.beforeFirst(offset);
            for (long earlier = offset; earlier >= Math.max(0, offset - WINDOW); earlier--) {
                assertThat(refresh.keyFlagsAt(earlier))
                        .isEqualTo(earlier / 200 % 2 == 0 ? KeyFlags.EVEN : KeyFlags.ODD);
            }
        }
    }

    /** The other place is taken by the next key then, which the peer must not be asked to use yet. */
    @ParameterizedTest
    @CsvSource({"259, 199, 1", "259, 0, 1", "260, 199, 2", "339, 199, 2", "340, 199, 2", "400, 199, 1", "400, 200, 2"})
    void aPacketOlderThanTheOldKeyGoesByTheCurrentOne(long newest, long offset, int keyFlags) {
        KeyRefresh refresh = new KeyRefresh(new RefreshPeriod(200, 60), WINDOW);
        events(refresh, 0, newest + 1);

        assertThat(refresh.keyFlagsAt(offset)).isEqualTo(keyFlags);
    }

    @Test
    void skippedPacketsDoNotShortenTheAnnouncement() {
        KeyRefresh refresh = new KeyRefresh(new RefreshPeriod(200, 60), WINDOW);
        Map<Long, Event> events = events(refresh, 0, 100);

        events.putAll(events(refresh, 1_000_000, 1_000_200));

        assertThat(events)
                .containsExactly(
                        entry(1_000_040L, Event.ANNOUNCE),
                        entry(1_000_100L, Event.SWITCH),
                        entry(1_000_160L, Event.RETIRE));
        KeyRefresh other = new KeyRefresh(new RefreshPeriod(200, 60), WINDOW);
        events(other, 0, 100);
        events(other, 1_000_000, 1_000_110);
        assertThat(other.keyFlagsAt(1_000_099)).isEqualTo(KeyFlags.EVEN);
        assertThat(other.keyFlagsAt(1_000_100)).isEqualTo(KeyFlags.ODD);
        assertThat(other.keyFlagsAt(500_000)).isEqualTo(KeyFlags.EVEN);
    }

    @Test
    void aRenewedKeyIsUsedForTheNextNewPacket() {
        KeyRefresh refresh = new KeyRefresh(new RefreshPeriod(200, 60), WINDOW);
        refresh.renew();

        assertThat(events(refresh, 0, 200)).containsExactly(entry(0L, Event.SWITCH), entry(140L, Event.ANNOUNCE));
        assertThat(refresh.keyFlagsAt(0)).isEqualTo(KeyFlags.ODD);
    }

    /** A sender may skip packets, and then find one before them that is still in time. */
    @Test
    void onceRenewedNoPacketGoesByTheFirstKeyAnyMore() {
        KeyRefresh refresh = new KeyRefresh(new RefreshPeriod(200, 60), WINDOW);
        refresh.renew();

        assertThat(refresh.keyFlagsAt(3)).isEqualTo(KeyFlags.ODD);
        refresh.beforeFirst(7);
        assertThat(refresh.keyFlagsAt(3)).isEqualTo(KeyFlags.ODD);
        assertThat(refresh.keyFlagsAt(7)).isEqualTo(KeyFlags.ODD);
    }

    @Test
    void renewalLeavesTheKeyToPacketsThatWereSentByIt() {
        KeyRefresh refresh = new KeyRefresh(new RefreshPeriod(200, 60), WINDOW);
        events(refresh, 0, 20);
        refresh.renew();

        assertThat(refresh.keyFlagsAt(19)).isEqualTo(KeyFlags.EVEN);
        assertThat(refresh.beforeFirst(20)).isEqualTo(Event.SWITCH);
        assertThat(refresh.keyFlagsAt(19)).isEqualTo(KeyFlags.EVEN);
        assertThat(refresh.keyFlagsAt(20)).isEqualTo(KeyFlags.ODD);
    }

    @ParameterizedTest
    @CsvSource({"16777216, 4096", "8193, 4096", "8192, 4095", "200, 99", "3, 1"})
    void theAnnouncementComesAtMostHalfAPeriodBefore(long packets, long preAnnounce) {
        assertThat(RefreshPeriod.ofPackets(packets)).isEqualTo(new RefreshPeriod(packets, preAnnounce));
    }

    @ParameterizedTest
    @CsvSource({"200, 100", "200, 0", "200, -1", "2, 1", "0, 0", "1073741825, 4096"})
    void senselessPeriodsAreRefused(long packets, long preAnnounce) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RefreshPeriod(packets, preAnnounce));
    }

    /** What happens before the packets from {@code first} to {@code end}, without the latter. */
    private static Map<Long, Event> events(KeyRefresh refresh, long first, long end) {
        Map<Long, Event> events = new TreeMap<>();
        for (long offset = first; offset < end; offset++) {
            Event event = refresh.beforeFirst(offset);
            if (event != Event.NONE) {
                events.put(offset, event);
            }
        }
        return events;
    }
}
