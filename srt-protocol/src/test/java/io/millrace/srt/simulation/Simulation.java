package io.millrace.srt.simulation;

import io.millrace.srt.endpoint.EndpointSettings;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Hosts on a seeded network in virtual time: hours of stream in seconds, and a run that fails can be repeated from its
 * seed. Also the harness of the relay's own simulations.
 */
public final class Simulation {
    private final Random random;
    private final Map<InetSocketAddress, SimulatedHost> hosts = new HashMap<>();
    private final Map<Route, SimulatedLink> links = new HashMap<>();
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long nowMicros;
    private long nextOrder;
    private Consumer<ByteBuffer> onDatagram = datagram -> {};

    private record Route(InetSocketAddress from, InetSocketAddress to) {}

    private record Task(long atMicros, long order, Runnable action) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(atMicros, other.atMicros);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    public Simulation(long seed) {
        random = new Random(seed);
        // Not zero: nothing may depend on when the process started.
        nowMicros = 1_000_000 + random.nextInt(1_000_000_000);
    }

    /** Virtual time, microseconds. */
    public long nowMicros() {
        return nowMicros;
    }

    public Random random() {
        return random;
    }

    public SimulatedHost host(EndpointSettings settings) {
        return host(settings, 0);
    }

    /** @param driftPpm how fast its clock runs, parts per million */
    public SimulatedHost host(EndpointSettings settings, double driftPpm) {
        SimulatedHost host =
                new SimulatedHost(this, hosts.size() + 1, settings, new Random(random.nextLong()), driftPpm);
        hosts.put(host.address(), host);
        return host;
    }

    /** Links two hosts; the profile holds for each direction. */
    public void link(SimulatedHost a, SimulatedHost b, LinkProfile profile) {
        link(a, b, profile, profile);
    }

    public void link(SimulatedHost a, SimulatedHost b, LinkProfile aToB, LinkProfile bToA) {
        links.put(new Route(a.address(), b.address()), new SimulatedLink(aToB, new Random(random.nextLong())));
        links.put(new Route(b.address(), a.address()), new SimulatedLink(bToA, new Random(random.nextLong())));
    }

    /** Shows every datagram that is sent, whatever becomes of it. */
    public void onDatagram(Consumer<ByteBuffer> consumer) {
        onDatagram = consumer;
    }

    public void at(long atMicros, Runnable action) {
        tasks.add(new Task(atMicros, nextOrder++, action));
    }

    public void after(long micros, Runnable action) {
        at(nowMicros + micros, action);
    }

    /** Runs for so long. */
    public void run(long micros) {
        long end = nowMicros + micros;
        Task task = tasks.peek();
        while (task != null && task.atMicros <= end) {
            tasks.remove();
            nowMicros = Math.max(nowMicros, task.atMicros);
            task.action.run();
            task = tasks.peek();
        }
        nowMicros = end;
    }

    void transmit(SimulatedHost from, InetSocketAddress to, byte[] datagram) {
        onDatagram.accept(ByteBuffer.wrap(datagram));
        SimulatedLink link = links.get(new Route(from.address(), to));
        SimulatedHost receiver = hosts.get(to);
        if (link == null || receiver == null) {
            return;
        }
        for (int copy = link.duplicates() ? 2 : 1; copy > 0; copy--) {
            long arrival = link.arrival(nowMicros);
            if (arrival >= 0) {
                at(arrival, () -> receiver.deliver(from.address(), datagram));
            }
        }
    }
}
