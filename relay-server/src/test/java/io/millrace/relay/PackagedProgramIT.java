package io.millrace.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What must be true of the one file that is handed out. */
class PackagedProgramIT {
    private static final Path JAR = Path.of(System.getProperty("millrace.jar"));

    @Test
    void printsTheVersionOfItsManifest() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        JAR.toString(),
                        "--version")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            String version = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
            assertThat(output).contains("millrace " + version);
        }
    }

    @Test
    void holdsTheNativeTransportOfBothArchitectures() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getEntry("META-INF/native/libnetty_transport_native_epoll_x86_64.so"))
                    .isNotNull();
            assertThat(jar.getEntry("META-INF/native/libnetty_transport_native_epoll_aarch_64.so"))
                    .isNotNull();
        }
    }

    @Test
    void holdsNoSignatureOfAnotherJar() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA|EC)"));
        }
    }
}
