package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketIdsTest {
    private static final int ID_BITS = 30;

    private final SocketIds.Key key = new SocketIds.Key(new Random(7));

    @Test
    void permutationHitsNothingTwiceAndStaysInItsBits() {
        int[] values = new Random(1).ints(1_000_000, 0, 1 << ID_BITS).distinct().toArray();
        BitSet hit = new BitSet(1 << ID_BITS);
        int strayed = 0;
        int lost = 0;
        for (int value : values) {
            int encrypted = key.encrypt(value);
            strayed += encrypted >>> ID_BITS == 0 ? 0 : 1;
            lost += key.decrypt(encrypted) == value ? 0 : 1;
            hit.set(encrypted & (1 << ID_BITS) - 1);
        }

        assertThat(strayed).isZero();
        assertThat(lost).isZero();
        assertThat(hit.cardinality()).isEqualTo(values.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 255})
    void loopIsRecoveredFromEveryId(int loop) {
        SocketIds ids = new SocketIds(key, loop, -5);
        for (int i = 0; i < 10_000; i++) {
            int id = ids.getAsInt();
            assertThat(id).isBetween(0, (1 << ID_BITS) - 1);
            assertThat(SocketIds.loopOf(key, id)).isEqualTo(loop);
        }
    }

    @Test
    void idsOfOneLoopAreDistinctAndLookUnordered() {
        SocketIds ids = new SocketIds(key, 3, 0);
        BitSet seen = new BitSet(1 << ID_BITS);
        int rising = 0;
        int last = 0;
        for (int i = 0; i < 100_000; i++) {
            int id = ids.getAsInt();
            seen.set(id);
            rising += id > last ? 1 : 0;
            last = id;
        }

        assertThat(seen.cardinality()).isEqualTo(100_000);
        assertThat(rising).isBetween(45_000, 55_000);
    }

    @Test
    void otherKeysGiveOtherIds() {
        SocketIds.Key other = new SocketIds.Key(new Random(8));

        assertThat(new SocketIds(key, 0, 0).getAsInt()).isNotEqualTo(new SocketIds(other, 0, 0).getAsInt());
    }

    @Test
    void loopThatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SocketIds(key, SocketIds.MAX_LOOPS, 0));
    }
}
