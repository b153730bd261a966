package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerCacheTest {
    private final AnswerCache cache = new AnswerCache();

    @Test
    void leastRecentlyUsedAnswerGivesWay() {
        for (int i = 0; i < AnswerCache.MAX_ENTRIES; i++) {
            cache.put("q" + i, NoOpinion.NO_OPINION, 1_000);
        }
        assertThat(cache.get("q0", 0)).isNotNull();

        cache.put("one more", NoOpinion.NO_OPINION, 1_000);

        assertThat(cache.size()).isEqualTo(AnswerCache.MAX_ENTRIES);
        assertThat(cache.get("q0", 0)).isNotNull();
        assertThat(cache.get("q1", 0)).isNull();
        assertThat(cache.get("one more", 0)).isNotNull();
    }

    @Test
    void answerIsForgottenOnceItHoldsNoLonger() {
        cache.put("a", NoOpinion.NO_OPINION, 10);
        cache.put("b", NoOpinion.NO_OPINION, 11);

        cache.sweep(10);

        assertThat(cache.size()).isEqualTo(1);
        assertThat(cache.get("b", 10)).isNotNull();
        assertThat(cache.get("b", 11)).isNull();
    }
}
