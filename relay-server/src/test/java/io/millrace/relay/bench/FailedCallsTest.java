package io.millrace.relay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.call.CallFailedException;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailedCallsTest {
    @Test
    void countsByReasonAndSaysWhatToDo() {
        FailedCalls failed = FailedCalls.among(List.of(
                Future.succeededFuture(),
                refused(RejectReason.NOT_FOUND, 2404),
                refused(RejectReason.OVERLOAD, 2402),
                refused(RejectReason.NOT_FOUND, 2404)));

        assertThat(failed.count()).isEqualTo(3);
        assertThat(failed.describe("subscribers", "srt://192.0.2.7:1", false))
                .isEqualTo("3 of 4 subscribers could not connect to srt://192.0.2.7:1: NOT_FOUND (2), OVERLOAD (1);"
                        + " the server takes no more: ask for less, or raise its limits;"
                        + " check that --publish-id and --request-id name the same stream");
    }

    @Test
    void codeWithoutANameIsShownAsANumber() {
        FailedCalls failed = FailedCalls.among(List.of(refused(RejectReason.UNKNOWN, 3_999)));

        assertThat(failed.byLabel()).containsOnlyKeys("code 2999");
    }

    @Test
    void whoDoesNotEncryptIsToldToAndWhoDoesIsToldNotTo() {
        FailedCalls failed = FailedCalls.among(List.of(refused(RejectReason.UNSECURE, 1_011)));

        assertThat(failed.describe("publishers", "x", false)).endsWith("the server encrypts: give --passphrase");
        assertThat(failed.describe("publishers", "x", true))
                .endsWith("the server does not encrypt: leave out --passphrase");
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonHasAnAdvice(RejectReason reason) {
        FailedCalls failed = FailedCalls.among(List.of(refused(reason, reason.handshakeType())));

        assertThat(failed.describe("publishers", "x", false))
                .matches("1 of 1 publishers could not connect to x: \\w+ \\(1\\); \\w.*");
    }

    private static Future<Void> refused(RejectReason reason, int rejectionType) {
        return Future.failedFuture(new CallFailedException(reason, rejectionType));
    }
}
