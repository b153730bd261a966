package io.millrace.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus reads at one time. */
record Scrape(List<Sample> samples, Set<String> names, Set<String> helped) {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern HELP = Pattern.compile("# HELP (\\S+) \\S.*");

    record Sample(String name, Map<String, String> labels, double value) {}

    static Scrape of(String text) {
        List<Sample> samples = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        Set<String> helped = new LinkedHashSet<>();
        for (String line : text.split("\n", -1)) {
            Matcher help = HELP.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (help.matches()) {
                helped.add(help.group(1));
            } else if (sample.matches()) {
                samples.add(new Sample(sample.group(1), labels(sample.group(2)), number(sample.group(3))));
                names.add(sample.group(1));
            } else if (!line.isEmpty() && !line.startsWith("# TYPE ")) {
                throw new IllegalArgumentException(line);
            }
        }
        return new Scrape(samples, names, helped);
    }

    /** The value of the only series of that name with these labels, which are names and values in turn. */
    double value(String name, String... labels) {
        List<Sample> found = all(name, labels);
        if (found.size() != 1) {
            throw new NoSuchElementException(found.size() + " of " + name + List.of(labels));
        }
        return found.get(0).value();
    }

    /** Every series of that name with these labels and perhaps others. */
    List<Sample> all(String name, String... labels) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return samples.stream()
                .filter(sample -> sample.name().equals(name))
                .filter(sample -> sample.labels().entrySet().containsAll(wanted.entrySet()))
                .toList();
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (text != null) {
            LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return labels;
    }

    private static double number(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }
}
