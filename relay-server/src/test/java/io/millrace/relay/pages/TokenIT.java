package io.millrace.relay.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.millrace.relay.TestRelay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A relay with http.tokens, and visitors who have one or not. */
@Timeout(60)
@ExtendWith(ChromiumExtension.class)
class TokenIT {
    private static final String READ = "read-token-0123456789";
    private static final String ADMIN = "admin-token-0123456789==";

    private static TestRelay relay;
    private static Chromium chromium;

    private PageSession visitor;
    private Page page;

    @BeforeAll
    static void start(Chromium browser) {
        chromium = browser;
        relay = TestRelay.startWithDemo(
                "http.tokens[0].name=viewer",
                "http.tokens[0].token=" + READ,
                "http.tokens[1].name=anna",
                "http.tokens[1].token=" + ADMIN,
                "http.tokens[1].scope=admin");
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @BeforeEach
    void visit() {
        // Without a token and with a wrong one the relay answers 401, and the browser says so in its console.
        visitor = chromium.visit(relay).expecting("status of 401");
        page = visitor.page();
    }

    @AfterEach
    void leave() {
        visitor.close();
    }

    @Test
    void whoHasNoTokenIsAskedForOneAndSeesNothing() {
        visitor.open("/");

        assertThat(dialog()).containsText("This relay shows itself to who has a token.");
        assertThat(dialog().getByLabel("Token", exactly())).isFocused();
        visitor.screenshot("token-dialog");
        assertThat(page.locator("main")).not().containsText("demo");
    }

    @Test
    void wrongTokenIsRefusedInASentenceAndShowsNothing() {
        visitor.open("/");

        enter("of-somebody-else-0123");

        assertThat(dialog().getByRole(AriaRole.ALERT)).containsText("No entry of http.tokens has this token.");
        assertThat(page.locator("main")).not().containsText("demo");
        assertThat(visitor.number("sessionStorage.length")).isZero();
    }

    @Test
    void rightTokenOpensThePagesInThisTabOnly() {
        visitor.open("/");

        enter(READ);

        assertThat(dialog()).isHidden();
        assertThat(page.locator("main")).containsText("demo");
        page.reload();
        assertThat(page.locator("main")).containsText("demo");
        try (Page tab = visitor.context().newPage()) {
            tab.navigate("/");
            assertThat(tab.getByRole(AriaRole.DIALOG)).isVisible();
        }
    }

    @Test
    void tokenThatIsKeptOpensThePagesInOtherTabsToo() {
        visitor.open("/");
        dialog().getByLabel("Keep it on this device").check();

        enter(READ);

        assertThat(page.locator("main")).containsText("demo");
        try (Page tab = visitor.context().newPage()) {
            tab.navigate("/");
            assertThat(tab.locator("main")).containsText("demo");
            assertThat(tab.getByRole(AriaRole.DIALOG)).isHidden();
        }
    }

    @Test
    void whoSignsOutIsForgotten() {
        visitor.open("/");
        dialog().getByLabel("Keep it on this device").check();
        enter(READ);
        assertThat(page.locator("main")).containsText("demo");

        page.getByRole(AriaRole.BUTTON, named("Sign out")).click();

        assertThat(dialog()).containsText("This relay shows itself to who has a token.");
        assertThat(visitor.text("JSON.stringify([sessionStorage, localStorage])"))
                .doesNotContain(READ);
        page.reload();
        assertThat(dialog()).isVisible();
        assertThat(page.locator("main")).not().containsText("demo");
    }

    @Test
    void whoMayLookOnlyIsToldWhatKickingTakes() {
        visitor.expecting("status of 403").open("/#/streams/demo");
        enter(READ);

        page.locator("#publisher")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Kick"))
                .click();
        assertThat(dialog()).containsText("Kick 127.0.0.1");
        dialog().getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Kick"))
                .click();

        assertThat(dialog().getByRole(AriaRole.ALERT)).containsText("this takes scope operate");
        page.keyboard().press("Escape");
        assertThat(dialog()).isHidden();
        assertThat(page.locator("[data-field=state]")).containsText("Live");
    }

    private void enter(String token) {
        dialog().getByLabel("Token", exactly()).fill(token);
        dialog().getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Use it"))
                .click();
    }

    private Locator dialog() {
        return page.getByRole(AriaRole.DIALOG);
    }

    private static Locator.GetByLabelOptions exactly() {
        return new Locator.GetByLabelOptions().setExact(true);
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }
}
