package io.millrace.relay.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.Node;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.NodeLoad;
import io.millrace.cluster.PulledStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodePullsTest {
    private static final NodeIdentity ORIGIN = NodeIdentity.alone("origin");
    private static final NodeIdentity SELF = NodeIdentity.alone("self");

    @Test
    void nodesThatHaveTheStreamAreAskedThoseWithFewestTakersFirst() {
        List<Node> nodes = List.of(
                node("origin"), node("a", "s", "origin"), node("b", "s", "origin"), node("c", "s", "a"), node("self"));

        assertThat(asked(nodes)).containsExactly("b", "c", "a");
    }

    @Test
    void nodeThatHasItByWayOfThisOneIsNotAsked() {
        List<Node> nodes = List.of(
                node("origin"),
                node("self", "s", "origin"),
                node("a", "s", "self"),
                node("b", "s", "a"),
                node("c", "s", "origin"));

        assertThat(asked(nodes)).containsExactly("c");
    }

    @Test
    void nodesThatHaveItFromEachOtherAreNotAsked() {
        assertThat(asked(List.of(node("origin"), node("a", "s", "b"), node("b", "s", "a"))))
                .isEmpty();
    }

    @Test
    void nodeThatHasItFromOneThatIsGoneIsNotAsked() {
        assertThat(asked(List.of(node("origin"), node("a", "s", "gone")))).isEmpty();
    }

    @Test
    void otherStreamsAndDrainingNodesDoNotCount() {
        NodeLoad load = new NodeLoad(0, 0, 0, List.of(new PulledStream("s", "origin", 1, 0, 1)));
        List<Node> nodes =
                List.of(node("origin"), node("a", "other", "origin"), new Node(NodeIdentity.alone("b"), load, true));

        assertThat(asked(nodes)).isEmpty();
    }

    private static Stream<String> asked(List<Node> nodes) {
        return NodePulls.copies("s", ORIGIN, SELF, nodes).stream().map(NodeIdentity::nodeId);
    }

    /** @param pulled stream and node in turn */
    private static Node node(String name, String... pulled) {
        List<PulledStream> pulls = Stream.iterate(0, i -> i < pulled.length, i -> i + 2)
                .map(i -> new PulledStream(pulled[i], pulled[i + 1], 1_000, 0, 1_000_000))
                .toList();
        return new Node(NodeIdentity.alone(name), new NodeLoad(0, 0, 0, pulls), false);
    }
}
