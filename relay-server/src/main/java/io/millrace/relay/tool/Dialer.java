package io.millrace.relay.tool;

import io.millrace.relay.call.CallFailedException;
import io.millrace.relay.call.CallLink;
import io.millrace.relay.call.CallerSocket;
import io.millrace.relay.call.Knock;
import io.millrace.relay.call.SrtUrl;
import io.millrace.relay.net.LoopClock;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.RejectReason;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the calls of a tool: once, or until one succeeds. */
final class Dialer {
    private static final long FIRST_DELAY_MICROS = 500_000;
    private static final long MAX_DELAY_MICROS = 5_000_000;
    private static final int KNOCK_MILLIS = 1_000;

    private final CallerSocket socket;
    private final SrtUrl url;
    private final boolean reconnect;
    private final StopSignal stop;
    private final Progress progress;

    /** @param reconnect whether to try again where that may help */
    Dialer(CallerSocket socket, SrtUrl url, boolean reconnect, StopSignal stop, Progress progress) {
        this.socket = socket;
        this.url = url;
        this.reconnect = reconnect;
        this.stop = stop;
        this.progress = progress;
    }

    /**
     * Calls.
     *
     * @param deadlineMicros when to give up trying again
     * @return the connection; null if the tool is to end
     * @throws ToolException if the call failed, and it was the last
     */
    @Nullable
    CallLink dial(Consumer<SrtConnection> attach, long deadlineMicros) throws ToolException {
        long delayMicros = FIRST_DELAY_MICROS;
        while (!stop.isRequested() && LoopClock.nowMicros() < deadlineMicros) {
            try {
                CallLink link = socket.call(attach);
                progress.say("connected to " + url);
                return link;
            } catch (CallFailedException e) {
                String why = describe(e, url, socket);
                if (!reconnect || !CallRefusal.mayPass(e.reason())) {
                    throw ToolException.failed(why);
                }
                progress.say(why + "; trying again in " + delayMicros / 1_000 + " ms");
            } catch (IOException e) {
                throw ToolException.failed(url + ": " + e.getMessage());
            }
            stop.sleepUntil(Math.min(deadlineMicros, LoopClock.nowMicros() + delayMicros));
            delayMicros = Math.min(2 * delayMicros, MAX_DELAY_MICROS);
        }
        return null;
    }

    /** The line for a call that failed; may knock to find out why. */
    static String describe(CallFailedException failure, SrtUrl url, CallerSocket socket) {
        boolean unanswered = failure.reason() == RejectReason.TIMEOUT && !failure.isServersRefusal();
        Knock.Outcome knock =
                unanswered ? Knock.at(socket.server(), KNOCK_MILLIS).outcome() : Knock.Outcome.ANSWERED;
        return url + ": " + CallRefusal.describe(failure, socket.isEncrypted(), knock);
    }

    /** Why a connection ended, in words. */
    static String describe(@Nullable CloseReason reason) {
        if (reason == null) {
            return "open";
        }
        return switch (reason) {
            case PEER_SHUTDOWN -> "the server closed the connection";
            case PEER_IDLE -> "nothing was heard from the server for 5 s";
            case REPLACED, LOCAL -> "the connection was closed";
        };
    }
}
