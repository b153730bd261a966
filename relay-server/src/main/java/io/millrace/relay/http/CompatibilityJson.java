package io.millrace.relay.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.srt.connection.Statistic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** A publisher as the statistics of other servers have it. Counters are since the start of its connection. */
final class CompatibilityJson {
    /** Bit rate of a publisher of which none is known yet, for those to whom 0 is the end of it. */
    private static final int KEEP_SCENE = 1;
    /** Readers take a bit rate of 32 bits, and fall over one of more. */
    private static final long MAX_BITS = 0xffff_ffffL;

    private CompatibilityJson() {}

    /** Of srt-live-server. To its readers a bit rate of 0 is one not known: they wait. */
    static JsonObject sls(PublisherReading publisher) {
        return new JsonObject()
                .put("bitrate", publisher.kilobits())
                .put("bytesRcvDrop", publisher.whole(Statistic.byteRcvDropTotal))
                .put("bytesRcvLoss", publisher.whole(Statistic.byteRcvLossTotal))
                .put("mbpsBandwidth", publisher.value(Statistic.mbpsBandwidth))
                .put("mbpsRecvRate", publisher.value(Statistic.mbpsRecvRate))
                .put("msRcvBuf", publisher.small(Statistic.msRcvBuf))
                .put("pktRcvDrop", publisher.small(Statistic.pktRcvDropTotal))
                .put("pktRcvLoss", publisher.small(Statistic.pktRcvLossTotal))
                .put("rtt", publisher.value(Statistic.msRTT))
                .put("uptime", publisher.uptimeSeconds())
                .put("latency", publisher.facts().latencyMillis());
    }

    /** Of BELABOX. To its readers a bit rate of 0 is a publisher that is gone. */
    static JsonObject belabox(PublisherReading publisher) {
        return new JsonObject()
                .put("connected", true)
                .put("bitrate", kilobitsOrKeep(publisher))
                .put("rtt", publisher.value(Statistic.msRTT))
                .put("dropped_pkts", publisher.small(Statistic.pktRcvDropTotal))
                .put("latency", publisher.facts().latencyMillis());
    }

    /** Of OpenIRL, whose bit rates mean what those of BELABOX do. */
    static JsonObject openIrl(PublisherReading publisher) {
        return new JsonObject()
                .put("bitrate", kilobitsOrKeep(publisher))
                .put("buffer", publisher.small(Statistic.msRcvBuf))
                .put("dropped_pkts", publisher.whole(Statistic.pktRcvDropTotal))
                .put("rtt", publisher.value(Statistic.msRTT))
                .put("uptime", publisher.uptimeSeconds())
                .put("latency", publisher.facts().latencyMillis());
    }

    private static long kilobitsOrKeep(PublisherReading publisher) {
        return publisher.isMeasured() ? publisher.kilobits() : KEEP_SCENE;
    }

    /** Nimble's receivers of SRT. */
    static JsonObject nimbleReceivers(Collection<PublisherReading> publishers) {
        JsonArray receivers = new JsonArray();
        publishers.forEach(publisher -> receivers.add(new JsonObject()
                .put("id", nimbleId(publisher))
                .put("state", "connected")
                .put("stats", nimbleStatistics(publisher))));
        return new JsonObject().put("SrtReceivers", receivers);
    }

    /** Readers look for a part of it: the name is written so that no other one can have [NAME] in it. */
    private static String nimbleId(PublisherReading publisher) {
        InetSocketAddress local = publisher.facts().local();
        String host = local.getAddress().getHostAddress();
        String name = URLEncoder.encode(publisher.facts().stream(), UTF_8).replace("%2F", "/");
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + local.getPort() + '[' + name + ']';
    }

    private static JsonObject nimbleStatistics(PublisherReading publisher) {
        return new JsonObject()
                .put("time", publisher.whole(Statistic.msTimeStamp))
                .put(
                        "window",
                        new JsonObject()
                                .put("flow", publisher.whole(Statistic.pktFlowWindow))
                                .put("congestion", publisher.whole(Statistic.pktCongestionWindow))
                                .put("flight", publisher.whole(Statistic.pktFlightSize)))
                .put(
                        "link",
                        new JsonObject()
                                .put("rtt", publisher.value(Statistic.msRTT))
                                .put("mbpsBandwidth", publisher.value(Statistic.mbpsBandwidth))
                                .put("mbpsMaxBandwidth", publisher.whole(Statistic.mbpsMaxBW)))
                .put(
                        "recv",
                        new JsonObject()
                                .put("packetsReceived", publisher.whole(Statistic.pktRecvTotal))
                                .put("packetsLost", publisher.whole(Statistic.pktRcvLossTotal))
                                .put("packetsDropped", publisher.whole(Statistic.pktRcvDropTotal))
                                .put("packetsBelated", publisher.whole(Statistic.pktRcvBelatedTotal))
                                .put("NAKsSent", publisher.whole(Statistic.pktSentNAKTotal))
                                .put("bytesReceived", publisher.whole(Statistic.byteRecvTotal))
                                .put("bytesLost", publisher.whole(Statistic.byteRcvLossTotal))
                                .put("bytesDropped", publisher.whole(Statistic.byteRcvDropTotal))
                                .put("mbpsRate", publisher.value(Statistic.mbpsRecvRate)));
    }

    /**
     * Nimble's live streams, by application: what stands before the last slash of a name. Only those that bring media, since
     * a bit rate of 0 is a healthy one to its readers.
     */
    static JsonArray nimbleStreams(Collection<PublisherReading> publishers) {
        Map<String, JsonArray> applications = new TreeMap<>();
        for (PublisherReading publisher : publishers) {
            if (publisher.kilobits() > 0) {
                String name = publisher.facts().stream();
                int slash = name.lastIndexOf('/');
                applications
                        .computeIfAbsent(slash < 0 ? "" : name.substring(0, slash), application -> new JsonArray())
                        .add(nimbleStream(name.substring(slash + 1), publisher));
            }
        }
        JsonArray list = new JsonArray();
        applications.forEach((application, streams) ->
                list.add(new JsonObject().put("app", application).put("streams", streams)));
        return list;
    }

    /** The codecs and the resolution are not known here; readers want the members. */
    private static JsonObject nimbleStream(String name, PublisherReading publisher) {
        return new JsonObject()
                .put("strm", name)
                .put("bandwidth", Long.toString(Math.min(MAX_BITS, publisher.bits())))
                .put("publish_time", Long.toString(publisher.since().getEpochSecond()))
                .put("protocol", "SRT")
                .put("acodec", "")
                .put("vcodec", "")
                .put("resolution", "");
    }
}
