package io.millrace.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * Stands between nodes that listen at loopback addresses of their own (127.0.0.11 and so on), so that one of them can be
 * cut off from the others: what is sent disappears in silence, and no connection is closed until the cut is healed.
 */
final class CuttableNetwork implements AutoCloseable {
    private static final int PORT = 25_801;
    private static final int DOOR_PORT = 25_802;

    private final Map<String, ServerSocket> doors = new ConcurrentHashMap<>();
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final Set<String> cutOff = new HashSet<>();

    private record Link(String from, String to, Socket caller, Socket called) {}

    /** Where the node of this index is called by others. */
    static String doorOf(int index) {
        return addressOf(index) + ":" + DOOR_PORT;
    }

    static String addressOf(int index) {
        return "127.0.0." + (11 + index);
    }

    /** Settings of the node of this index in a cluster of so many. */
    static ClusterSettings settings(String name, int index, int nodes) {
        List<String> members =
                IntStream.range(0, nodes).mapToObj(CuttableNetwork::doorOf).toList();
        return new ClusterSettings(
                ClusterSettings.Mode.STATIC_HOSTS,
                name,
                "secret",
                members,
                addressOf(index),
                PORT,
                doorOf(index),
                "",
                nodes,
                0);
    }

    CuttableNetwork(int nodes) throws IOException {
        for (int i = 0; i < nodes; i++) {
            String to = addressOf(i);
            ServerSocket door = new ServerSocket(DOOR_PORT, 50, InetAddress.getByName(to));
            doors.put(to, door);
            start(() -> open(to, door));
        }
    }

    void cutOff(int index) {
        synchronized (cutOff) {
            cutOff.add(addressOf(index));
        }
    }

    void heal() {
        synchronized (cutOff) {
            for (Link link : links) {
                if (isCut(link)) {
                    close(link);
                }
            }
            cutOff.clear();
            cutOff.notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        heal();
        for (ServerSocket door : doors.values()) {
            door.close();
        }
        links.forEach(this::close);
    }

    private void open(String to, ServerSocket door) {
        try {
            while (true) {
                Socket caller = door.accept();
                start(() -> connect(caller, to));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void connect(Socket caller, String to) {
        String from = caller.getInetAddress().getHostAddress();
        Socket called = new Socket();
        Link link = new Link(from, to, caller, called);
        try {
            awaitWhole(link);
            called.connect(new InetSocketAddress(to, PORT), 2_000);
            caller.setTcpNoDelay(true);
            called.setTcpNoDelay(true);
            links.add(link);
            start(() -> pump(link, caller, called));
            pump(link, called, caller);
        } catch (IOException | InterruptedException e) {
            close(link);
        }
    }

    private void pump(Link link, Socket source, Socket sink) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = source.getInputStream();
            OutputStream out = sink.getOutputStream();
            for (int length; (length = in.read(buffer)) >= 0; ) {
                awaitWhole(link);
                out.write(buffer, 0, length);
            }
        } catch (IOException | InterruptedException e) {
            // Closed by one of the two, which the other is told below.
        }
        try {
            // A close is no more heard across a cut than anything else.
            awaitWhole(link);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close(link);
    }

    private void awaitWhole(Link link) throws InterruptedException {
        synchronized (cutOff) {
            while (isCut(link)) {
                cutOff.wait();
            }
        }
    }

    private boolean isCut(Link link) {
        return cutOff.contains(link.from) != cutOff.contains(link.to);
    }

    private void close(Link link) {
        links.remove(link);
        for (Socket socket : List.of(link.caller, link.called)) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "cuttable-network");
        thread.setDaemon(true);
        thread.start();
    }
}
