package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What editors are told about the configuration file. */
class ConfigurationSchemaTest {
    private static final Path FILE = Path.of("..", "conf", "millrace.schema.json");
    private static final Path DEFAULTS = Path.of("..", "conf", "millrace.yaml");

    /** Wrong files of {@link ConfigurationErrorsTest} with which nothing is wrong that a schema could see. */
    private static final List<String> ONLY_THE_RELAY_SEES = List.of(
            // How a number is written.
            "http: {port: 0x50}",
            "http: {port: 0120}",
            "native: yes",
            // What a text means.
            "max+60001",
            "::2::3",
            "192.0.2.7/24",
            "a/../b",
            "/live/*",
            "%nowhere",
            "http://a:70000/",
            "http://u:pass@a/",
            "http://a:b@c/",
            "BEGIN P",
            // What is elsewhere.
            "file:/none",
            "env:MILLRACE_HAS_NO_SUCH",
            // How keys and entries fit each other.
            "name: a\n  - name: a",
            "name: a\n    - name: a",
            "- port: 1\n  - port: 2",
            "host: \"0:0::1\"",
            "withoutStreamId: [{stream: s}]",
            "{address: 192.0.2.7, passphrase:",
            "passphrase: 0123456789, stream: s}, ",
            "listener: c}",
            "allow: false",
            "algorithms: []",
            "algorithms: [ES256]",
            "algorithms: [HS256]",
            "key: 0123456789abcdef0123456789abcdef");

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void shippedFileIsWhatTheBindingSays() throws Exception {
        assertThat(Files.readString(FILE))
                .as("to renew it: millrace check --schema > conf/millrace.schema.json")
                .isEqualTo(ConfigurationSchema.text());
    }

    @Test
    void itIsAValidSchemaOfItsDraft() throws Exception {
        JsonSchema draft = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(draft.validate(JSON.readTree(ConfigurationSchema.text()))).isEmpty();
    }

    @Test
    void defaultFileIsValid() throws Exception {
        assertThat(SchemaCheck.complaints(Files.readString(DEFAULTS))).isEmpty();
        assertThat(Files.readAllLines(DEFAULTS).get(0))
                .isEqualTo("# yaml-language-server: $schema=" + FILE.getFileName());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "log:\nsrt:\n  # mss: 1400\nlisteners:\n",
                "listeners: [{name: 007, stream: 1.5, passphrase: 1234567890, deny: [\"::/0\", 192.0.2.0/24], allow: }]",
                "listeners: [{withoutStreamId: [{address: 192.0.2.17, stream: true}, {passphrase: correct horse, stream: s}]}]",
                "access: {rules: [{name: crew, user: \"*\", stream: live/**, limits: {bitRate: 20000000}}], order: []}",
                "access: {webhook: {url: \"HTTPS://[::1]:8443/ask?key=x\", secret: \"grüße aus der regie\"}}",
                "access: {jwt: {key: 0123456789abcdef0123456789abcdef, streamIdKey: rm, algorithms: [EdDSA, HS256]}}",
                "streams: {latency: max+60000}\nlog: {format: json}\nsrt: {flowWindowPackets: 131072, maxBandwidth: -1}",
            })
    void fileThatLoadsIsValid(String yaml) throws Exception {
        YamlText.load(yaml);

        assertThat(SchemaCheck.complaints(yaml)).isEmpty();
    }

    @Test
    void secretMayBeAReferenceWhateverItsLength() {
        assertThat(SchemaCheck.complaints("listeners: [{passphrase: \"env:P\"}]"))
                .isEmpty();
        assertThat(SchemaCheck.complaints("access: {jwt: {key: \"file:/k\"}}")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void fileThatIsWrongIsNotValidUnlessOnlyTheRelayCanSeeIt(String yaml) {
        assertThatThrownBy(() -> YamlText.load(yaml)).isInstanceOf(ConfigurationException.class);

        boolean excepted = ONLY_THE_RELAY_SEES.stream().anyMatch(yaml::contains);
        assertThat(SchemaCheck.complaints(yaml).isEmpty()).as(yaml).isEqualTo(excepted);
    }

    static Stream<String> wrongFiles() {
        Stream<Object[]> files = Stream.of(
                        ConfigurationErrorsTest.wrongFiles(),
                        ConfigurationErrorsTest.wrongWebhooks(),
                        ConfigurationErrorsTest.wrongListeners(),
                        ConfigurationErrorsTest.wrongAccess())
                .flatMap(several -> several)
                .map(arguments -> arguments.get());
        Stream<String> tokens = ConfigurationErrorsTest.wrongTokenSettings()
                .map(arguments -> "access: {jwt: {" + arguments.get()[0] + "}}");
        Stream<String> unknown = Stream.of("srt: {latencyMilis: 1}", "port: 1", "access: {rules: [{name: a, x: 1}]}");
        return Stream.of(files.map(arguments -> (String) arguments[0]), tokens, unknown)
                .flatMap(several -> several);
    }

    @Test
    void everyKeyHasADescriptionAndEveryOtherOneADefault() throws Exception {
        List<String> keys = new ArrayList<>();
        collect("", JSON.readTree(ConfigurationSchema.text()), keys);

        assertThat(keys)
                .contains(
                        "srt.latencyMillis",
                        "listeners.withoutStreamId.address",
                        "access.rules.password",
                        "access.rules.limits.bitRate")
                .hasSameElementsAs(KeyComments.of(Files.readString(DEFAULTS)).keySet());
    }

    private static void collect(String path, JsonNode schema, List<String> keys) {
        schema.path("items").path("properties").fields().forEachRemaining(field -> collect(path, field, keys));
        schema.path("properties").fields().forEachRemaining(field -> collect(path, field, keys));
    }

    private static void collect(String path, Map.Entry<String, JsonNode> field, List<String> keys) {
        String key = Section.child(path, field.getKey());
        keys.add(key);
        assertThat(field.getValue().path("description").asText())
                .as(key)
                .isNotEmpty()
                .doesNotContain("  ");
        collect(key, field.getValue(), keys);
    }

    @Test
    void descriptionOfAKeyIsItsWholeComment() throws Exception {
        JsonNode rules = JSON.readTree(ConfigurationSchema.text()).at("/properties/access/properties/rules");

        assertThat(rules.at("/description").asText())
                .isEqualTo("The rules, as a list: the first one that fits a caller decides."
                        + " Every key but the name may be left out.");
        assertThat(rules.at("/items/properties/password/description").asText())
                .startsWith("what the caller must send as s= in its stream id, written likewise;")
                .endsWith("left to the rules that follow");
        assertThat(rules.at("/items/properties/limits/properties/durationSeconds")
                        .toString())
                .isEqualTo("{\"description\":\"after which it is disconnected, 0 to 31536000\",\"type\":\"integer\","
                        + "\"minimum\":0,\"maximum\":31536000,\"default\":0}");
        assertThat(rules.at("/items/required").toString()).isEqualTo("[\"name\"]");
    }
}
