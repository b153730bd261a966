package io.millrace.srt.connection;

import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.Negotiated;
import io.millrace.srt.packet.BareControlPacket;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.KeyMaterialPacket;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import io.millrace.srt.receive.Receiver;
import io.millrace.srt.receive.RttEstimator;
import io.millrace.srt.receive.TsbpdClock;
import io.millrace.srt.send.Backlog;
import io.millrace.srt.send.BandwidthLimit;
import io.millrace.srt.send.PayloadLog;
import io.millrace.srt.send.Sender;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One established connection: its receiver and its sender, keep-alive and the peer's silence, statistics.
 *
 * <p>Driven by its endpoint alone; owners attach what it receives into and sends from, and read. A connection without a
 * receiver drops data, counted; one without a sender has nothing to send.
 */
public final class SrtConnection {
    /** §3.2.3. */
    private static final long KEEP_ALIVE_MICROS = 1_000_000;

    private final int localSocketId;
    private final InetSocketAddress peerAddress;
    /** As it is reached at present. */
    private Peer peer;

    private final Negotiated negotiated;
    private final ConnectionSettings settings;
    private final TsbpdClock clock;
    private final ConnectionKeys keys;
    private final long openedMicros;

    private final RttEstimator rtt = new RttEstimator();
    private final ConnectionCounters counters;

    private @Nullable Receiver receiver;
    private @Nullable Sender sender;
    private @Nullable EarlyData early;

    private long lastHeardMicros;
    private long lastSentMicros;
    private long unexpectedData;
    private boolean peerHasShutDown;
    private @Nullable CloseReason closeReason;

    /**
     * @param agreement what the handshake led to about encryption; its keys are wiped
     * @param clock time base of the peer's timestamps, from the packet that carried its HSREQ or HSRSP
     * @param random source of later keys
     * @param nowMicros time of opening
     */
    public SrtConnection(
            int localSocketId,
            Peer peer,
            Negotiated negotiated,
            KeyAgreement agreement,
            ConnectionSettings settings,
            TsbpdClock clock,
            RandomGenerator random,
            long nowMicros) {
        this.localSocketId = localSocketId;
        this.peer = peer;
        peerAddress = peer.address();
        this.negotiated = negotiated;
        this.settings = settings;
        this.clock = clock;
        keys = ConnectionKeys.of(agreement, settings.refreshPeriod(), negotiated.peerFlowWindow(), random);
        counters = new ConnectionCounters(negotiated, rtt, nowMicros);
        openedMicros = nowMicros;
        lastHeardMicros = nowMicros;
        lastSentMicros = nowMicros;
    }

    /** From now on keeps the first data packets for {@link #receiveInto}; to be called for peers that were called. */
    public void keepEarlyData() {
        early = new EarlyData();
    }

    /**
     * Starts to receive data. What came before is dropped, unless {@link #keepEarlyData} was called; then it is delivered
     * before this returns.
     */
    public void receiveInto(PayloadReceiver target, Delivery delivery) {
        if (sender != null) {
            keys.bothSend();
        }
        Receiver started = new Receiver(
                new Receiver.Parameters(
                        negotiated.initialSequenceNumber(),
                        delivery,
                        negotiated.receiveLatencyMillis() * 1000L,
                        negotiated.maximumPayload(),
                        settings.offer().flowWindow()),
                clock,
                keys.receiving(),
                target,
                rtt,
                counters.received);
        receiver = started;
        EarlyData kept = early;
        early = null;
        if (kept != null) {
            kept.giveTo(started);
        }
    }

    /**
     * Starts to send. The owner tells the endpoint when the log has more.
     *
     * @param firstPosition position that gets the first sequence number
     * @param firstArrival arrival of the log to begin with
     */
    public void sendFrom(PayloadLog log, long firstPosition, long firstArrival) {
        int kept = early == null ? 0 : early.size();
        early = null;
        unexpectedData += kept;
        if (receiver != null || kept > 0) {
            keys.bothSend();
        }
        sender = new Sender(
                new Sender.Parameters(
                        negotiated.initialSequenceNumber(),
                        firstPosition,
                        firstArrival,
                        negotiated.sendLatencyMillis() * 1000L,
                        negotiated.peerFlowWindow(),
                        settings.bandwidth()),
                log,
                keys.sending(),
                rtt,
                counters.sent);
    }

