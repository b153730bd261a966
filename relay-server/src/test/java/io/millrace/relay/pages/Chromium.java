package io.millrace.relay.pages;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.millrace.relay.TestRelay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The machine's Chromium without a window: the one named by the environment's CHROMIUM, or the first in PATH. */
final class Chromium implements AutoCloseable {
    /** Nothing is fetched from elsewhere, neither by Playwright nor by the browser. */
    private static final Map<String, String> NO_DOWNLOAD = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");

    private static final List<String> ARGUMENTS = List.of(
            // Its sandbox needs rights that a build in a container hasn't; the pages are our own.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--autoplay-policy=no-user-gesture-required");

    /** What happens within a second takes many where the machine has other work. */
    static final double PATIENCE_MILLIS = 20_000;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright) {
        this.playwright = playwright;
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program())
                        .setArgs(ARGUMENTS));
    }

    static Chromium launch() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        return new Chromium(Playwright.create(new Playwright.CreateOptions().setEnv(NO_DOWNLOAD)));
    }

    /** A visitor of a relay's pages, who has been on none yet. */
    PageSession visit(TestRelay relay, Look look) {
        return new PageSession(browser.newContext(look.options().setBaseURL(relay.url("/"))));
    }

    PageSession visit(TestRelay relay) {
        return visit(relay, Look.LIGHT);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    private static Path program() {
        String named = System.getenv("CHROMIUM");
        if (named != null) {
            return Path.of(named);
        }
        return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"))
                .map(directory -> Path.of(directory, "chromium"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "there is no chromium in PATH: install Debian's package of this name, or set CHROMIUM"));
    }
}
