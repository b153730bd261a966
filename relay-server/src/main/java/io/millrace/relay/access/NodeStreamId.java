package io.millrace.relay.access;

/** What one node asks another one for: any name that a stream may have, also one that the standard syntax can't express. */
public final class NodeStreamId {
    private NodeStreamId() {}

    /** The stream id of a node that wants a stream from its newest random access point on. */
    public static String of(String stream, String nodeId) {
        return "#!::r=" + encoded(stream) + ",u=" + nodeId + ",join=newest";
    }

    /** The name, from the resource of such a stream id. */
    public static String stream(String resource) {
        return PercentEncoding.decoded(resource);
    }

    private static String encoded(String stream) {
        return stream.replace("%", "%25")
                .replace(",", "%2C")
                .replace("=", "%3D")
                .replace("?", "%3F")
                .replace("#", "%23")
                .replace("{", "%7B")
                .replace("}", "%7D");
    }
}
