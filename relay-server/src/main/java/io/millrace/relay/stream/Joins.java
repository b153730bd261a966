package io.millrace.relay.stream;

import io.millrace.relay.ts.TsPacket;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.packet.Payload;
import io.millrace.srt.send.Backlog;
import io.millrace.srt.send.PayloadLog;
import java.util.Arrays;
import java.util.List;

/** How connections begin to be sent a stream. */
final class Joins {
    /** Who would begin further behind begins with what comes next: so much is kept of a stream at most. */
    static final long MAX_BEHIND_MICROS = 10_000_000;

    /**
     * How fast a connection catches up. A first picture that took a third of a second to come, as it may where the encoder
     * keeps to a constant bit rate, is through in less than a tenth; two seconds are made good in 0.7 s. A line with less
     * room than this is rare among those that can bear the stream at all with its peaks.
     */
    private static final double SPEED = 4;

    /** On a line that may carry no more than so many times the stream, catching up takes too long to begin with. */
    static final double LEAST_SPEED = 2;

    /** What of a line's limit is left for peaks. */
    private static final double ROOM = 0.8;

    private static final int MAX_PAYLOAD = 7 * TsPacket.LENGTH;

    private final StreamLog log;
    private final PayloadLog source;
    private final boolean inOrder;

    /** @param source what connections send from */
    Joins(StreamLog log, PayloadLog source, boolean inOrder) {
        this.log = log;
        this.source = source;
        this.inOrder = inOrder;
    }

    /** Lets a connection send what arrives from now on. */
    void live(SrtConnection connection) {
        // In this order: what arrives in between lies before the first position and is skipped.
        long firstArrival = source.arrivalEnd();
        connection.sendFrom(source, inOrder ? firstArrival : log.end(), firstArrival);
    }

    /** Lets a connection send from there on. Returns whether that can be. */
    boolean from(JoinPoint point, SrtConnection connection, long nowMicros) {
        Payload payload = log.payloadAt(point.position());
        long behindMicros = nowMicros - point.originMicros();
        if (payload == null || behindMicros > MAX_BEHIND_MICROS) {
            return false;
        }
        List<Payload> beginning = beginning(point, payload);
        long firstArrival = inOrder ? point.position() : point.arrival();
        double speed = speed(connection, payload.length() * (log.arrivalEnd() - point.arrival()), behindMicros);
        if (beginning.get(0).position() < 0 || speed < LEAST_SPEED) {
            return false;
        }
        connection.sendFrom(new Backlog(source, beginning, firstArrival, speed), nowMicros);
        return true;
    }

    /** The tables and the rest of the payload: in place of that payload if one can hold them, else one before it too. */
    private static List<Payload> beginning(JoinPoint point, Payload payload) {
        byte[] tables = point.tables().bytes();
        byte[] rest = Arrays.copyOfRange(payload.bytes(), Math.min(point.offset(), payload.length()), payload.length());
        if (tables.length + rest.length > Math.max(MAX_PAYLOAD, payload.length())) {
            return List.of(
                    new Payload(point.position() - 1, payload.originMicros(), tables),
                    new Payload(point.position(), payload.originMicros(), rest));
        }
        byte[] both = Arrays.copyOf(tables, tables.length + rest.length);
        System.arraycopy(rest, 0, both, tables.length, rest.length);
        return List.of(new Payload(point.position(), payload.originMicros(), both));
    }

    private static double speed(SrtConnection connection, long behindBytes, long behindMicros) {
        long most = connection.bandwidth().maximumBytesPerSecond();
        return most <= 0 || behindBytes == 0 ? SPEED : Math.min(SPEED, ROOM * most * behindMicros / 1e6 / behindBytes);
    }
}
