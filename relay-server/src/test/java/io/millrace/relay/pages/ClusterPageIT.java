package io.millrace.relay.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.millrace.relay.TestCluster;
import io.millrace.relay.TestRelay;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page of a cluster, and what the other pages say of streams that other nodes have. */
@Timeout(60)
@ExtendWith(ChromiumExtension.class)
class ClusterPageIT {
    private static final String[] ROLE = {
        "listeners[1].name=backup",
        "listeners[1].host=127.0.0.1",
        "listeners[1].port=0",
        "listeners[1].role.exclusive=true"
    };

    private final TestCluster cluster = new TestCluster();
    private TestRelay a;
    private TestRelay b;
    private TestRelay c;

    @BeforeEach
    void start() {
        a = cluster.start("a", ROLE);
        b = cluster.start("b", ROLE);
        c = cluster.start("c", ROLE);
        a.publish("studio").opened().publish("payload".getBytes(UTF_8));
        b.request("studio").opened();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void nodesAndWhatGoesBetweenThemAreDrawnAndListed(Chromium browser) {
        for (Look look : List.of(Look.LIGHT, Look.DARK)) {
            try (PageSession visitor = browser.visit(c, look)) {
                Page page = visitor.open("/#/cluster").page();

                assertThat(page.locator(".map-node")).hasCount(3);
                assertThat(page.locator(".map-node.self")).containsText("c");
                assertThat(page.locator(".map-edge[data-from=a][data-to=b]")).isVisible();
                assertThat(page.getByLabel(Pattern.compile("b takes 1 from a"))).isVisible();
                Locator stream = page.locator("#cluster-streams [data-stream=studio]");
                assertThat(stream).containsText("on a");
                assertThat(stream).containsText(Pattern.compile("→ b.*RTT [0-9.]+ ms · 0 % lost"));
                assertThat(page.locator("[data-tile=nodes]")).containsText("3 of 3");
                visitor.screenshot("CLUSTER-OF-THREE-" + look);
                assertThat(EveryPageIT.gravelyInaccessible(visitor)).isEmpty();
            }
        }
    }

    @Test
    void fitsEveryScreen(Chromium browser) {
        try (PageSession visitor = browser.visit(a)) {
            Page page = visitor.open("/#/cluster").page();
            assertThat(page.locator(".map-edge")).hasCount(1);

            for (Look look : List.of(Look.TABLET, Look.PHONE, Look.PHONE_DARK)) {
                visitor.see(look);
                visitor.assertItFits();
                visitor.screenshot("CLUSTER-OF-THREE-" + look);
            }
        }
    }

    @Test
    void roleIsHandedOver(Chromium browser) {
        try (PageSession visitor = browser.visit(b)) {
            Page page = visitor.open("/#/cluster").page();
            Locator owner = page.locator("[data-role=backup] [data-field=owner]");
            assertThat(owner).hasText("a");

            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Hand role backup over"))
                    .click();
            page.getByLabel("To node").selectOption("c");
            page.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Hand over").setExact(true))
                    .click();

            assertThat(owner).hasText("c");
            assertThat(page.locator(".cluster-node[data-node=c] .roles")).hasText("◆ backup");
        }
    }

    @Test
    void nodeThatDrainsAndOneThatIsGoneAreSeen(Chromium browser) {
        try (PageSession visitor = browser.visit(a)) {
            Page page = visitor.open("/#/cluster").page();
            cluster.seenBy("b").nodes().draining(true);
            assertThat(page.locator(".cluster-node[data-node=b]")).containsText("Draining");
            assertThat(page.locator(".map-node.draining")).hasCount(1);

            cluster.seenBy("c").leave();

            assertThat(page.locator(".cluster-node[data-node=c]")).containsText("✕ Gone");
            assertThat(page.locator(".map-node.absent")).containsText("gone");
            assertThat(page.getByText("Node c died or can't be reached")).isVisible();
        }
    }

    @Test
    void streamOfAnotherNodeCanBeWatchedHere(Chromium browser) {
        try (PageSession visitor = browser.visit(c)) {
            Page page = visitor.expecting("404").open("/").page();
            Locator others = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("On other nodes"));
            assertThat(others).containsText("on a");

            others.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("studio"))
                    .click();
            assertThat(page.locator("[data-field=state]")).hasText("● On a");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Watch it here"))
                    .click();

            assertThat(page.locator("[data-field=state]")).hasText("● Live, from a");
        }
        assertThat(c.streams())
                .singleElement()
                .matches(stream -> stream.getString("pulledFrom").equals("a"));
    }
}
