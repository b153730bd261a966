package io.millrace.relay.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import io.millrace.relay.TestCall;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of one stream: its figures, graphs and subscribers. */
class StreamPageIT extends DemoVisit {
    private static final Pattern BIT_RATE = Pattern.compile("[1-9][0-9.]* [kM]bit/s");

    @BeforeEach
    void open() {
        // What is asked of a connection that has just ended is answered so.
        visitor.expecting("status of 404").open("/#/streams/demo");
    }

    @Test
    void headShowsThatItIsLiveAndItsBitRateNow() {
        Locator rate = page.locator("[data-field=bit-rate]");
        assertThat(page.locator("[data-field=state]")).containsText("Live");
        assertThat(rate).hasText(BIT_RATE);
        assertThat(page.locator("[data-field=contents]")).containsText("H.264");

        visitor.awaitChange(rate);
    }

    @Test
    void graphsAreDrawnAndMoveOn() {
        Locator graph = page.locator("[data-graph=in]");
        assertThat(graph.locator("dd").first()).hasText(BIT_RATE);
        String drawing = visitor.text(drawingOf("[data-graph=in] canvas"));
        String time = graph.locator("time").getAttribute("datetime");

        assertThat(graph.locator("time")).not().hasAttribute("datetime", time);
        page.waitForFunction("(before) => " + drawingOf("[data-graph=in] canvas") + " !== before", drawing);
    }

    @Test
    void graphTellsItsValuesToTheArrowKeys() {
        Locator graph = page.locator("[data-graph=in]");
        assertThat(graph.locator("dd").first()).hasText(BIT_RATE);
        graph.getByRole(AriaRole.IMG).first().focus();

        page.keyboard().press("ArrowLeft");

        assertThat(graph.locator("[aria-live=polite]")).containsText("bit/s");
    }

    @Test
    void subscriberIsKickedWhenThatIsConfirmedOnly() {
        TestCall subscriber = relay.request("demo").opened();
        Locator row = page.locator("#subscribers tbody tr").first();
        row.getByRole(AriaRole.BUTTON).click();
        Locator kick = page.locator("#subscribers").getByRole(AriaRole.BUTTON, named("Kick"));
        Locator dialog = page.getByRole(AriaRole.DIALOG);

        kick.click();
        assertThat(dialog).containsText("the subscriber at 127.0.0.1");
        visitor.screenshot("kick-dialog");
        page.keyboard().press("Escape");
        assertThat(dialog).isHidden();
        assertThat(kick).isFocused();
        kick.click();
        dialog.getByRole(AriaRole.BUTTON, named("Cancel")).click();
        assertThat(dialog).isHidden();
        assertThat(subscriber.isOpen()).isTrue();

        kick.click();
        dialog.getByRole(AriaRole.BUTTON, named("Kick")).click();

        subscriber.ended();
        assertThat(dialog).isHidden();
        assertThat(page.getByText(Pattern.compile("^Kicked "))).isVisible();
        assertThat(row).isHidden();
    }

    @Test
    void labelIsShownAsItWasTyped() {
        TestCall subscriber = relay.request("demo").opened();
        Locator who = page.locator("#subscribers tbody tr").first().getByRole(AriaRole.BUTTON);
        who.click();
        page.locator("#subscribers").getByRole(AriaRole.BUTTON, named("Label")).click();

        page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.TEXTBOX).fill("Studio <b>2</b>");
        page.keyboard().press("Enter");

        assertThat(who).containsText("Studio <b>2</b>");
        subscriber.hangUp();
        assertThat(who).isHidden();
    }

    @Test
    void streamThatEndsSaysSoAndComesBackByItself() {
        TestCall publisher = relay.publish("short").opened();
        visitor.open("/#/streams/short");
        Locator state = page.locator("[data-field=state]");
        assertThat(state).containsText("Live");

        publisher.hangUp();
        assertThat(state).not().containsText("Live");
        relay.publish("short").opened();

        assertThat(state).containsText("Live");
    }

    private static String drawingOf(String canvas) {
        return "document.querySelector('" + canvas + "').toDataURL()";
    }

    private static Locator.GetByRoleOptions named(String name) {
        return new Locator.GetByRoleOptions().setName(name);
    }
}
