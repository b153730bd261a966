package io.millrace.relay.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.millrace.relay.TestCall;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The live picture on a stream's page. */
class PlayerIT extends DemoVisit {
    /** The brightest and the darkest of its pixels in a small copy of what the video shows, and the whole of that copy. */
    private static final String PICTURE = """
            () => {
              const video = document.querySelector('video');
              const canvas = document.createElement('canvas');
              canvas.width = 64;
              canvas.height = 36;
              const context = canvas.getContext('2d');
              context.drawImage(video, 0, 0, canvas.width, canvas.height);
              const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
              const bright = [];
              for (let at = 0; at < pixels.length; at += 4) {
                bright.push(pixels[at] + pixels[at + 1] + pixels[at + 2]);
              }
              return {darkest: Math.min(...bright), brightest: Math.max(...bright), all: bright.join(' ')};
            }""";

    @Test
    void playsPictureAndSoundAndGivesItsConnectionBackWhenThePageIsLeft() {
        visitor.open("/#/streams/demo");
        play();

        page.waitForFunction("() => document.querySelector('video').currentTime > 0.5");
        Map<?, ?> first = (Map<?, ?>) page.evaluate(PICTURE);
        double then = seconds();
        page.waitForFunction("(then) => document.querySelector('video').currentTime > then + 1", then);
        Map<?, ?> second = (Map<?, ?>) page.evaluate(PICTURE);

        for (Map<?, ?> picture : List.of(first, second)) {
            assertThat((Integer) picture.get("brightest")).isGreaterThan((Integer) picture.get("darkest") + 100);
        }
        assertThat(second.get("all")).isNotEqualTo(first.get("all"));
        assertThat(visitor.number("document.querySelector('video').webkitAudioDecodedByteCount"))
                .isPositive();
        relay.awaitStream("demo", PlayerIT::hasAViewer);

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Streams"))
                .click();

        relay.awaitStream("demo", stream -> !hasAViewer(stream));
    }

    @Test
    void stopsWhenItIsTold() {
        visitor.open("/#/streams/demo");
        play();
        relay.awaitStream("demo", PlayerIT::hasAViewer);

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Stop"))
                .click();

        relay.awaitStream("demo", stream -> !hasAViewer(stream));
        assertThat(playButton()).isVisible();
    }

    @Test
    void saysInWordsThatThereIsNoPicture() {
        TestCall publisher = relay.publish("no-ts").opened();
        for (int i = 0; i < 100; i++) {
            publisher.publish(new byte[1316]);
        }
        visitor.open("/#/streams/no-ts");
        assertThat(page.locator("#ts")).containsText("MPEG-TS");

        play();

        assertThat(page.locator(".player")).containsText("there is no picture to show");
    }

    private void play() {
        playButton().click();
    }

    private Locator playButton() {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Play").setExact(true));
    }

    private double seconds() {
        return ((Number) page.evaluate("document.querySelector('video').currentTime")).doubleValue();
    }

    private static boolean hasAViewer(JsonObject stream) {
        return stream.getInteger("httpViewers") > 0;
    }
}
