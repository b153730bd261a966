package io.millrace.relay.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the open sockets how many datagrams the kernel threw away before we could read them, and the log when that goes
 * on. Netty has no access to a socket's own counter (SO_RXQ_OVFL, SO_MEMINFO), so it is looked up in the tables of the
 * kernel. Sockets come and go from any thread; {@link #update} blocks, and is called by one thread at a time.
 */
final class ReceiveDrops {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiveDrops.class);
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
    private static final Pattern SOCKET_LINK = Pattern.compile("socket:\\[([0-9]{1,18})]");
    private static final long QUIET_MICROS = 60_000_000;
    private static final double BUSY = 0.9;

    private final int askedBytes;
    private final Map<UdpSocket, Watched> sockets = new ConcurrentHashMap<>();

    /** What is known of one socket. */
    private static final class Watched {
        private final long inode;
        private final int grantedBytes;
        private final InetSocketAddress local;
        private long counter;
        private long total;
        private long untold;
        private long toldMicros = Long.MIN_VALUE;
        private LoopWindow loopBefore;

        Watched(long inode, int grantedBytes, InetSocketAddress local, LoopWindow loop) {
            this.inode = inode;
            this.grantedBytes = grantedBytes;
            this.local = local;
            loopBefore = loop;
        }
    }

    /** @param askedBytes the receive buffer that was asked for */
    ReceiveDrops(int askedBytes) {
        this.askedBytes = askedBytes;
    }

    /** Watches a socket until {@link #remove}, if the system tells its number. */
    void add(UdpSocket socket, int fileDescriptor, int grantedBytes) {
        try {
            Path link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fileDescriptor));
            Matcher matcher = SOCKET_LINK.matcher(link.toString());
            if (matcher.matches()) {
                LoopWindow loop = socket.loop().meter().statistics().sinceStart();
                long inode = Long.parseLong(matcher.group(1));
                sockets.put(socket, new Watched(inode, grantedBytes, socket.localAddress(), loop));
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("No counter of drops for {}: {}", socket.localAddress(), e.toString());
        }
    }

    void remove(UdpSocket socket) {
        sockets.remove(socket);
    }

    /** How many sockets are watched. */
    int size() {
        return sockets.size();
    }

    /** Looks the counters up. */
    void update(long nowMicros) {
        if (sockets.isEmpty()) {
            return;
        }
        Map<Long, Long> counters = new HashMap<>();
        Set<Long> inodes = Set.copyOf(
                sockets.values().stream().map(watched -> watched.inode).toList());
        for (Path table : TABLES) {
            try (InputStream content = Files.newInputStream(table)) {
                counters.putAll(ProcNetUdp.drops(content, inodes));
            } catch (IOException e) {
                LOG.debug("Can't read {}: {}", table, e.toString());
            }
        }
        sockets.forEach((socket, watched) -> {
            Long counter = counters.get(watched.inode);
            if (counter != null) {
                update(nowMicros, socket, watched, counter);
            }
        });
    }

    private void update(long nowMicros, UdpSocket socket, Watched watched, long counter) {
        long more = (counter - watched.counter) & 0xFFFF_FFFFL;
        watched.counter = counter;
        watched.total += more;
        watched.untold += more;
        socket.receiveDrops(watched.total);
        LoopWindow loopNow = socket.loop().meter().statistics().sinceStart();
        boolean quiet = watched.toldMicros != Long.MIN_VALUE && nowMicros - watched.toldMicros < QUIET_MICROS;
        if (watched.untold > 0 && !quiet) {
            LOG.warn(
                    "The kernel threw away {} datagrams to {} (loop {}), {} since it was opened: {}",
                    watched.untold,
                    watched.local,
                    socket.loop().index(),
                    watched.total,
                    advice(utilisation(watched.loopBefore, loopNow), askedBytes, watched.grantedBytes));
            watched.toldMicros = nowMicros;
            watched.untold = 0;
        }
        watched.loopBefore = loopNow;
    }

    /** 1 if the loop has not come to publish anything in the meantime. */
    private static double utilisation(LoopWindow before, LoopWindow now) {
        long wallMicros = now.wallMicros() - before.wallMicros();
        return wallMicros <= 0 ? 1 : (double) (now.busyMicros() - before.busyMicros()) / wallMicros;
    }

    static String advice(double utilisation, int askedBytes, int grantedBytes) {
        if (utilisation > BUSY) {
            return "the loop was too busy to read them; GET /api/v1/loops shows with what";
        }
        if (grantedBytes < askedBytes * BUSY) {
            return "its receive buffer has only " + grantedBytes + " bytes. Raise it with: sysctl -w net.core.rmem_max="
                    + askedBytes;
        }
        long moreBytes = 2L * Math.max(askedBytes, grantedBytes);
        return "its receive buffer of " + grantedBytes + " bytes was full. Raise it with: sysctl -w net.core.rmem_max="
                + moreBytes + ", and transport.receiveBufferBytes to the same";
    }
}
