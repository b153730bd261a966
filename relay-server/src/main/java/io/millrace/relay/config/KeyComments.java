package io.millrace.relay.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The comments of {@code conf/millrace.yaml}, by key. A comment stands in the lines above its key. Of a list that is empty
 * there, it has the keys of an entry too, as a table of names and meanings that is indented by two blanks more, and by four
 * for the keys of a section in an entry.
 */
final class KeyComments {
    private static final Pattern COMMENT = Pattern.compile(" *# ?(.*)");
    private static final Pattern KEY = Pattern.compile("( *(?:- )?)([A-Za-z]\\w*):.*");
    private static final Pattern ROW = Pattern.compile("( {2}| {4})([A-Za-z]\\w*) {2,}(\\S.*)");
    private static final Pattern CONTINUED_ROW = Pattern.compile(" {8,}(\\S.*)");

    private final Map<String, String> byPath = new LinkedHashMap<>();
    /** The sections around the line that is being read, the innermost first. */
    private final Deque<Opened> opened = new ArrayDeque<>();

    private record Opened(int indentation, String path) {}

    private KeyComments() {}

    /** By the names of keys, joined by dots, whether there are lists in between or not. */
    static Map<String, String> of(String yaml) {
        KeyComments comments = new KeyComments();
        List<String> above = new ArrayList<>();
        for (String line : yaml.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            Matcher key = KEY.matcher(line);
            if (comment.matches()) {
                above.add(comment.group(1));
            } else {
                if (key.matches()) {
                    comments.addKey(key.group(1).length(), key.group(2), above);
                }
                above.clear();
            }
        }
        return comments.byPath;
    }

    private void addKey(int indentation, String name, List<String> comment) {
        while (!opened.isEmpty() && opened.getFirst().indentation >= indentation) {
            opened.removeFirst();
        }
        String path = opened.isEmpty() ? name : Section.child(opened.getFirst().path, name);
        opened.addFirst(new Opened(indentation, path));
        List<String> text =
                comment.stream().takeWhile(line -> !line.startsWith(" ")).toList();
        byPath.put(path, String.join(" ", text));
        addRows(path, comment.subList(text.size(), comment.size()));
    }

    private void addRows(String path, List<String> lines) {
        String section = path;
        @Nullable String last = null;
        for (String line : lines) {
            Matcher row = ROW.matcher(line);
            Matcher continued = CONTINUED_ROW.matcher(line);
            if (row.matches()) {
                boolean nested = row.group(1).length() > 2;
                last = Section.child(nested ? section : path, row.group(2));
                section = nested ? section : last;
                byPath.put(last, row.group(3));
            } else if (last != null && continued.matches()) {
                byPath.merge(last, continued.group(1), (start, rest) -> start + " " + rest);
            }
        }
    }
}
