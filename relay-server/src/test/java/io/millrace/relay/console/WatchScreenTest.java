package io.millrace.relay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchScreenTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Terminal USUAL = new Terminal(24, 80);

    private final WatchScreen screen = new WatchScreen("live/cam1", "http://192.0.2.1:8080", ZoneOffset.UTC);

    @Test
    void liveStreamFitsTheUsualTerminal() throws Exception {
        List<String> lines = lines(live(2), USUAL);

        assertThat(lines)
                .startsWith(
                        "live/cam1                                        http://192.0.2.1:8080  12:00:00",
                        "LIVE for 1:00:00, 2 subscribers",
                        "bit rate  ▁▅█",
                        "          6.00 Mbit/s now; last minute 0.00 to 8.00",
                        "publisher 192.0.2.7:5000, connection 3, SRT 1.5.3, encryption AES-128 ctr",
                        "RTT       12.3 ms; last 10 s 11.0 to 19.0, 95th percentile 15.0",
                        "loss      1.00 % on the way, 2 packets for good (10 s); since start 1.00 %, 2",
                        "buffer    ███████████████░░░░░░░░░░░░░░░ 60 ms of 120 ms latency");
        assertThat(lines)
                .contains("Subscribers, who has trouble first; LOST, RESENT and DROP of the last 10 s")
                .contains("Last refused")
                .contains("11:59:00 192.0.2.9:6000 1403 FORBIDDEN ×3: the user may not request it; add an")
                .hasSizeLessThanOrEqualTo(24)
                .allMatch(line -> PrintableText.columns(line) <= 80);
    }

    @Test
    void whoHasTroubleIsShownWhereNotEverybodyCanBe() throws Exception {
        List<String> lines = lines(live(100), USUAL);

        assertThat(lines).hasSizeLessThanOrEqualTo(24);
        // The last subscriber is the one that packets were dropped for.
        assertThat(lines).filteredOn(line -> line.startsWith("199 ")).hasSize(1);
        assertThat(lines).anyMatch(line -> line.matches("and 9\\d more"));
        assertThat(lines).contains("Last refused");
    }

    @Test
    void smallTerminalIsNotExceeded() throws Exception {
        assertThat(lines(live(5), new Terminal(6, 30))).hasSize(6);
        assertThat(lines(live(0), new Terminal(1, 1))).hasSize(1);
    }

    @Test
    void absentStreamIsWaitedFor() {
        StreamSnapshot absent = new StreamSnapshot(
                MissingNode.getInstance(),
                JsonNodeFactory.instance.arrayNode(),
                MissingNode.getInstance(),
                MissingNode.getInstance(),
                List.of(),
                List.of());

        assertThat(lines(absent, USUAL))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("ABSENT: ")
                .contains("waiting for it");
    }

    @Test
    void relayThatDoesNotAnswerIsSaidAndSoIsItsReturn() throws Exception {
        Observation outage = new Observation(NOW, null, "http://h:1: nobody listens there", 7, false);
        assertThat(texts(screen.lines(outage, USUAL)))
                .contains("NO ANSWER for 7 s; asking each second. http://h:1: nobody listens there");

        Observation resumed = new Observation(NOW, live(1), "", 9, true);
        assertThat(texts(screen.lines(resumed, USUAL))).contains("The relay answers again, after 9 s without.");
    }

    @Test
    void nothingFromTheNetworkControlsTheTerminal() throws Exception {
        String hostile = "\u001b[2J\u009b1m\n\u202e";
        StreamSnapshot quiet = live(1);
        ObjectNode refusal = (ObjectNode) quiet.refusals().get(0);
        refusal.put("peer", hostile)
                .put("reason", hostile)
                .put("advice", hostile)
                .put("lastTime", hostile);
        ObjectNode publisher = (ObjectNode) quiet.connections().get(0);
        publisher
                .put("label", hostile)
                .put("srtVersion", hostile)
                .put("encryption", hostile)
                .put("peer", hostile);
        ((ObjectNode) publisher.path("advice")).put("sentence", hostile);

        StreamSnapshot snapshot = snapshot(quiet.stream(), (ArrayNode) quiet.connections(), refusal);
        WatchScreen named = new WatchScreen(hostile, "http://h:1", ZoneOffset.UTC);
        String all = String.join("", texts(named.lines(Observation.of(NOW, snapshot), USUAL)));

        assertThat(all).contains("?[2J?1m??").doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
    }

    private List<String> lines(StreamSnapshot snapshot, Terminal terminal) {
        return texts(screen.lines(Observation.of(NOW, snapshot), terminal));
    }

    private static List<String> texts(List<ScreenLine> lines) {
        return lines.stream().map(ScreenLine::text).toList();
    }

    private static StreamSnapshot live(int subscribers) throws Exception {
        JsonNode stream = MAPPER.readTree("""
                {"name": "live/cam1", "publisher": "192.0.2.7:5000", "bitRate": 6000000, "publisherConnection": 3}
                """);
        ArrayNode connections = JsonNodeFactory.instance.arrayNode();
        connections.add(MAPPER.readTree("""
                {"id": 3, "label": null, "role": "publisher", "stream": "live/cam1", "peer": "192.0.2.7:5000",
                 "latencyMillis": 120, "srtVersion": "1.5.3", "encryption": "AES-128 ctr", "msTimeStamp": 3600000,
                 "mbpsRecvRate": 6, "msRTT": 12.3, "pktRecvUniqueTotal": 998, "pktRcvLossTotal": 10,
                 "pktRcvDropTotal": 2, "pktRcvRetransTotal": 8,
                 "advice": {"sufficient": true, "sentence": "Latency 120 ms is enough."}}
                """));
        for (int i = 0; i < subscribers; i++) {
            ObjectNode subscriber = connections.addObject();
            subscriber.put("id", 100 + i).put("role", "subscriber").put("peer", "198.51.100.7:" + (5000 + i));
            subscriber
                    .put("latencyMillis", 120)
                    .put("msRTT", 20)
                    .put("mbpsSendRate", 6)
                    .put("msTimeStamp", 5000);
            subscriber.put("pktSentUniqueTotal", 1000).put("pktSndDropTotal", i == 99 ? 5 : 0);
        }
        JsonNode refusal = MAPPER.readTree("""
                {"lastTime": "2026-01-01T11:59:00Z", "peer": "192.0.2.9:6000", "code": 1403, "reason": "FORBIDDEN",
                 "count": 3, "advice": "the user may not request it; add an access rule that lets the user request it"}
                """);
        return snapshot(stream, connections, refusal);
    }

    private static StreamSnapshot snapshot(JsonNode stream, ArrayNode connections, JsonNode refusal) throws Exception {
        JsonNode statistics = MAPPER.readTree("""
                {"interval": {"receiveBufferMillis": {"max": 60}},
                 "tenSeconds": {"rttMillis": {"min": 11, "max": 19, "p95": 15}}}
                """);
        JsonNode history = MAPPER.readTree("{\"inBitsPerSecond\": [0, 4e6, 8e6]}");
        List<Leg> legs = ConnectionsCommand.sorted(connections, ConnectionOrder.TROUBLE);
        return new StreamSnapshot(stream, connections, statistics, history, Collections.singletonList(refusal), legs);
    }
}
