package io.millrace.relay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.relay.TestRelay;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What has to be so on every page, in every look. */
@Timeout(60)
@ExtendWith(ChromiumExtension.class)
class EveryPageIT {
    private static final Set<String> GRAVE = Set.of("serious", "critical");

    private static TestRelay relay;
    private static Chromium chromium;

    @BeforeAll
    static void start(Chromium browser) {
        chromium = browser;
        relay = TestRelay.startWithDemo();
        relay.request("demo").opened();
        relay.publish("studio/a very long name that has to go somewhere").opened();
        assertThat(relay.request("nowhere").refusedOrOpen()).isPositive();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    static Stream<Arguments> sitesInEachColour() {
        return Stream.of(Site.values())
                .flatMap(site -> Stream.of(Look.LIGHT, Look.DARK).map(look -> Arguments.of(site, look)));
    }

    @ParameterizedTest
    @MethodSource("sitesInEachColour")
    void loadsWithoutErrorsAndIsAccessible(Site site, Look look) {
        try (PageSession visitor = chromium.visit(relay, look)) {
            site.open(visitor);
            visitor.screenshot(site + "-" + look);

            assertThat(gravelyInaccessible(visitor)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverScrollsSideways(Site site) {
        try (PageSession visitor = chromium.visit(relay)) {
            site.open(visitor);

            for (Look look : List.of(Look.TABLET, Look.PHONE, Look.PHONE_DARK)) {
                visitor.see(look);
                visitor.assertItFits();
                visitor.screenshot(site + "-" + look);
            }
        }
    }

    /** What keeps people from using a page, each with where it is. */
    static List<String> gravelyInaccessible(PageSession visitor) {
        return new AxeBuilder(visitor.page())
                .options(new WithoutPreload()).analyze().getViolations().stream()
                        .filter(violation -> GRAVE.contains(violation.getImpact()))
                        .map(EveryPageIT::inWords)
                        .toList();
    }

    private static String inWords(Rule violation) {
        return violation.getImpact() + ": " + violation.getHelp() + ", at "
                + violation.getNodes().stream()
                        .map(node -> node.getTarget() + " " + node.getFailureSummary())
                        .toList();
    }

    /** It makes no copies of the style sheets for itself: the policy of the pages doesn't let it. */
    private static final class WithoutPreload extends AxeRunOptions {
        @JsonProperty
        boolean preload() {
            return false;
        }
    }
}
