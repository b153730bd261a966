package io.millrace.relay.pages;

import com.microsoft.playwright.Page;
import io.millrace.relay.TestRelay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the pages of a relay with the demo stream, each by a visitor of its own. */
@Timeout(60)
@ExtendWith(ChromiumExtension.class)
abstract class DemoVisit {
    static TestRelay relay;
    static Chromium chromium;

    PageSession visitor;
    Page page;

    @BeforeAll
    static void start(Chromium browser) {
        chromium = browser;
        relay = TestRelay.startWithDemo();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @BeforeEach
    void visit() {
        visitor = chromium.visit(relay);
        page = visitor.page();
    }

    @AfterEach
    void leave() {
        visitor.close();
    }
}
