package io.millrace.relay.listener;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.Fanout;
import io.millrace.relay.stream.Subscription;
import io.millrace.srt.connection.SrtConnection;

/** A subscriber's connection, which sends from the stream's log: it owns a few numbers, and no media. */
final class SubscriberLink implements Link, Fanout.Subscriber {
    private final SrtConnection connection;
    private final ConnectionInfo info;
    private final LinkLimits limits;
    private final Subscription subscription;
    private final Fanout fanout;
    private final ListenerSocket socket;

    SubscriberLink(
            SrtConnection connection,
            ConnectionInfo info,
            LinkLimits limits,
            Subscription subscription,
            Fanout fanout,
            ListenerSocket socket) {
        this.connection = connection;
        this.info = info;
        this.limits = limits;
        this.subscription = subscription;
        this.fanout = fanout;
        this.socket = socket;
    }

    @Override
    public SrtConnection connection() {
        return connection;
    }

    @Override
    public ConnectionInfo info() {
        return info;
    }

    @Override
    public LinkLimits limits() {
        return limits;
    }

    @Override
    public void wake() {
        socket.wake(connection);
    }

    @Override
    public void begins(long behindMicros) {
        info.begins(behindMicros / 1_000);
    }

    @Override
    public void close() {
        socket.close(connection, "its stream has ended");
    }

    @Override
    public boolean isNode() {
        return subscription.isForNode();
    }

    @Override
    public void ended() {
        fanout.remove(this);
        subscription.end();
    }
}
