package io.millrace.relay.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.millrace.relay.TestCall;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The first page, and that of the attempts to connect. */
class DashboardIT extends DemoVisit {
    private static final Pattern BIT_RATE = Pattern.compile("[1-9][0-9.]* [kM]bit/s");

    @Test
    void streamIsACardWithItsBitRateNow() {
        visitor.open("/");
        Locator card = cardOf("demo");
        Locator rate = card.locator(".rate");
        assertThat(rate).containsText(BIT_RATE);
        assertThat(card).containsText("H.264");

        visitor.awaitChange(rate);
    }

    @Test
    void streamComesAndGoesAndIsThenAmongThoseThatEnded() {
        visitor.open("/");
        assertThat(cardOf("demo")).isVisible();
        TestCall publisher = relay.publish("guest").opened();
        assertThat(cardOf("guest")).isVisible();

        publisher.hangUp();

        assertThat(cardOf("guest")).isHidden();
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Streams that ended")))
                .containsText("guest");
    }

    @Test
    void refusedAttemptIsShownWithWhatToDo() {
        assertThat(relay.request("nowhere").refusedOrOpen()).isPositive();

        visitor.open("/#/attempts");

        Locator attempt =
                page.locator("[data-result=refused]").filter(new Locator.FilterOptions().setHasText("nowhere"));
        assertThat(attempt).containsText("Refused");
        assertThat(attempt.locator(".advice")).containsText(Pattern.compile("[a-z]+ [a-z]+ [a-z]+"));
    }

    @Test
    void listOfAttemptsCanBeNarrowedAndItsAddressPassedOn() {
        relay.request("absent").refusedOrOpen();
        visitor.open("/#/attempts");
        Locator attempts = page.locator("[data-result]");
        assertThat(attempts.filter(new Locator.FilterOptions().setHasText("absent")))
                .hasCount(1);
        assertThat(page.locator("[data-result=accepted]").first()).isVisible();

        page.getByLabel("Search").fill("absent");

        assertThat(attempts).hasCount(1);
        page.reload();
        assertThat(attempts).hasCount(1);
        assertThat(attempts).containsText("absent");
    }

    private Locator cardOf(String stream) {
        return page.getByRole(AriaRole.LISTITEM)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.HEADING,
                                new Page.GetByRoleOptions().setName(stream).setExact(true))));
    }
}
