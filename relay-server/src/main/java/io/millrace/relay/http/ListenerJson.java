package io.millrace.relay.http;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.net.UdpStatistics;
import io.millrace.relay.stats.SocketInfo;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** A socket of a listener as the API shows it. */
final class ListenerJson {
    private ListenerJson() {}

    static JsonObject of(SocketInfo socket) {
        UdpStatistics datagrams = socket.datagrams();
        return new JsonObject()
                .put("listener", socket.listener())
                .put("local", LoggableAddress.of(socket.local()))
                .put("loop", socket.loop())
                .put("connections", socket.connections())
                .put("publishers", socket.publishers())
                .put("subscribers", socket.subscribers())
                .put("meanWaitMicros", socket.meanWaitMicros())
                .put("overloaded", socket.overloaded())
                .put("receiveBufferBytes", socket.receiveBufferBytes())
                .put("sendBufferBytes", socket.sendBufferBytes())
                .put("datagramsIn", datagrams.datagramsIn())
                .put("bytesIn", datagrams.bytesIn())
                .put("datagramsOut", datagrams.datagramsOut())
                .put("bytesOut", datagrams.bytesOut())
                .put("segmentedSends", datagrams.segmentedSends())
                .put(
                        "receiveDrops",
                        datagrams.receiveDrops().isEmpty()
                                ? null
                                : datagrams.receiveDrops().getAsLong())
                .put("droppedOut", datagrams.droppedOut())
                .put("socketErrors", datagrams.socketErrors())
                .put("faults", datagrams.faults())
                .put("straysHandedOver", socket.strays().handedOver())
                .put("straysTakenOver", socket.strays().takenOver())
                .put("straysDropped", socket.strays().dropped())
                .put("strayLookups", byReason(socket.strays().cluster().lookups()))
                .put("straysForwarded", socket.strays().cluster().forwarded())
                .put("straysReturned", socket.strays().cluster().returned())
                .put("straysForwardDropped", socket.strays().cluster().dropped())
                .put("malformed", byReason(socket.malformed()))
                .put("discarded", byReason(socket.discarded()));
    }

    private static JsonObject byReason(Map<? extends Enum<?>, Long> counts) {
        JsonObject json = new JsonObject();
        new TreeMap<>(counts).forEach((reason, count) -> json.put(reason.name(), count));
        return json;
    }
}
