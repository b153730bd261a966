package io.millrace.relay.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.millrace.relay.TestRelay;
import io.millrace.relay.demo.DemoClip;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that whoever publishes may choose: they are shown as they are, and are nothing but text. */
@Timeout(60)
@ExtendWith(ChromiumExtension.class)
class HostileNamesIT {
    private static TestRelay relay;
    private static Chromium chromium;

    @BeforeAll
    static void start(Chromium browser) {
        chromium = browser;
        relay = TestRelay.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<img src=x onerror=alert(1)>",
                "\"><script>alert('x')</script>",
                "live/Grüße aus Köln & 100%",
                "#/connect & 50%",
                "__proto__",
                "AVeryLongNameWithoutAnyPlaceWhereALineCouldBeBroken/AVeryLongNameWithoutAnyPlaceWhereALineCouldBeBroken",
            })
    void nameIsShownAsItIsAndItsPagesOpen(String name) {
        relay.publish(name).opened().publish(DemoClip.load().next());
        try (PageSession visitor = chromium.visit(relay, Look.PHONE)) {
            Page page = visitor.page();
            Locator heading = page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1));
            visitor.open("/");

            page.getByRole(
                            AriaRole.LINK,
                            new Page.GetByRoleOptions().setName(name).setExact(true))
                    .click();
            assertThat(heading).hasText(name);
            assertThat(page.locator("[data-field=state]")).containsText("Live");
            visitor.assertItFits();
            page.reload();
            assertThat(heading).hasText(name);

            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("How to connect"))
                    .click();
            assertThat(page.getByLabel("Stream", new Page.GetByLabelOptions().setExact(true)))
                    .hasValue(name);
            assertThat(page.locator("main img, main script")).hasCount(0);
        }
    }
}
