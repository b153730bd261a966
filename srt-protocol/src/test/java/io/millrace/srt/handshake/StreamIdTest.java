package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamIdTest {
    @Test
    void standardKeysAreRead() {
        StreamId streamId = StreamId.parse("#!::u=admin,r=live/cam1,h=example.com,s=1234,t=stream,m=publish");

        assertThat(streamId.user()).isEqualTo("admin");
        assertThat(streamId.resource()).isEqualTo("live/cam1");
        assertThat(streamId.host()).isEqualTo("example.com");
        assertThat(streamId.session()).isEqualTo("1234");
        assertThat(streamId.type()).isEqualTo("stream");
        assertThat(streamId.mode()).isEqualTo("publish");
    }

    @Test
    void anAbsentKeyIsNull() {
        StreamId streamId = StreamId.parse("#!::r=live/cam1");

        assertThat(streamId.user()).isNull();
        assertThat(streamId.mode()).isNull();
        assertThat(streamId.value("bmd_name")).isNull();
    }

    @Test
    void keysOfAnyNameAreKeptInTheirOrder() {
        StreamId streamId = StreamId.parse("#!::bmd_uuid=0a-1b,r=x,bmd_name=Blackmagic Web Presenter 4K,m=publish");

        assertThat(streamId.values())
                .containsExactly(
                        entry("bmd_uuid", "0a-1b"),
                        entry("r", "x"),
                        entry("bmd_name", "Blackmagic Web Presenter 4K"),
                        entry("m", "publish"));
    }

    @Test
    void aPairIsSplitAtItsFirstEqualsSign() {
        assertThat(StreamId.parse("#!::r=a=b==,m=publish").resource()).isEqualTo("a=b==");
    }

    @Test
    void ofAKeyThatComesTwiceTheFirstCounts() {
        assertThat(StreamId.parse("#!::r=first,r=second").resource()).isEqualTo("first");
    }

    @Test
    void spacesAreTrimmedFromKeysButNotFromValues() {
        assertThat(StreamId.parse("#!::r=cam 1 , m=publish").values())
                .containsExactly(entry("r", "cam 1 "), entry("m", "publish"));
    }

    @Test
    void oddPiecesCostNothing() {
        assertThat(StreamId.parse("#!::,r=x,,word,=y,m=publish,").values())
                .containsExactly(entry("r", "x"), entry("word", ""), entry("m", "publish"));
    }

    @Test
    void bracesAreOrdinaryCharactersInAFlatList() {
        assertThat(StreamId.parse("#!::r={x},m=publish").resource()).isEqualTo("{x}");
    }

    @Test
    void nestedKeysAreReachedByTheirPath() {
        StreamId streamId = StreamId.parse("#!:{r=live/cam1,auth={user=bob,key={id=7}},m=publish}");

        assertThat(streamId.values())
                .containsExactly(
                        entry("r", "live/cam1"),
                        entry("auth.user", "bob"),
                        entry("auth.key.id", "7"),
                        entry("m", "publish"));
    }

    @Test
    void aNestedListMayBeEmptyOrHaveOddPieces() {
        assertThat(StreamId.parse("#!:{}").values()).isEmpty();
        assertThat(StreamId.parse("#!:{,word,r=x,sub={},}").values())
                .containsExactly(entry("word", ""), entry("r", "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "live/cam1",
                "#!",
                "#!:",
                "#!:r=x",
                "!::r=x",
                " #!::r=x",
                "#!:{",
                "#!:{r=x",
                "#!:{r=",
                "#!:{r",
                "#!:{r=x,",
                "#!:{r=x}}",
                "#!:{r=x},m=publish",
                "#!:{sub={r=x}",
                "#!:{sub={r=x}y}"
            })
    void otherTextIsNotInTheSyntax(String text) {
        assertThat(StreamId.parse(text)).isNull();
    }

    @Test
    void moreThan512BytesAreRefused() {
        String longest = "#!::r=" + "x".repeat(StreamId.MAX_BYTES - 6);

        assertThat(StreamId.parse(longest)).isNotNull();
        assertThat(StreamId.parse(longest + 'x')).isNull();
        assertThat(StreamId.parse(longest.substring(1) + 'é')).isNull();
        assertThat(StreamId.parse("#!::r=" + "é".repeat(254))).isNull();
    }

    @Test
    void moreKeysThanAnybodyNeedsAreRefused() {
        assertThat(StreamId.parse("#!::" + pairs(StreamId.MAX_KEYS)).values()).hasSize(StreamId.MAX_KEYS);
        assertThat(StreamId.parse("#!::" + pairs(StreamId.MAX_KEYS + 1))).isNull();
        assertThat(StreamId.parse("#!:{" + pairs(StreamId.MAX_KEYS) + '}').values())
                .hasSize(StreamId.MAX_KEYS);
        assertThat(StreamId.parse("#!:{" + pairs(StreamId.MAX_KEYS + 1) + '}')).isNull();
    }

    @Test
    void deeperBlocksThanAnybodyNeedsAreRefused() {
        assertThat(StreamId.parse(nested(StreamId.MAX_DEPTH)).values()).containsValue("deep");
        assertThat(StreamId.parse(nested(StreamId.MAX_DEPTH + 1))).isNull();
        assertThat(StreamId.parse("#!:" + "{a=".repeat(160))).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatIsWrittenIsReadAgain(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            Map<String, String> values = randomValues(random);

            StreamId written = StreamId.of(values);
            StreamId read = StreamId.parse(written.text());

            assertThat(read).as(written.text()).isEqualTo(written).hasSameHashCodeAs(written);
            assertThat(read.values()).containsExactlyEntriesOf(values);
        }
    }

    @Test
    void whatTheSyntaxCannotExpressIsNotWritten() {
        for (String key : new String[] {"", "a,b", "a=b", " a"}) {
            assertThatIllegalArgumentException().as(key).isThrownBy(() -> StreamId.of(Map.of(key, "x")));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamId.of(Map.of("s", "se,cret")))
                .withMessageNotContaining("cret");
        assertThatIllegalArgumentException().isThrownBy(() -> StreamId.of(Map.of("r", "x".repeat(512))));
    }

    @Test
    void noValueIsInToString() {
        assertThat(StreamId.parse("#!::r=live/cam1,s=secret,x_token=hidden")).hasToString("StreamId[rs, 3 keys]");
    }

    private static String pairs(int count) {
        StringBuilder pairs = new StringBuilder("k0=");
        for (int i = 1; i < count; i++) {
            pairs.append(",k").append(i).append('=');
        }
        return pairs.toString();
    }

    private static String nested(int depth) {
        return "#!:" + "{a=".repeat(depth) + "deep" + "}".repeat(depth);
    }

    /** Up to 8 pairs of up to 10 characters, of 1 to 4 bytes each: never too long. */
    private static Map<String, String> randomValues(Random random) {
        Map<String, String> values = new LinkedHashMap<>();
        int count = random.nextInt(9);
        for (int i = 0; i < count; i++) {
            values.put(
                    i + randomText(random, 4, "abz_.-!:#{}é\uD83C\uDFA5"),
                    randomText(random, 10, "ab =/!:#{}%é語\uD83C\uDFA5"));
        }
        return values;
    }

    private static String randomText(Random random, int maxLength, String alphabet) {
        int[] characters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(maxLength + 1); length > 0; length--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }
}
