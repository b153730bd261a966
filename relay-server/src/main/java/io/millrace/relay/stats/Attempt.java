package io.millrace.relay.stats;

import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.StreamRequest;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of an attempt to connect; equal refusals are one entry.
 *
 * @param caller as it was at the newest of them
 * @param count how many there were; 1 for an accepted one
 */
public record Attempt(Caller caller, Result result, Instant firstTime, Instant lastTime, long count) {
    /**
     * Who called and what for, safe to print: no text holds a secret. What is not known is null.
     *
     * @param listener name of the listener
     * @param peer where it called from
     * @param local where it called
     * @param streamId as the caller sent it; empty if it sent none
     * @param action what it wanted to do with the stream
     * @param stream name of the stream
     * @param user as the caller says
     * @param encrypted whether it sent key material
     */
    public record Caller(
            String listener,
            InetSocketAddress peer,
            InetSocketAddress local,
            String streamId,
            StreamRequest.@Nullable Mode action,
            @Nullable String stream,
            @Nullable String user,
            @Nullable Boolean encrypted,
            @Nullable String srtVersion) {

        /** The same caller on another port. */
        public Caller from(InetSocketAddress otherPort) {
            return new Caller(listener, otherPort, local, streamId, action, stream, user, encrypted, srtVersion);
        }
    }

    /** How it ended. */
    public sealed interface Result permits Accepted, Refused {}

    /**
     * @param source what granted it
     * @param connection number of the connection that it became
     */
    public record Accepted(String source, long connection) implements Result {}

    /** The explanation is the advice to the operator. */
    public record Refused(Refusal refusal) implements Result {}

    Attempt(Caller caller, Result result, Instant time) {
        this(caller, result, time, time, 1);
    }

    Attempt repeated(Caller again, Instant time) {
        return new Attempt(again, result, firstTime, time, count + 1);
    }
}
