package io.millrace.relay.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.NotFoundException;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.millrace.relay.TestRelay;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contributor cards: what they say for each program, and how it gets from the page into the program. */
@Timeout(60)
@ExtendWith(ChromiumExtension.class)
class ConnectIT {
    private static final String EXAMPLE = "&stream=live/cam1&host=relay.example&port=8890&latency=200";
    private static final String URL_OF_EXAMPLE =
            "srt://relay.example:8890?streamid=%23!::r=live/cam1,m=publish&latency=200";

    private static TestRelay relay;
    private static PageSession visitor;
    private static Page page;

    @BeforeAll
    static void start(Chromium chromium) {
        relay = TestRelay.startWithDemo();
        visitor = chromium.visit(relay);
        visitor.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page = visitor.page();
    }

    @AfterAll
    static void stop() {
        try {
            visitor.close();
        } finally {
            relay.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "obs | publish | Server | srt://relay.example:8890?streamid=#!::r=live/cam1,m=publish&latency=200000",
                "obs | watch | Input | srt://relay.example:8890?streamid=#!::r=live/cam1&latency=200000",
                "ffmpeg | publish | Publish | ffmpeg -re -i FILE -c copy -f mpegts"
                        + " 'srt://relay.example:8890?streamid=#!::r=live/cam1,m=publish&latency=200000&pkt_size=1316'",
                "ffmpeg | watch | Play | ffplay -fflags nobuffer"
                        + " 'srt://relay.example:8890?streamid=#!::r=live/cam1&latency=200000'",
                "srt-live-transmit | publish | Publish | srt-live-transmit -chunk:1316 udp://:5000"
                        + " 'srt://relay.example:8890?streamid=#!::r=live/cam1,m=publish&latency=200'",
                "gstreamer | publish | Publish | gst-launch-1.0 filesrc location=FILE ! tsparse set-timestamps=true"
                        + " alignment=7 ! srtsink uri=srt://relay.example:8890"
                        + " 'streamid=\"#!::r=live/cam1,m=publish\"' latency=200",
                "vlc | watch | Play | vlc --streamid '#!::r=live/cam1' --latency 200 srt://relay.example:8890",
                "vmix | publish | Stream ID | #!::r=live/cam1,m=publish",
                "vmix | publish | Hostname | relay.example",
                "vmix | watch | Latency | 200",
                "larix | publish | URL | srt://relay.example:8890",
                "larix | publish | streamid | #!::r=live/cam1,m=publish",
                "liveu | publish | Stream ID | #!::r=live/cam1,m=publish",
                "makito | publish | Stream Publishing ID | #!::r=live/cam1,m=publish",
                "haivision-kb | publish | Stream ID | #!::r=live/cam1,m=publish",
                "haivision-play | watch | Stream ID | #!::r=live/cam1",
                "other | publish | URL | " + URL_OF_EXAMPLE,
                "other | publish | Port (UDP) | 8890",
            })
    void cardSaysWhatToTypeWhere(String program, String direction, String field, String text) {
        visitor.open("/#/connect?program=" + program + "&direction=" + direction + EXAMPLE);

        assertThat(value(field)).hasText(text);
    }

    @Test
    void cardIsMadeForThisRelayWithoutBeingAsked() {
        visitor.open("/#/connect?program=other&stream=demo&direction=watch");

        assertThat(value("URL"))
                .hasText("srt://127.0.0.1:" + relay.listener().getPort() + "?streamid=%23!::r=demo&latency=120");
    }

    @Test
    void fieldIsCopiedAsItIs() {
        visitor.open("/#/connect?program=obs" + EXAMPLE);

        button("Copy Server").click();

        assertThat(page.getByText("Copied: Server")).isVisible();
        assertThat(visitor.text("() => navigator.clipboard.readText()"))
                .isEqualTo("srt://relay.example:8890?streamid=#!::r=live/cam1,m=publish&latency=200000");
    }

    @Test
    void wholeCardIsCopiedAsOneText() {
        visitor.open("/#/connect?program=vmix" + EXAMPLE);

        button("Copy all").click();

        assertThat(visitor.text("() => navigator.clipboard.readText()"))
                .contains("Hostname: relay.example", "Port: 8890", "Latency: 200", "#!::r=live/cam1,m=publish");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "obs|" + URL_OF_EXAMPLE,
                "larix|larix://set/v1?conn[][url]=srt%3A%2F%2Frelay.example%3A8890&conn[][name]=live%2Fcam1&conn[][overwrite]=on"
                        + "&conn[][srtmode]=c&conn[][srtlatency]=200&conn[][srtstreamid]=%23!%3A%3Ar%3Dlive%2Fcam1%2Cm%3Dpublish"
            })
    void codeHoldsExactlyTheUrl(String program, String url) throws Exception {
        visitor.open("/#/connect?program=" + program + EXAMPLE);

        assertThat(decoded(page.locator("main svg.qr"))).isEqualTo(url);

        button("Show large").click();
        assertThat(decoded(page.locator("dialog svg.qr"))).isEqualTo(url);
        button("Close").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
    }

    @Test
    void codeHoldsNamesFromAllOverTheWorld() throws Exception {
        String name = "Küche/日本 & 100%";
        visitor.open("/#/connect?program=obs&host=h&port=1&latency=120&stream="
                + URLEncoder.encode(name, StandardCharsets.UTF_8));

        String url = decoded(page.locator("main svg.qr"));

        assertThat(url).contains("streamid=%23!::r=");
        assertThat(URLDecoder.decode(url, StandardCharsets.UTF_8)).contains("#!::r=" + name + ",m=publish");
    }

    @Test
    void secretsStayOutOfTheAddress() {
        visitor.open("/#/connect?program=obs" + EXAMPLE);

        page.getByLabel("Passphrase").fill("correct horse");

        assertThat(value("Server")).containsText("passphrase=correct horse");
        assertThat(page.url()).contains("live").doesNotContain("correct", "horse");
        page.reload();
        assertThat(page.getByLabel("Passphrase")).isEmpty();
    }

    @Test
    void whatCannotWorkIsSaidInPlaceOfACode() {
        visitor.open("/#/connect?program=obs&host=h&port=1&latency=120");

        assertThat(page.locator("main")).containsText("Choose the stream, or type the name of a new one.");
        assertThat(page.locator("main svg.qr")).hasCount(0);
    }

    @Test
    void guestIdLetsOneCallerIn() {
        visitor.open("/#/connect?program=vmix&stream=invited");
        button("Single-use id for a guest").click();

        page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Make the id"))
                .click();
        assertThat(value("Stream ID")).containsText(",s=");

        String streamId = value("Stream ID").textContent();
        relay.call(streamId).opened();
        assertThat(relay.call(streamId).refusedOrOpen()).isPositive();
    }

    private static Locator value(String field) {
        return page.locator("[data-field='" + field + "'] code");
    }

    private static Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    /** What a phone would read from the screen. */
    private static String decoded(Locator code) throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(code.screenshot()));
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        RGBLuminanceSource source = new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels);
        try {
            return new QRCodeReader()
                    .decode(
                            new BinaryBitmap(new HybridBinarizer(source)),
                            Map.of(DecodeHintType.TRY_HARDER, true, DecodeHintType.CHARACTER_SET, "UTF-8"))
                    .getText();
        } catch (NotFoundException e) {
            throw new AssertionError("there is no QR code in what is shown", e);
        }
    }
}
