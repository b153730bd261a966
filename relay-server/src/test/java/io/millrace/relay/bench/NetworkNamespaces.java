package io.millrace.relay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Network namespaces for nodes that are joined by a bridge, from which each can be cut: what is sent from or to it then
 * disappears in silence, while its link stays up. Beside that each has a line of its own to this process, which is never
 * cut.
 *
 * <p>This process must be in a namespace of its own, where it is root; see {@link #entry}.
 */
final class NetworkNamespaces implements AutoCloseable {
    /** An address that is on every node, and is routed to one of them. */
    static final String FLOATING = "10.77.1.100";

    private static final String NETWORK = "10.77.0.";
    private static final long TIMEOUT_SECONDS = 20;

    private final List<Process> holders = new ArrayList<>();

    /**
     * What a command has to begin with, so that its process is in such a namespace. Needs no rights of its own where the
     * system lets everybody have namespaces, and root's elsewhere.
     */
    static List<String> entry() throws IOException, InterruptedException {
        List<String> asAnybody = List.of("unshare", "--user", "--map-root-user", "--net", "--");
        List<String> asRoot = List.of("unshare", "--net", "--");
        List<String> trial = new ArrayList<>(asAnybody);
        trial.add("true");
        boolean everybody = new ProcessBuilder(trial).start().waitFor() == 0;
        return everybody ? asAnybody : asRoot;
    }

    NetworkNamespaces(int nodes) throws IOException, InterruptedException {
        run("ip", "link", "set", "lo", "up");
        run("ip", "link", "add", "br0", "type", "bridge");
        run("ip", "addr", "add", NETWORK + "1/24", "dev", "br0");
        run("ip", "link", "set", "br0", "up");
        for (int node = 0; node < nodes; node++) {
            add(node);
        }
    }

    private void add(int node) throws IOException, InterruptedException {
        Process holder = new ProcessBuilder("unshare", "--net", "--", "sleep", "3600").start();
        holders.add(holder);
        Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        Path of = Path.of("/proc/" + holder.pid() + "/ns/net");
        while (Files.readSymbolicLink(of).equals(own)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        String pid = Long.toString(holder.pid());
        run("ip", "link", "add", "bridged" + node, "type", "veth", "peer", "name", "net0", "netns", pid);
        run("ip", "link", "add", "line" + node, "type", "veth", "peer", "name", "line0", "netns", pid);
        run("ip", "addr", "add", "10.78." + node + ".1/30", "dev", "line" + node);
        run("ip", "link", "set", "line" + node, "up");
        run("ip", "link", "set", "bridged" + node, "master", "br0", "up");
        inside(node, "ip", "link", "set", "lo", "up");
        inside(node, "ip", "addr", "add", address(node) + "/24", "dev", "net0");
        inside(node, "ip", "link", "set", "net0", "up");
        inside(node, "ip", "addr", "add", lineAddress(node) + "/30", "dev", "line0");
        inside(node, "ip", "link", "set", "line0", "up");
        inside(node, "ip", "addr", "add", FLOATING + "/32", "dev", "lo");
    }

    /** What a command has to begin with, so that its process is in the namespace of a node. */
    List<String> entry(int node) {
        return List.of("nsenter", "--target", Long.toString(holders.get(node).pid()), "--net", "--");
    }

    /** At which others reach a node. */
    static String address(int node) {
        return NETWORK + (11 + node);
    }

    /** At which this process reaches a node, cut off or not. */
    static String lineAddress(int node) {
        return "10.78." + node + ".2";
    }

    /**
     * Writes a program that a node runs when it gets a role or loses it, and that has the floating address routed to it:
     * what a router does that is told of it.
     */
    static void writeRouting(Path script, int node) throws IOException {
        String route = "nsenter --target " + ProcessHandle.current().pid() + " --net -- ip route %s " + FLOATING
                + " via " + address(node) + "\n";
        Files.writeString(
                script,
                "if [ \"$MILLRACE_EVENT\" = granted ]; then\n" + route.formatted("replace") + "else\n"
                        + route.formatted("del") + "fi\n");
    }

    void cutOff(int node) throws IOException, InterruptedException {
        run("ip", "link", "set", "bridged" + node, "nomaster");
    }

    void heal(int node) throws IOException, InterruptedException {
        run("ip", "link", "set", "bridged" + node, "master", "br0");
    }

    @Override
    public void close() {
        holders.forEach(Process::destroyForcibly);
    }

    private void inside(int node, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(entry(node));
        all.addAll(List.of(command));
        run(all.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }
}
