package io.millrace.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.relay.demo.DemoClip;
import io.millrace.relay.ts.RandomAccessPoint;
import io.millrace.relay.ts.TsEvent;
import io.millrace.relay.ts.TsIndicator;
import io.millrace.relay.ts.TsPacket;
import io.millrace.relay.ts.TsSnapshot;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StreamAnalysisTest {
    private static final long SPAN_MICROS = 10_000_000;

    private final StreamLog log = new StreamLog(64 << 20, SPAN_MICROS);
    private final StreamAnalysis analysis = new StreamAnalysis(log);
    private final DemoClip clip = DemoClip.load();
    private Publication publication = publication();
    private long offset;
    private long micros;

    @Test
    void withoutAPublisherThereIsNothing() {
        assertThat(analysis.advance(null)).isFalse();

        assertThat(analysis.snapshot()).isNull();
    }

    @Test
    void whatIsSettledIsLookedAtInOrder() {
        publish(500);
        analysis.advance(publication);

        TsSnapshot seen = analysis.snapshot();
        assertThat(seen.packets()).isEqualTo(3_500);
        assertThat(seen.continuityErrors()).isZero();
    }

    @Test
    void aReaderMayBeginAtTheNewestRandomAccessPoint() {
        publish(500);
        analysis.advance(publication);

        JoinPoint join = analysis.newestJoinPoint();
        RandomAccessPoint point = analysis.snapshot().randomAccess();
        assertThat(join.position()).isEqualTo(point.position()).isPositive();
        assertThat(join.arrival()).isEqualTo(join.position());
        assertThat(join.originMicros()).isEqualTo(log.payloadAt(join.position()).originMicros());
        byte[] payload = log.payloadAt(join.position()).bytes();
        assertThat(TsPacket.pid(payload, join.offset())).isEqualTo(0x100);
        assertThat(TsPacket.isRandomAccess(payload, join.offset())).isTrue();
        byte[] tables = join.tables().bytes();
        assertThat(tables).hasSize(2 * TsPacket.LENGTH);
        assertThat(TsPacket.pid(tables, 0)).isZero();
        assertThat(TsPacket.pid(tables, TsPacket.LENGTH)).isEqualTo(0x1000);
    }

    @Test
    void aPayloadThatArrivedBeforeItsPredecessorsIsNotLeftOut() {
        publish(100);
        long first = offset;
        List<byte[]> payloads = Stream.generate(clip::next).limit(400).toList();
        for (int i = 3; i >= 0; i--) {
            for (int j = i; j < 400; j += 4) {
                publication.slot().received(first + j, micros, payloads.get(j));
            }
        }
        offset += 400;
        publication.slot().settled(offset);
        analysis.advance(publication);

        JoinPoint join = analysis.newestJoinPoint();
        assertThat(join.position()).isGreaterThan(first);
        for (long arrival = 0; arrival < join.arrival(); arrival++) {
            assertThat(log.positionOfArrival(arrival)).isLessThan(join.position());
        }
        assertThat(log.positionOfArrival(join.arrival())).isGreaterThanOrEqualTo(join.position());
    }

    @Test
    void thereIsNoPlaceToBeginWithoutAPublisherOrBeforeItsFirstPicture() {
        publish(500);
        analysis.advance(publication);
        analysis.advance(null);
        assertThat(analysis.newestJoinPoint()).isNull();

        publish(500);
        analysis.advance(publication);
        assertThat(analysis.newestJoinPoint()).isNotNull();

        publication = publication();
        offset = 0;
        analysis.advance(publication);
        assertThat(analysis.newestJoinPoint()).isNull();
    }

    @Test
    void whatIsStillAwaitedIsWaitedFor() {
        publish(10);
        byte[] late = clip.next();
        byte[] next = clip.next();
        publication.slot().received(11, micros, next);
        analysis.advance(publication);
        assertThat(analysis.snapshot().packets()).isEqualTo(70);

        publication.slot().received(10, micros, late);
        publication.slot().settled(12);
        analysis.advance(publication);

        assertThat(analysis.snapshot().packets()).isEqualTo(84);
        assertThat(analysis.snapshot().continuityErrors()).isZero();
    }

    @Test
    void whatWasGivenUpIsMissing() {
        publish(10);
        clip.next();
        offset++;
        publish(10);
        analysis.advance(publication);

        assertThat(analysis.snapshot().missingPayloads()).isEqualTo(1);
        assertThat(analysis.snapshot().skippedPayloads()).isZero();
    }

    @Test
    void whatTheLogHasReleasedIsSkippedAndNoError() {
        publish(10);
        analysis.advance(publication);
        publish(3_000);
        analysis.advance(publication);

        TsSnapshot seen = analysis.snapshot();
        assertThat(seen.skippedPayloads()).isPositive();
        assertThat(seen.missingPayloads()).isZero();
        assertThat(seen.continuityErrors()).isZero();
        assertThat(seen.packets()).isEqualTo(7 * (3_010 - seen.skippedPayloads()));
        assertThat(seen.events()).extracting(TsEvent::indicator).contains(TsIndicator.SKIPPED);
    }

    @Test
    void moreThanATurnIsLookedAtInTurns() {
        log.keepFor(600_000_000);
        publish(10_000);

        int turns = 1;
        while (analysis.advance(publication)) {
            turns++;
        }

        assertThat(turns).isEqualTo(3);
        assertThat(analysis.snapshot().packets()).isEqualTo(70_000);
    }

    @Test
    void anotherPublisherBeginsAnewAndTheEventsStay() {
        publish(100);
        clip.next();
        offset++;
        publish(100);
        publication.slot().end();
        Publication second = publication();
        publication = second;
        offset = 0;
        analysis.advance(second);
        publish(50);
        analysis.advance(second);

        TsSnapshot seen = analysis.snapshot();
        assertThat(seen.packets()).isEqualTo(350);
        assertThat(seen.continuityErrors()).isZero();
        assertThat(seen.events()).extracting(TsEvent::indicator).contains(TsIndicator.STARTED);
    }

    @Test
    void switchedOffNothingIsKept() {
        publish(100);
        analysis.advance(publication);
        analysis.stop();
        assertThat(analysis.snapshot()).isNull();

        publish(100);
        analysis.advance(publication);
        assertThat(analysis.snapshot().state()).isEqualTo(TsSnapshot.State.MPEG_TS);
    }

    private void publish(int payloads) {
        for (int i = 0; i < payloads; i++) {
            micros = clip.nextDueMicros();
            publication.slot().received(offset++, micros, clip.next());
        }
        publication.slot().settled(offset);
    }

    private Publication publication() {
        PublisherSlot slot = new PublisherSlot(log, () -> micros);
        Publisher publisher = new Publisher(new InetSocketAddress("192.0.2.1", 5000), 120, 0, "", why -> {});
        return new Publication(null, publisher, new Claim("s", NodeIdentity.alone("node"), 1, ""), slot, 0);
    }
}
