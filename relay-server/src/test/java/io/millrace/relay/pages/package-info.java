/** The pages in a browser: Debian's Chromium, which Playwright drives. */
@NullMarked
package io.millrace.relay.pages;

import org.jspecify.annotations.NullMarked;
