package io.millrace.srt.endpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.srt.ReplayWithoutInstrumentation;
import io.millrace.srt.receive.Delivery;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ReplayWithoutInstrumentation.class)
class CapturedSessionFuzzTest {
    private static final int DATAGRAMS = 100;
    private static final List<CapturedSession> SESSIONS = Stream.of("01", "04", "12", "20", "21", "23b", "51", "52")
            .map(CapturedSession::new)
            .toList();

    @FuzzTest(maxDuration = "5s")
    void aDamagedSessionDoesNoHarmToOthers(byte[] input) {
        FuzzedChoices choices = new FuzzedChoices(input);
        CapturedSession session = SESSIONS.get(choices.nextInt(SESSIONS.size()));
        AttackedListener listener = new AttackedListener(Delivery.values()[choices.nextInt(2)]);

        session.replay(listener, DATAGRAMS, new SessionTampering(choices));

        listener.assertNoHarm();
    }
}
