package io.millrace.relay.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.call.CallFailedException;
import io.millrace.relay.call.Knock;
import io.millrace.srt.handshake.RejectReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CallRefusalTest {
    @ParameterizedTest
    @EnumSource(
            value = RejectReason.class,
            names = {"UNKNOWN", "TIMEOUT"},
            mode = EnumSource.Mode.EXCLUDE)
    void everyRefusalIsToldWithItsCodeNameAndMeaning(RejectReason reason) {
        assertThat(describe(reason, reason.handshakeType(), false))
                .matches("refused with " + reason.code() + " " + reason.name() + ": [a-z].{10,}");
    }

    @Test
    void aCodeWithoutANameIsToldAsItIs() {
        assertThat(describe(RejectReason.UNKNOWN, 1000 + 2042, false)).startsWith("refused with 2042: ");
    }

    @Test
    void aPassphraseThatOnlyOneSideHasIsToldFromOurSide() {
        assertThat(describe(RejectReason.UNSECURE, 1011, true)).contains("leave passphrase= out");
        assertThat(describe(RejectReason.UNSECURE, 1011, false)).contains("set passphrase=");
    }

    @Test
    void whatWeDoNotAcceptIsNotTheServersRefusal() {
        assertThat(describe(RejectReason.VERSION, 0, false))
                .startsWith("the server's answer can't be accepted, 8 VERSION");
    }

    @ParameterizedTest
    @CsvSource({
        "PORT_CLOSED, the port is closed",
        "SILENCE, a firewall",
        "ANSWERED, but not the second",
        "NOT_SRT, but not as SRT",
        "UNSENDABLE, nothing can be sent"
    })
    void silenceIsExplainedByTheKnock(Knock.Outcome knock, String words) {
        CallFailedException failure = new CallFailedException(RejectReason.TIMEOUT, 0);

        assertThat(CallRefusal.describe(failure, false, knock)).contains(words);
    }

    @Test
    void onlyWhatMayPassIsTriedAgain() {
        assertThat(RejectReason.NOT_FOUND).matches(CallRefusal::mayPass);
        assertThat(RejectReason.CONFLICT).matches(CallRefusal::mayPass);
        assertThat(RejectReason.TIMEOUT).matches(CallRefusal::mayPass);
        assertThat(RejectReason.BAD_SECRET).matches(reason -> !CallRefusal.mayPass(reason));
        assertThat(RejectReason.UNAUTHORIZED).matches(reason -> !CallRefusal.mayPass(reason));
    }

    private static String describe(RejectReason reason, int rejectionType, boolean encrypted) {
        return CallRefusal.describe(new CallFailedException(reason, rejectionType), encrypted, Knock.Outcome.ANSWERED);
    }
}
