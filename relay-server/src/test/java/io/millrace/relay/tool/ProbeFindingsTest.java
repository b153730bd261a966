package io.millrace.relay.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.tool.ProbeReport.Finding;
import io.millrace.relay.ts.TsAnalyser;
import io.millrace.relay.ts.TsPackets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProbeFindingsTest {
    private static final List<String> FLAGS =
            List.of("TSBPDSND", "TSBPDRCV", "CRYPT", "TLPKTDROP", "NAKREPORT", "REXMITFLG");

    private ProbeReport.Handshake handshake = handshake(120, 1456, FLAGS);
    private ProbeReport.RoundTrip roundTrip = new ProbeReport.RoundTrip(8, 10, 20, 50);
    private ProbeReport.@Nullable Reception reception = reception(0, 0, 0);
    private final TsAnalyser analyser = new TsAnalyser();

    @Test
    void aCleanStreamHasNoFindings() {
        cleanStream();

        assertThat(findings()).isEmpty();
    }

    @Test
    void aLatencyBelowThreeRoundTripsIsToLow() {
        cleanStream();
        roundTrip = new ProbeReport.RoundTrip(40, 41, 52, 50);

        assertThat(findings())
                .containsExactly(new Finding(
                        true,
                        "latency 120 ms is less than 3 round trips of 41.0 ms",
                        "set latency=210, so that a packet can be asked for more than once"));
    }

    @Test
    void whatIsMissingInTheEndIsAProblemAndWhatWasRecoveredANote() {
        cleanStream();
        reception = reception(50, 0, 0);
        assertThat(findings())
                .containsExactly(
                        new Finding(false, "5.00 % of the packets were lost on the way, and all recovered", ""));

        reception = reception(50, 10, 0);
        assertThat(findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .isEqualTo("10 of 1,010 packets did not come in time and are missing (4.95 % were lost on the"
                                + " way)"));
        assertThat(findings()).allMatch(Finding::problem);
    }

    @Test
    void continuityErrorsWithoutLossAreTheSources() {
        cleanStream();
        take(TsPackets.payload(0x100, 9));

        assertThat(findings())
                .extracting(Finding::text)
                .containsExactly("1 continuity errors although nothing was lost here: the source is broken already");
    }

    @Test
    void somethingElseThanMpegTsIsToldAlone() {
        take(new byte[1316]);

        assertThat(findings()).extracting(Finding::text).containsExactly("what comes is not MPEG-TS");
    }

    @Test
    void tablesAndClocksThatAreMissingAreTold() {
        take(TsPackets.payload(0x100, 0));
        assertThat(findings()).extracting(Finding::text).containsExactly("no PAT came: players can't find the streams");

        take(TsPackets.section(0, 0, TsPackets.pat(0, 1, 0x1000)));
        assertThat(findings()).extracting(Finding::text).contains("program 1 is in the PAT, but its PMT did not come");

        take(TsPackets.section(
                0x1000, 0, TsPackets.pmt(1, 0, 0x100, TsPackets.stream(0x1B, 0x100), TsPackets.stream(0x0F, 0x101))));
        assertThat(findings())
                .extracting(Finding::text)
                .containsExactly(
                        "program 1 has no clock (PCR)",
                        "nothing came of PID 0x101 (AAC audio), which the PMT promises");
    }

    @Test
    void aClockThatIsRareOrJumpsIsTold() {
        cleanStream();
        take(TsPackets.pcr(0x100, 5, 27_000_000 * 2L, false));
        take(TsPackets.pcr(0x100, 6, 0, false));

        assertThat(findings())
                .extracting(Finding::text)
                .containsExactly(
                        "the clock of program 1 jumped 1 times without saying so",
                        "the clock of program 1 comes up to 1880 ms apart");
    }

    @Test
    void oddPayloadsAndSilenceAreTold() {
        cleanStream();
        reception = reception(0, 0, 7);
        assertThat(findings())
                .extracting(Finding::text)
                .containsExactly("7 of 1,000 payloads are no whole TS packets (1316 to 1316 bytes)");

        ProbeReport silent = report(new ProbeReport.Reception(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null), null);
        assertThat(ProbeFindings.of(silent, true))
                .extracting(Finding::text)
                .containsExactly("connected, but nothing came");
        assertThat(ProbeFindings.of(report(null, null), false)).isEmpty();
    }

    @Test
    void aServerWithoutLiveModeOrRoomForPayloadsIsTold() {
        cleanStream();
        handshake = handshake(120, 1200, List.of("TSBPDSND", "TLPKTDROP"));

        assertThat(findings())
                .extracting(Finding::text)
                .containsExactly(
                        "payloads may have 1200 bytes, less than seven TS packets",
                        "the server doesn't announce NAKREPORT");
    }

    private void cleanStream() {
        take(TsPackets.section(0, 0, TsPackets.pat(0, 1, 0x1000)));
        take(TsPackets.section(0x1000, 0, TsPackets.pmt(1, 0, 0x100, TsPackets.stream(0x1B, 0x100))));
        for (int i = 0; i < 5; i++) {
            take(TsPackets.pcr(0x100, i, 30 * 27_000L * i, false));
        }
    }

    private List<Finding> findings() {
        return ProbeFindings.of(report(reception, TsReports.of(analyser.snapshot(), 5)), true);
    }

    private ProbeReport report(ProbeReport.@Nullable Reception came, ProbeReport.@Nullable TsReport ts) {
        return new ProbeReport(
                "srt://127.0.0.1:1",
                "127.0.0.1",
                "",
                ProbeReport.Reached.MEDIA,
                null,
                null,
                handshake,
                roundTrip,
                came,
                ts,
                List.of());
    }

    private static ProbeReport.Handshake handshake(int latency, int payload, List<String> flags) {
        return new ProbeReport.Handshake("1.5.3", flags, latency, latency, 0, null, payload + 44, payload, 8192);
    }

    private static ProbeReport.Reception reception(long lost, long dropped, long odd) {
        return new ProbeReport.Reception(
                5, 1_000, 1_316_000, 2e6, lost, lost - dropped, dropped, 0, 1316, 1316, odd, null);
    }

    private void take(byte[] payload) {
        analyser.take(payload, 0, 0);
    }
}
