package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.3, Table 7, and libsrt's access control codes. */
class RejectReasonTest {
    @ParameterizedTest
    @CsvSource({
        "UNKNOWN, 0, 1000", "ROGUE, 4, 1004", "BACKLOG, 5, 1005", "VERSION, 8, 1008", "BAD_SECRET, 10, 1010",
        "UNSECURE, 11, 1011", "FILTER, 14, 1014", "GROUP, 15, 1015", "CRYPTO, 17, 1017", "FALLBACK, 1000, 2000",
        "UNAUTHORIZED, 1401, 2401", "NOT_FOUND, 1404, 2404", "CONFLICT, 1409, 2409", "NO_ROOM, 1507, 2507"
    })
    void theWireValueIsTheCodeAndOneThousand(RejectReason reason, int code, int handshakeType) {
        assertThat(reason.code()).isEqualTo(code);
        assertThat(reason.handshakeType()).isEqualTo(handshakeType);
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonIsFoundByItsWireValue(RejectReason reason) {
        assertThat(RejectReason.ofHandshakeType(reason.handshakeType())).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {1018, 1404, 1999, 2004, 3005, Integer.MAX_VALUE})
    void aValueThatNobodyAssignedIsUnknown(int handshakeType) {
        assertThat(RejectReason.ofHandshakeType(handshakeType)).isEqualTo(RejectReason.UNKNOWN);
    }
}
