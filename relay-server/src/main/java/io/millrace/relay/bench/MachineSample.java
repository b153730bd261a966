package io.millrace.relay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Linux has counted since it started: a run says little when others used the processors meanwhile.
 *
 * @param busyTicks of all processors, with anything
 * @param stolenTicks that the host of a virtual machine gave to others
 * @param allTicks busy or not
 * @param processors of the machine, whether or not this process may use them
 * @param udpReceiveBufferErrors datagrams dropped because some socket's buffer was full
 */
record MachineSample(long busyTicks, long stolenTicks, long allTicks, int processors, long udpReceiveBufferErrors) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final int IDLE = 4;
    private static final int WAITING = 5;
    private static final int STOLEN = 8;

    /** Null where there is no Linux to ask. */
    static @Nullable MachineSample now() throws IOException {
        if (!isAvailable()) {
            return null;
        }
        List<String> stat = Files.readAllLines(STAT);
        String[] columns = stat.get(0).split(" +", -1);
        long busy = 0;
        long all = 0;
        for (int i = 1; i <= STOLEN; i++) {
            long ticks = Long.parseLong(columns[i]);
            all += ticks;
            if (i != IDLE && i != WAITING && i != STOLEN) {
                busy += ticks;
            }
        }
        int processors =
                (int) stat.stream().filter(line -> line.matches("cpu\\d+ .*")).count();
        return new MachineSample(busy, Long.parseLong(columns[STOLEN]), all, processors, readUdpReceiveBufferErrors());
    }

    static boolean isAvailable() {
        return Files.isReadable(STAT);
    }

    /** Processors' worth of work since an earlier sample. */
    double busyCoresSince(MachineSample earlier) {
        return cores(busyTicks - earlier.busyTicks, earlier);
    }

    /** Processors' worth of time that the host took since an earlier sample. */
    double stolenCoresSince(MachineSample earlier) {
        return cores(stolenTicks - earlier.stolenTicks, earlier);
    }

    private double cores(long ticks, MachineSample earlier) {
        return (double) ticks * processors / Math.max(1, allTicks - earlier.allTicks);
    }

    private static long readUdpReceiveBufferErrors() throws IOException {
        List<String> udp = Files.readAllLines(Path.of("/proc/net/snmp")).stream()
                .filter(line -> line.startsWith("Udp:"))
                .toList();
        int column = List.of(udp.get(0).split(" ", -1)).indexOf("RcvbufErrors");
        return Long.parseLong(udp.get(1).split(" ", -1)[column]);
    }
}
