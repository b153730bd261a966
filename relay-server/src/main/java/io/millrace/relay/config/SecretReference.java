package io.millrace.relay.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A secret as the configuration gives it: the text itself, {@code env:NAME} for a variable of the environment, or
 * {@code file:/path} for a file, which is read again when it has changed. Safe to print. Callable from any thread, but a
 * file is read by the thread that asks: not on an event loop.
 */
public final class SecretReference {
    private static final String ENVIRONMENT = "env:";
    private static final String FILE = "file:";
    private static final String HIDDEN = "***";
    private static final int MAX_FILE_BYTES = 65_536;

    private final String text;
    private final Function<String, @Nullable String> environment;
    private @Nullable String fromFile;
    private @Nullable Version version;

    /** What tells one content of a file from the next; a mounted secret is a symbolic link that is pointed elsewhere. */
    private record Version(Object key, long modifiedMillis, long size) {}

    private SecretReference(String text, Function<String, @Nullable String> environment) {
        this.text = text;
        this.environment = environment;
    }

    /** The secret that is written like this. */
    public static SecretReference of(String text) {
        return of(text, System::getenv);
    }

    static SecretReference of(String text, Function<String, @Nullable String> environment) {
        return new SecretReference(text, environment);
    }

    /** The variable of the environment that has the secret, if one has. */
    Optional<String> variable() {
        return text.startsWith(ENVIRONMENT) ? Optional.of(text.substring(ENVIRONMENT.length())) : Optional.empty();
    }

    /** What JSON schema says of a reference to a secret of this form. */
    static Map<String, Object> keywords(TextForm form) {
        String references = "(?:" + ENVIRONMENT + "|" + FILE + ")[\\s\\S]*|";
        return TextForm.of(references + form.pattern().pattern(), "").keywords();
    }

    /**
     * The secret as it is now. A file's last line break doesn't belong to it. A file that can't be read any more leaves the
     * secret that was read before: whoever changes it may have moved it away first.
     *
     * @throws IOException with a message for the operator, if there is none
     */
    public String value() throws IOException {
        if (text.startsWith(ENVIRONMENT)) {
            String name = text.substring(ENVIRONMENT.length());
            String value = environment.apply(name);
            if (value == null) {
                throw new IOException("the environment has no " + name);
            }
            return value;
        }
        return text.startsWith(FILE) ? fromFile(text.substring(FILE.length())) : text;
    }

    private synchronized String fromFile(String name) throws IOException {
        try {
            Path file = Path.of(name).toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Version now = new Version(
                    file + ":" + attributes.fileKey(),
                    attributes.lastModifiedTime().toMillis(),
                    attributes.size());
            if (fromFile == null || !now.equals(version)) {
                if (now.size > MAX_FILE_BYTES) {
                    throw new IOException(name + " has more than " + MAX_FILE_BYTES + " bytes");
                }
                fromFile = withoutLineBreak(Files.readString(file));
                version = now;
            }
            return fromFile;
        } catch (IOException | InvalidPathException e) {
            if (fromFile != null) {
                return fromFile;
            }
            throw new IOException("can't read " + name, e);
        }
    }

    private static String withoutLineBreak(String content) {
        String line = content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** Two are equal if they are written alike. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretReference reference && reference.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The reference, or asterisks for a text. */
    @Override
    public String toString() {
        return text.startsWith(ENVIRONMENT) || text.startsWith(FILE) ? text : HIDDEN;
    }
}
