package io.millrace.relay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One visitor of the pages. What goes wrong in the browser meanwhile fails the test in the end: errors and warnings of the
 * console (violations of the content security policy are among them), errors that no script caught, requests that failed.
 */
final class PageSession implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    PageSession(BrowserContext context) {
        this.context = context;
        context.setDefaultTimeout(Chromium.PATIENCE_MILLIS);
        context.onConsoleMessage(this::heard);
        context.onWebError(error -> complaints.add("uncaught: " + error.error()));
        context.onRequestFailed(this::failed);
        page = context.newPage();
        page.onDialog(dialog -> {
            complaints.add("a script asked: " + dialog.message());
            dialog.dismiss();
        });
    }

    Page page() {
        return page;
    }

    BrowserContext context() {
        return context;
    }

    /** Goes to a page by its address, such as {@code /#/connect}, as somebody who types it. */
    PageSession open(String address) {
        page.navigate(address);
        return this;
    }

    /** What is complained of in these words belongs to the test. */
    PageSession expecting(String... words) {
        expected.addAll(List.of(words));
        return this;
    }

    /** Waits until an element shows another text than it does now. */
    void awaitChange(Locator element) {
        PlaywrightAssertions.assertThat(element).not().hasText(element.textContent());
    }

    /** Turns the device, or its lights on and off. */
    void see(Look look) {
        page.setViewportSize(look.width(), look.height());
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.colours()));
        page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    }

    /** That the page is no wider than the window: what is too wide scrolls in a box of its own. */
    void assertItFits() {
        List<?> tooWide = (List<?>) page.evaluate("""
                () => {
                  const {scrollWidth, clientWidth} = document.documentElement;
                  const isTooWide = (element) => element.getBoundingClientRect().right > clientWidth;
                  return scrollWidth <= clientWidth ? [] : [
                    `${scrollWidth} of ${clientWidth} px`,
                    ...[...document.querySelectorAll('body *')].filter(isTooWide).map((element) => element.outerHTML.slice(0, 120)),
                  ];
                }""");
        assertThat(tooWide)
                .as("what is wider than the window of %d px", page.viewportSize().width)
                .isEmpty();
    }

    /** The value of an expression in the page. */
    int number(String expression) {
        return ((Number) page.evaluate(expression)).intValue();
    }

    /** The value of an expression in the page. */
    String text(String expression) {
        return (String) page.evaluate(expression);
    }

    /** For people to look at: a picture of the whole page, where -Dmillrace.screenshots names a directory for them. */
    void screenshot(String name) {
        String directory = System.getProperty("millrace.screenshots");
        if (directory != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(Path.of(directory, name.toLowerCase(Locale.ROOT) + ".png")));
        }
    }

    /** What has been complained of so far, apart from what is expected. */
    List<String> complaints() {
        return complaints.stream()
                .filter(complaint -> expected.stream().noneMatch(complaint::contains))
                .toList();
    }

    @Override
    public void close() {
        context.close();
        assertThat(complaints()).as("what went wrong in the browser").isEmpty();
    }

    private void heard(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.type() + ": " + message.text() + " (" + message.location() + ")");
        }
    }

    /** A page that is left ends its requests, and so may a view; the browser calls that aborted. */
    private void failed(Request request) {
        if (!"net::ERR_ABORTED".equals(request.failure())) {
            complaints.add("no answer to " + request.method() + " " + request.url() + ": " + request.failure());
        }
    }
}