    /** Starts to send with what lies behind, see {@link #sendFrom(PayloadLog, long, long)}. */
    public void sendFrom(Backlog backlog, long nowMicros) {
        sendFrom(backlog.log(), backlog.firstPosition(), backlog.firstArrival());
        if (sender != null) {
            sender.catchUp(backlog, nowMicros);
        }
    }

    /** The peer did not get the handshake that opened this connection, and is sent it again. */
    public void onHandshakeRepeated(long nowMicros) {
        if (sender != null) {
            sender.onPeerArrives(nowMicros);
        }
    }

    /** Our SRT socket ID. */
    public int localSocketId() {
        return localSocketId;
    }

    /** The peer's SRT socket ID; any 32 bits. */
    public int peerSocketId() {
        return peer.socketId();
    }

    /** The peer's address: who it is, for as long as the connection lasts. */
    public InetSocketAddress peerAddress() {
        return peerAddress;
    }

    /** Where the peer is heard from and reached: its own address, or that of whoever passes its datagrams on. */
    public InetSocketAddress replyAddress() {
        return peer.address();
    }

    /** From now on the peer is reached there. */
    public void replyTo(InetSocketAddress address) {
        peer = new Peer(address, peer.socketId(), peer.startMicros());
    }

    /** How long nothing has been heard from the peer, microseconds. */
    public long silentMicros(long nowMicros) {
        return nowMicros - lastHeardMicros;
    }

    /** What the handshake agreed on. */
    public Negotiated negotiated() {
        return negotiated;
    }

    /** Where the exchange of keys stands; {@link KmState#NO_SECRET} as well where nobody encrypts. */
    public KmState keyState() {
        return keys.state();
    }

    /** What its sender may take of the line. */
    public BandwidthLimit bandwidth() {
        return settings.bandwidth();
    }

    /** When it opened, on this process's clock. */
    public long openedMicros() {
        return openedMicros;
    }

    /** Our timestamp for a time on this process's clock. */
    public int timestamp(long micros) {
        return peer.timestamp(micros);
    }

    /** Why it is closed, or null while it is open. */
    public @Nullable CloseReason closeReason() {
        return closeReason;
    }

    /** Marks it as closed; the endpoint does the rest. */
    public void close(CloseReason reason) {
        if (closeReason == null) {
            closeReason = reason;
            keys.wipe();
        }
    }

    /**
     * Key material that the peer has sent and the connection's owner is to derive a key for, see {@link #rekey}; null if
     * there is none now. To ask is to be going to do so: there is one in 5 s at most.
     */
    public @Nullable KeyMaterial takeUnreadKeyMaterial(long nowMicros) {
        return keys.takeUnread(nowMicros);
    }

    /** Goes on with the key that belongs to {@link #takeUnreadKeyMaterial}, and wipes it in the end. */
    public void rekey(KeyEncryptionKey kek) {
        if (closeReason == null) {
            keys.rekey(kek);
        } else {
            kek.wipe();
        }
    }

    /** Takes a packet that has passed {@link PacketDecoder} and comes from the {@link #replyAddress}. */
    public void handlePacket(ByteBuffer packet, long nowMicros) {
        if (closeReason != null) {
            // Its keys are gone.
            return;
        }
        lastHeardMicros = nowMicros;
        if (PacketDecoder.isControl(packet)) {
            ControlType type = ControlHeader.type(packet);
            if (type != null) {
                handleControl(type, packet, nowMicros);
            }
        } else if (receiver != null) {
            receiver.onData(packet, nowMicros);
        } else if (early == null) {
            unexpectedData++;
            keys.bothSend();
        } else if (!early.add(packet, nowMicros)) {
            unexpectedData++;
        }
    }

