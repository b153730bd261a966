package io.millrace.relay.stream;

/**
 * How streams behave.
 *
 * @param bufferBytes bound of one stream's log
 * @param inOrder whether subscribers get nothing before what is missing was recovered or is given up
 * @param aggregationMillis what packets are held back at most so that more of them leave together; 0: none is
 * @param publisherGraceMillis how long subscribers stay without a publisher
 * @param publisherProbationMillis what a publisher may take, beyond its latency, to send its first payload
 * @param waitMillis how long a request for a stream that nobody publishes is held; 0: it is refused at once
 * @param maximumSubscribers of one stream on this node
 * @param maximumPublishers on this node
 * @param analysis whether the transport stream is looked at
 */
public record StreamSettings(
        long bufferBytes,
        boolean inOrder,
        int aggregationMillis,
        int publisherGraceMillis,
        int publisherProbationMillis,
        int waitMillis,
        int maximumSubscribers,
        int maximumPublishers,
        boolean analysis) {}
