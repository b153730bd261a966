package io.millrace.relay.bench;

import java.io.IOException;
import java.time.Duration;

/** How a node that has a role may be lost. */
enum NodeFailure {
    /** Its process is gone at once; the system says of its ports that they are closed. */
    KILL("kill -9") {
        @Override
        NodeCluster start(String classPath) throws IOException, BenchException, InterruptedException {
            return NodeCluster.withOneAddress(classPath);
        }

        @Override
        void strike(NodeProcess node) {
            node.kill();
        }
    },

    /** It is asked to end, as by a service manager. */
    STOP("graceful stop") {
        @Override
        NodeCluster start(String classPath) throws IOException, BenchException, InterruptedException {
            return NodeCluster.withOneAddress(classPath);
        }

        @Override
        void strike(NodeProcess node) {
            node.terminate();
        }

        @Override
        void bury(NodeProcess node) throws BenchException, InterruptedException {
            if (!node.awaitEnd(END_TIMEOUT)) {
                throw new BenchException(
                        node.place().id() + " was asked to end and has not within " + END_TIMEOUT.toSeconds() + " s");
            }
        }
    },

    /** It says nothing more, and nobody says that it is gone: what a cut line looks like to the others. */
    SILENCE("silence") {
        @Override
        NodeCluster start(String classPath) throws IOException, BenchException, InterruptedException {
            return NodeCluster.withAddressesOfTheirOwn(classPath);
        }

        @Override
        void strike(NodeProcess node) throws IOException, InterruptedException {
            node.pause();
        }
    };

    private static final Duration END_TIMEOUT = Duration.ofSeconds(30);

    private final String label;

    NodeFailure(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Starts nodes that can be lost in this way. */
    abstract NodeCluster start(String classPath) throws IOException, BenchException, InterruptedException;

    /** Loses the node. */
    abstract void strike(NodeProcess node) throws IOException, InterruptedException;

    /** Makes sure, after the measurement, that its process has ended. */
    void bury(NodeProcess node) throws BenchException, InterruptedException {
        node.kill();
    }
}
