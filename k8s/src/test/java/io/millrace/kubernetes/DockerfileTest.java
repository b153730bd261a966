package io.millrace.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The image starts the relay as the script does that it is measured with. */
@Tag("any-jdk")
class DockerfileTest {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w/])-(?:X|-[a-z])[\\w:+=.-]*(?:-[\\w:+=.-]+)*");
    private static final Path SCRIPT = Path.of("..", "relay-server", "bin", "millrace");

    @Test
    void optionsOfTheJvmAreThoseOfTheScript() throws Exception {
        Set<String> ofTheScript = new TreeSet<>();
        // With one processor it takes others.
        boolean ofOneProcessor = false;
        for (String line : Files.readAllLines(SCRIPT)) {
            ofOneProcessor = ofOneProcessor ? !line.equals("fi") : line.equals("else");
            boolean hasOptions = line.contains("options+=(") || line.startsWith("    -X");
            if (hasOptions && !ofOneProcessor && !line.contains("SharedArchiveFile")) {
                OPTION.matcher(line).results().forEach(option -> ofTheScript.add(option.group()));
            }
        }

        assertThat(ofTheScript).hasSizeGreaterThan(5);
        assertThat(entryPoint()).containsAll(ofTheScript);
    }

    @Test
    void nothingOfTheImageNeedsAShell() throws Exception {
        assertThat(entryPoint().get(0)).isEqualTo("/opt/java/openjdk/bin/java");
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("\nUSER 65532:65532\n");
    }

    private static List<String> entryPoint() throws Exception {
        String text = Files.readString(Path.of("Dockerfile")).replace("\\\n", "");
        var found = Pattern.compile("^ENTRYPOINT (\\[.*])$", Pattern.MULTILINE).matcher(text);
        assertThat(found.find()).isTrue();
        return List.of(JsonMapper.shared().readValue(found.group(1), String[].class));
    }
}
