package io.millrace.relay.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** The pages that there are, by their addresses, and how to tell that one has what it shows. */
enum Site {
    STREAMS("/#/"),
    STREAM("/#/streams/demo"),
    CONNECT("/#/connect?stream=demo&direction=watch"),
    ATTEMPTS("/#/attempts"),
    CLUSTER("/#/cluster"),
    API("/api");

    private final String address;

    Site(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }

    /** Goes there and waits for its content. */
    void open(PageSession visitor) {
        visitor.open(address);
        awaitContent(visitor.page());
    }

    private void awaitContent(Page page) {
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .isVisible();
        Locator main = page.locator("main");
        switch (this) {
            case STREAMS ->
                assertThat(main.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("demo"))
                                .first())
                        .isVisible();
            case STREAM -> {
                assertThat(main.locator("[data-field=contents]")).containsText("H.264");
                assertThat(main.locator("[data-graph=in] dd").first()).containsText("bit/s");
            }
            case CONNECT -> assertThat(main.locator("svg.qr")).isVisible();
            case ATTEMPTS -> {
                assertThat(main.locator("[data-result=accepted]").first()).isVisible();
                assertThat(main.locator("[data-result=refused]").first()).isVisible();
            }
            case CLUSTER -> assertThat(main.locator("[data-node=local]")).containsText("bit/s");
            case API -> assertThat(main).containsText("/api/v1/streams");
        }
    }
}
