package io.millrace.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.relay.demo.DemoClip;
import io.millrace.relay.ts.TsAnalyser;
import io.millrace.relay.ts.TsJournal;
import io.millrace.relay.ts.TsPacket;
import io.vertx.core.buffer.Buffer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveReaderTest {
    private static final int LATENCY_MILLIS = 120;
    private static final int PLENTY = 64 << 20;
    private static final long SPAN_MICROS = 6_000_000;

    private final StreamLog log = new StreamLog(PLENTY, SPAN_MICROS);
    private final StreamAnalysis analysis = new StreamAnalysis(log);
    private final DemoClip clip = DemoClip.load();
    /** What was published, by position. */
    private final List<byte[]> published = new ArrayList<>();

    private Publication publication = publication();
    private Publication current = publication;
    private long offset;
    private long micros;
    private int skips;

    @Test
    void beginsWithTheTablesAndTheNewestRandomAccessPoint() {
        publish(1_000);
        JoinPoint point = analysis.newestJoinPoint();

        Buffer read = reader().read(PLENTY, micros);

        assertThat(TsPacket.pid(read.getBytes(), 0)).isZero();
        Buffer expected = Buffer.buffer(point.tables().bytes()).appendBytes(from(point.position(), point.offset()));
        assertThat(read).isEqualTo(expected);
        assertThat(TsPacket.isRandomAccess(read.getBytes(), point.tables().length()))
                .isTrue();
    }

    @Test
    void withoutARandomAccessPointItBeginsAtTheLiveEdge() {
        publishUnseen(100);
        LiveReader reader = reader();

        assertThat(reader.read(PLENTY, micros).length()).isZero();
        publishUnseen(5);

        assertThat(reader.read(PLENTY, micros).getBytes()).isEqualTo(from(100, 0));
    }

    @Test
    void goesOnWhereItWas() {
        publish(1_000);
        LiveReader reader = reader();
        Buffer all = Buffer.buffer();
        while (published.size() < 1_050) {
            all.appendBuffer(reader.read(20_000, micros));
            publish(1);
        }
        all.appendBuffer(reader.read(PLENTY, micros));

        assertThat(all.getBytes()).endsWith(from(1_000, 0));
        assertThat(skips).isZero();
        TsAnalyser analyser = new TsAnalyser(new TsJournal(), point -> {});
        analyser.take(all.getBytes(), 0, 0);
        assertThat(analyser.snapshot().continuityErrors()).isZero();
    }

    @Test
    void readsNoMoreThanABatchAndAPayload() {
        publish(1_000);

        assertThat(reader().read(10_000, micros).length()).isBetween(10_000, 10_000 + DemoClip.PAYLOAD_LENGTH);
    }

    @Test
    void whatIsMissingIsWaitedForAndThenLeftOut() {
        publish(100);
        LiveReader reader = reader();
        reader.read(PLENTY, micros);
        byte[] lost = next();
        byte[] behind = next();
        publication.slot().received(offset + 1, micros, behind);

        assertThat(reader.read(PLENTY, micros).length()).isZero();
        publication.slot().settled(offset + 2);

        assertThat(reader.read(PLENTY, micros).getBytes()).isEqualTo(behind).isNotEqualTo(lost);
        assertThat(skips).isZero();
    }

    @Test
    void whoFallsBehindIsBroughtToTheNewestRandomAccessPoint() {
        publish(1_000);
        LiveReader reader = reader();
        reader.read(PLENTY, micros);
        long edge = published.size();
        publishMicros(5_000_000);
        JoinPoint point = analysis.newestJoinPoint();
        assertThat(point.position()).isGreaterThan(edge);

        Buffer read = reader.read(PLENTY, micros);

        assertThat(read)
                .isEqualTo(Buffer.buffer(point.tables().bytes()).appendBytes(from(point.position(), point.offset())));
        assertThat(skips).isEqualTo(1);
    }

    @Test
    void whoIsALittleBehindMissesNothing() {
        publish(1_000);
        LiveReader reader = reader();
        reader.read(PLENTY, micros);
        publishMicros(1_900_000);

        assertThat(reader.read(PLENTY, micros).getBytes()).isEqualTo(from(1_000, 0));
        assertThat(skips).isZero();
    }

    @Test
    void whomTheLogHasLappedGoesOnWithWhatThereIs() {
        publishUnseen(100);
        LiveReader reader = reader();
        reader.read(PLENTY, micros);
        publishUnseen(10);
        reader.read(PLENTY, micros);
        for (long until = micros + 3 * SPAN_MICROS; micros < until; ) {
            publishUnseen(1);
        }

        assertThat(reader.read(PLENTY, micros).length()).isZero();
        publishUnseen(2);

        assertThat(reader.read(PLENTY, micros).getBytes()).isEqualTo(from(published.size() - 2, 0));
        assertThat(skips).isEqualTo(1);
    }

    @Test
    void endsWithItsPublisher() {
        publish(1_000);
        LiveReader reader = reader();
        reader.read(PLENTY, micros);
        publish(3);
        publication.slot().end();
        current = null;

        assertThat(reader.hasEnded()).isFalse();
        assertThat(reader.read(PLENTY, micros).getBytes()).isEqualTo(from(1_000, 0));
        assertThat(reader.hasEnded()).isTrue();
    }

    @Test
    void nothingOfAnotherPublisherIsRead() {
        publish(1_000);
        LiveReader reader = reader();
        reader.read(PLENTY, micros);
        publish(3);
        publication.slot().end();
        publication = publication();
        current = publication;
        offset = 0;
        // More than one random access point, and less than the log keeps.
        publish(200);

        assertThat(reader.read(PLENTY, micros).length()).isEqualTo(3 * DemoClip.PAYLOAD_LENGTH);
        assertThat(reader.hasEnded()).isTrue();
        assertThat(skips).isZero();
    }

    private LiveReader reader() {
        return new LiveReader(log, publication, () -> current, analysis::newestJoinPoint, () -> skips++);
    }

    private void publish(int payloads) {
        publishUnseen(payloads);
        while (analysis.advance(current)) {
            // In turns.
        }
    }

    private void publishMicros(long span) {
        for (long until = micros + span; micros < until; ) {
            publish(1);
        }
    }

    private void publishUnseen(int payloads) {
        for (int i = 0; i < payloads; i++) {
            byte[] payload = next();
            published.add(payload);
            publication.slot().received(offset++, micros, payload);
            publication.slot().settled(offset);
        }
    }

    private byte[] next() {
        micros = clip.nextDueMicros();
        return clip.next();
    }

    private byte[] from(long position, int at) {
        Buffer bytes = Buffer.buffer();
        published.subList((int) position, published.size()).forEach(bytes::appendBytes);
        return Arrays.copyOfRange(bytes.getBytes(), at, bytes.length());
    }

    private Publication publication() {
        PublisherSlot slot = new PublisherSlot(log, () -> micros);
        Publisher publisher = new Publisher(new InetSocketAddress("192.0.2.1", 5000), LATENCY_MILLIS, 0, "", why -> {});
        return new Publication(null, publisher, new Claim("s", NodeIdentity.alone("node"), 1, ""), slot, 0);
    }
}
