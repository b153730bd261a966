package io.millrace.relay.demo;

import io.millrace.relay.ts.TsPacket;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a receiver got, packets named by their index from the first. */
final class ReceivedTs {
    private final byte[] ts;
    private final List<Integer> packets;

    ReceivedTs(byte[] ts) {
        this.ts = ts;
        packets = IntStream.range(0, ts.length / TsPacket.LENGTH).boxed().toList();
    }

    /** Takes whole payloads until there are at least so many bytes. */
    static ReceivedTs of(DemoClip clip, int bytes) {
        var all = new ByteArrayOutputStream();
        while (all.size() < bytes) {
            all.writeBytes(clip.next());
        }
        return new ReceivedTs(all.toByteArray());
    }

    byte[] bytes() {
        return ts;
    }

    /** The PIDs that were seen, but for null packets, whose continuity counter means nothing. */
    Set<Integer> pids() {
        return packets.stream()
                .map(packet -> TsPacket.pid(ts, at(packet)))
                .filter(pid -> pid != 0x1FFF)
                .collect(Collectors.toSet());
    }

    List<Integer> packetsOf(int pid) {
        return packets.stream()
                .filter(packet -> TsPacket.pid(ts, at(packet)) == pid)
                .toList();
    }

    List<Integer> packetsWithPcr() {
        return packets.stream()
                .filter(packet -> TsPacket.hasPcr(ts, at(packet)))
                .toList();
    }

    long pcr(int packet) {
        return TsPacket.pcr(ts, at(packet));
    }

    boolean hasPayload(int packet) {
        return TsPacket.hasPayload(ts, at(packet));
    }

    boolean isRandomAccess(int packet) {
        return TsPacket.isRandomAccess(ts, at(packet));
    }

    int continuityCounter(int packet) {
        return TsPacket.continuityCounter(ts, at(packet));
    }

    /** The PES packets of an elementary stream, but for the last, which may be cut off. */
    List<Frames> frames(int pid) {
        List<Frames> received = new ArrayList<>();
        var content = new ByteArrayOutputStream();
        long pts = 0;
        long dts = 0;
        int lastPacket = -1;
        for (int packet : packetsOf(pid)) {
            if (!hasPayload(packet)) {
                continue;
            }
            int payload = TsPacket.payloadOffset(ts, at(packet));
            if (TsPacket.startsUnit(ts, at(packet))) {
                if (lastPacket >= 0) {
                    received.add(new Frames(pts, dts, frameCount(content.toByteArray()), lastPacket));
                }
                content.reset();
                pts = PesTimestamps.pts(ts, payload);
                dts = PesTimestamps.dts(ts, payload);
                payload += 9 + (ts[payload + 8] & 0xFF);
            }
            content.write(ts, payload, at(packet) + TsPacket.LENGTH - payload);
            lastPacket = packet;
        }
        return received;
    }

    /** The ADTS frames that fill the content of a PES packet; 1 if it is no audio. */
    private static int frameCount(byte[] content) {
        int frames = 0;
        int at = 0;
        while (at < content.length) {
            boolean adts = (content[at] & 0xFF) == 0xFF && (content[at + 1] & 0xF6) == 0xF0;
            if (!adts) {
                return 1;
            }
            at += (content[at + 3] & 0x03) << 11 | (content[at + 4] & 0xFF) << 3 | (content[at + 5] & 0xE0) >> 5;
            frames++;
        }
        return frames;
    }

    private static int at(int packet) {
        return packet * TsPacket.LENGTH;
    }

    /** One PES packet: the times of its first frame in ticks of 90 kHz, its frames, and the packet in which it ends. */
    record Frames(long pts, long dts, int count, int lastPacket) {}
}
