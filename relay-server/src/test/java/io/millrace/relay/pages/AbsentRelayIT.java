package io.millrace.relay.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import io.millrace.relay.TestRelay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A relay that goes away under the eyes of its visitors, and comes back. */
@Timeout(60)
@ExtendWith(ChromiumExtension.class)
class AbsentRelayIT {
    @Test
    void isToldInABannerUntilItAnswersAgain(Chromium chromium) {
        try (TestRelay first = TestRelay.startWithDemo();
                PageSession visitor =
                        chromium.visit(first).expecting("net::ERR_CONNECTION_REFUSED", "net::ERR_EMPTY_RESPONSE")) {
            visitor.open("/");
            Locator main = visitor.page().locator("main");
            Locator notice = visitor.page().locator("#notice");
            assertThat(main).containsText("demo");
            assertThat(notice).isEmpty();

            first.stopServer();

            assertThat(notice).containsText("The relay does not answer.");
            assertThat(main).containsText("demo");

            try (TestRelay second = TestRelay.start("http.port=" + first.httpPort())) {
                assertThat(notice).isEmpty();
                assertThat(main).not().containsText("demo");
                second.publish("returned").opened();
                assertThat(main).containsText("returned");
            }
        }
    }
}
