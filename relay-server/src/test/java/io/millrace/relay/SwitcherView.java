package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** What NOALBS reads of each server, as strictly as it does: each member has to be there, in its type. */
final class SwitcherView {
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private SwitcherView() {}

    record SlsPublisher(
            long bitrate,
            long bytesRcvDrop,
            long bytesRcvLoss,
            double mbpsBandwidth,
            double mbpsRecvRate,
            int msRcvBuf,
            int pktRcvDrop,
            int pktRcvLoss,
            double rtt,
            long uptime) {}

    record SlsStatistics(Map<String, SlsPublisher> publishers, String status) {}

    record BelaboxPublisher(
            long bitrate,
            double rtt,
            @JsonProperty("dropped_pkts") int droppedPackets) {}

    record BelaboxStatistics(Map<String, BelaboxPublisher> publishers) {}

    record OpenIrlPublisher(
            int bitrate,
            int buffer,
            @JsonProperty("dropped_pkts") long droppedPackets,
            int latency,
            double rtt,
            long uptime) {}

    record OpenIrlStatistics(OpenIrlPublisher publisher, String status) {}

    record NimbleReceivers(@JsonProperty("SrtReceivers") List<NimbleReceiver> receivers) {
        /** The one that a switcher takes: the first whose id has the configured one in it. */
        NimbleReceiver find(String id) {
            return receivers.stream()
                    .filter(receiver -> receiver.id().contains(id))
                    .findFirst()
                    .orElse(null);
        }
    }

    record NimbleReceiver(String id, String state, NimbleStatistics stats) {}

    record NimbleStatistics(long time, NimbleWindow window, NimbleLink link, NimbleReceived recv) {}

    record NimbleWindow(long flow, long congestion, long flight) {}

    record NimbleLink(double rtt, double mbpsBandwidth, long mbpsMaxBandwidth) {}

    record NimbleReceived(
            long packetsReceived,
            long packetsLost,
            long packetsDropped,
            long packetsBelated,
            @JsonProperty("NAKsSent") long naksSent,
            long bytesReceived,
            long bytesLost,
            long bytesDropped,
            double mbpsRate) {}

    record NimbleApplication(String app, List<NimbleStream> streams) {}

    record NimbleStream(
            String acodec,
            String vcodec,
            @JsonProperty("publish_time") String publishTime,
            String bandwidth,
            String protocol,
            String resolution,
            String strm) {}

    static <T> T read(Class<T> view, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        try {
            return STRICT.readValue(response.body(), view);
        } catch (JsonProcessingException e) {
            throw new AssertionError(response.body(), e);
        }
    }
}
