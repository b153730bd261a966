package io.millrace.relay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process as the system shows it: the server's, and our own. */
final class ServerProcess {
    private static final long COLLECTION_SECONDS = 20;

    private final ProcessHandle process;

    private ServerProcess(ProcessHandle process) {
        this.process = process;
    }

    /** @param pid of a process that runs */
    static ServerProcess of(long pid) throws BenchException {
        return new ServerProcess(ProcessHandle.of(pid)
                .orElseThrow(() -> new BenchException(
                        "there is no process " + pid + ": give --server-pid the process id of the server")));
    }

    static ServerProcess own() {
        return new ServerProcess(ProcessHandle.current());
    }

    /** CPU time that it has used, in user and kernel mode. On loopback this includes delivery to the receiver's socket. */
    double cpuSeconds() {
        Duration used = process.info().totalCpuDuration().orElse(Duration.ZERO);
        return used.toNanos() / 1e9;
    }

    /** Resident memory, mebibytes; 0 once it has ended. Needs Linux. */
    long residentMebibytes() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }

    /** Makes a JVM collect all its garbage, so that what its log then shows is what lives. */
    void collectGarbage() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process command = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!command.waitFor(COLLECTION_SECONDS, TimeUnit.SECONDS) || command.exitValue() != 0) {
            throw new IOException(
                    jcmd + " could not make process " + process.pid() + " collect its garbage; leave out --gc-log");
        }
    }
}
