package io.millrace.relay.stats;

import io.millrace.relay.stats.StreamHealth.Findings;
import io.millrace.relay.ts.IndicatorState;
import io.millrace.relay.ts.TsIndicator;
import io.millrace.relay.ts.TsSnapshot;

/** What the analysis of a transport stream says of its health, with what to do about each indicator that fails. */
final class TsFindings {
    private TsFindings() {}

    /** @param lossIsKnown whether packets that are missing are told of already */
    static void judge(TsSnapshot content, boolean lossIsKnown, Findings findings) {
        if (content.state() == TsSnapshot.State.NOT_MPEG_TS) {
            findings.fair("What comes is not MPEG-TS, which most players want: set the encoder's format to MPEG-TS.");
            return;
        }
        for (IndicatorState state : content.indicators()) {
            TsIndicator indicator = state.indicator();
            if (!state.failing() || lossIsKnown && indicator == TsIndicator.CONTINUITY) {
                continue;
            }
            String reason = "TR 101 290, " + indicator.number() + ": " + indicator.text() + ". " + remedy(indicator);
            if (indicator.priority() == 1) {
                findings.bad(reason);
            } else {
                findings.fair(reason);
            }
        }
    }

    private static String remedy(TsIndicator indicator) {
        return switch (indicator) {
            case SYNC_LOSS, SYNC_BYTE -> "Let the encoder send whole TS packets, 7 in a payload of 1,316 bytes.";
            case PAT, PMT -> "Let the encoder repeat PAT and PMT every 100 ms.";
            case CONTINUITY -> "They were missing before SRT carried them: look at the encoder and what feeds it.";
            case PID -> "An input of the encoder has stopped, or its PMT promises too much.";
            case TRANSPORT -> "Its source receives badly: look at what feeds the encoder.";
            case CRC -> "Look at what feeds the encoder.";
            case PCR_REPETITION -> "Let the encoder send a PCR every 40 ms.";
            case PCR_DISCONTINUITY -> "Its source began anew, as a file that is looped does; players may stumble.";
            case PTS -> "An input of the encoder has stopped, or its frame rate is very low.";
            case CAT -> "It is scrambled: decrypt it before the encoder.";
            default -> "";
        };
    }
}
