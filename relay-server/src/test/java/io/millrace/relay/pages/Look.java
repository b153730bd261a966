package io.millrace.relay.pages;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.Locale;

/**
 * How a visitor sees the pages.
 *
 * @param width of the window, in CSS pixels
 * @param height of the window, in CSS pixels
 */
record Look(ColorScheme colours, int width, int height) {
    static final Look LIGHT = new Look(ColorScheme.LIGHT, 1280, 900);
    static final Look DARK = new Look(ColorScheme.DARK, 1280, 900);

    /** A phone held upright. */
    static final Look PHONE = new Look(ColorScheme.LIGHT, 360, 740);

    static final Look PHONE_DARK = new Look(ColorScheme.DARK, 360, 740);
    static final Look TABLET = new Look(ColorScheme.LIGHT, 768, 1024);

    Browser.NewContextOptions options() {
        return new Browser.NewContextOptions()
                .setColorScheme(colours)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setViewportSize(width, height);
    }

    @Override
    public String toString() {
        return colours.name().toLowerCase(Locale.ROOT) + "-" + width;
    }
}
