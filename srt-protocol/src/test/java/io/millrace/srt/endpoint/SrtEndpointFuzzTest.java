package io.millrace.srt.endpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.srt.ReplayWithoutInstrumentation;
import io.millrace.srt.receive.Delivery;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ReplayWithoutInstrumentation.class)
class SrtEndpointFuzzTest {
    private static final int MAX_OPERATIONS = 500;

    @FuzzTest(maxDuration = "5s")
    void nobodyHarmsAnotherConnection(byte[] input) {
        FuzzedChoices choices = new FuzzedChoices(input);
        AttackedListener target = new AttackedListener(Delivery.values()[choices.nextInt(2)]);
        HostileInputs attacker = new HostileInputs(target, choices);
        attacker.connection(0);
        attacker.connection(1);

        for (int i = 0; i < MAX_OPERATIONS && !choices.isExhausted(); i++) {
            if (choices.nextInt(4) == 0) {
                target.advance(4_000 * choices.nextInt(256));
            }
            attacker.attack();
        }

        target.assertNoHarm();
    }
}
