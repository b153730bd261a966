package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretReferenceTest {
    @TempDir
    Path directory;

    @Test
    void textIsTheSecretItself() throws Exception {
        assertThat(SecretReference.of("correct horse").value()).isEqualTo("correct horse");
    }

    @Test
    void environmentIsAskedByName() throws Exception {
        Map<String, String> environment = Map.of("CAM7", "battery staple");

        assertThat(SecretReference.of("env:CAM7", environment::get).value()).isEqualTo("battery staple");
        assertThatThrownBy(SecretReference.of("env:CAM8", environment::get)::value)
                .isInstanceOf(IOException.class)
                .hasMessage("the environment has no CAM8");
    }

    @Test
    void fileIsReadAgainWhenItHasChanged() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "first secret\n");
        SecretReference reference = SecretReference.of("file:" + file);

        assertThat(reference.value()).isEqualTo("first secret");
        Files.writeString(file, "another secret \r\n");
        assertThat(reference.value()).isEqualTo("another secret ");
    }

    @Test
    void mountedSecretMayBePointedElsewhere() throws Exception {
        Path before = Files.writeString(directory.resolve("before"), "secret one");
        Path after = Files.writeString(directory.resolve("after"), "secret two");
        Files.setLastModifiedTime(after, Files.getLastModifiedTime(before));
        Path link = Files.createSymbolicLink(directory.resolve("link"), before);
        SecretReference reference = SecretReference.of("file:" + link);

        assertThat(reference.value()).isEqualTo("secret one");
        Files.delete(link);
        assertThat(reference.value()).as("while it is being replaced").isEqualTo("secret one");
        Files.createSymbolicLink(link, after);
        assertThat(reference.value()).isEqualTo("secret two");
    }

    @Test
    void missingFileIsSaidToBeSo() {
        SecretReference reference = SecretReference.of("file:" + directory.resolve("nothing"));

        assertThatThrownBy(reference::value).isInstanceOf(IOException.class).hasMessageStartingWith("can't read /");
    }

    @Test
    void onlyReferencesArePrinted() {
        assertThat(SecretReference.of("correct horse")).hasToString("***");
        assertThat(SecretReference.of("env:CAM7")).hasToString("env:CAM7");
        assertThat(SecretReference.of("file:/run/secrets/cam7")).hasToString("file:/run/secrets/cam7");
    }
}