    private void handleControl(ControlType type, ByteBuffer packet, long nowMicros) {
        switch (type) {
            case KEEP_ALIVE -> {
                if (receiver != null) {
                    receiver.onKeepAlive(packet, nowMicros);
                }
            }
            case ACK -> {
                if (sender != null) {
                    sender.onAck(packet);
                }
            }
            case NAK -> {
                if (sender != null) {
                    sender.onNak(packet, nowMicros);
                }
            }
            case ACK_ACK -> {
                if (receiver != null) {
                    receiver.onAckAck(packet, nowMicros);
                }
            }
            case DROP_REQUEST -> {
                if (receiver != null) {
                    receiver.onDropRequest(packet, nowMicros);
                }
            }
            case SHUTDOWN -> {
                peerHasShutDown = true;
                closeWhenDelivered();
            }
            case USER_DEFINED -> {
                if (ControlHeader.subtype(packet) == KeyMaterialPacket.KMREQ) {
                    keys.onRequest(KeyMaterialPacket.content(packet));
                } else if (ControlHeader.subtype(packet) == KeyMaterialPacket.KMRSP) {
                    keys.onResponse(KeyMaterialPacket.content(packet));
                }
            }
            // Heard, and nothing to do: no peer sends the warnings in live mode.
            case HANDSHAKE, CONGESTION_WARNING, PEER_ERROR -> {}
        }
    }

    /** Does what is due; a late or spurious call is harmless. */
    public void handleTimeout(long nowMicros) {
        if (receiver != null) {
            receiver.onTimeout(nowMicros);
        }
        if (sender != null) {
            sender.onTimeout(nowMicros);
        }
        if (peerHasShutDown) {
            closeWhenDelivered();
        } else if (nowMicros - lastHeardMicros >= settings.peerIdleTimeoutMicros()) {
            close(CloseReason.PEER_IDLE);
        }
    }

    /**
     * Writes what is to be sent now.
     *
     * @param waitedMicros how long it had to wait for this turn; a sender that waits too long sheds load
     */
    public void drain(DatagramSink sink, long nowMicros, long waitedMicros) {
        if (peerHasShutDown || closeReason != null) {
            return;
        }
        boolean wrote = keys.drain(peer, sink, nowMicros, rtt.rttMicros());
        if (receiver != null) {
            wrote |= receiver.drain(peer, sink, nowMicros);
        }
        if (sender != null) {
            wrote |= sender.drain(peer, sink, nowMicros, waitedMicros);
            // A new key may have been made on the way.
            wrote |= keys.drain(peer, sink, nowMicros, rtt.rttMicros());
        }
        if (wrote) {
            lastSentMicros = nowMicros;
        } else if (nowMicros - lastSentMicros >= KEEP_ALIVE_MICROS) {
            ByteBuffer to = sink.begin(peer.address(), BareControlPacket.LENGTH);
            BareControlPacket.write(to, ControlType.KEEP_ALIVE, 0, peer.timestamp(nowMicros), peer.socketId());
            sink.end();
            lastSentMicros = nowMicros;
        }
    }

    /** Earliest time at which {@link #handleTimeout} and {@link #drain} have something to do. */
    public long nextTimeoutMicros() {
        if (peerHasShutDown) {
            return receiver == null ? Long.MAX_VALUE : receiver.nextTimeoutMicros();
        }
        long idle = Math.min(lastSentMicros + KEEP_ALIVE_MICROS, lastHeardMicros + settings.peerIdleTimeoutMicros());
        // Nobody minds if these come up to a tick late, and all connections then share the wake-up.
        long next = (Math.floorDiv(idle, Receiver.GRID_MICROS) + 1) * Receiver.GRID_MICROS;
        next = Math.min(next, keys.nextTimeoutMicros());
        if (receiver != null) {
            next = Math.min(next, receiver.nextTimeoutMicros());
        }
        if (sender != null) {
            next = Math.min(next, sender.nextTimeoutMicros());
        }
        return next;
    }

    /** A snapshot; rates are over the time since the last one, so one reader should take it about once a second. */
    public ConnectionStatistics statistics(long nowMicros) {
        return counters.snapshot(receiver, sender, nowMicros);
    }

    /** Takes a sample of what is received. A few field reads: it may be done often, and changes nothing. */
    public void sampleReceived(LegSample sample) {
        counters.sampleReceived(receiver, sample);
    }

    /** Takes a sample of what is sent. A few field reads: it may be done often, and changes nothing. */
    public void sampleSent(long nowMicros, LegSample sample) {
        counters.sampleSent(sender, nowMicros, sample);
    }

    /** Data packets that came although nothing was to be received. */
    public long unexpectedData() {
        return unexpectedData;
    }

    /** What the peer sent before its SHUTDOWN is still delivered, at its time. libsrt loses it. */
    private void closeWhenDelivered() {
        if (receiver == null || !receiver.isHolding()) {
            close(CloseReason.PEER_SHUTDOWN);
        }
    }
}
