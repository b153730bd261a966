package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StrayInboxTest {
    private static final InetSocketAddress FROM = new InetSocketAddress("192.0.2.1", 40_000);
    private static final InetSocketAddress LOCAL = new InetSocketAddress("192.0.2.2", 8890);

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Integer> received = new ArrayList<>();
    private final StrayInbox inbox =
            new StrayInbox(tasks::add, stray -> received.add(stray.datagram().getInt(0)));

    @Test
    void whatComesBeforeTheLoopGetsToItCrossesInOneTaskAndInOrder() {
        offer(1);
        offer(2);
        offer(3);

        assertThat(tasks).hasSize(1);
        runTasks();
        assertThat(received).containsExactly(1, 2, 3);

        offer(4);
        runTasks();
        assertThat(received).containsExactly(1, 2, 3, 4);
    }

    @Test
    void datagramIsCopiedFromItsLoan() {
        List<Stray> kept = new ArrayList<>();
        StrayInbox keeping = new StrayInbox(tasks::add, kept::add);
        ByteBuffer loan =
                ByteBuffer.allocateDirect(100).putInt(40, 7).position(40).limit(44);

        keeping.offer(FROM, LOCAL, loan);
        loan.putInt(40, 8);
        runTasks();

        assertThat(loan.position()).isEqualTo(40);
        assertThat(kept)
                .containsExactly(new Stray(FROM, LOCAL, ByteBuffer.allocate(4).putInt(0, 7)));
    }

    @Test
    void floodToALoopThatIsHeldUpIsBounded() {
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            taken += offer(i) ? 1 : 0;
        }

        assertThat(taken).isEqualTo(StrayInbox.CAPACITY);
        assertThat(tasks).hasSize(1);
        runTasks();
        assertThat(received).hasSize(StrayInbox.CAPACITY);
        assertThat(offer(1)).isTrue();
    }

    @Test
    void taskTakesNoMoreThanWasThereWhenItBegan() {
        List<Integer> inFirstTask = new ArrayList<>();
        List<StrayInbox> flooded = new ArrayList<>();
        flooded.add(new StrayInbox(tasks::add, stray -> {
            inFirstTask.add(1);
            flooded.get(0).offer(FROM, LOCAL, ByteBuffer.allocate(4));
        }));
        flooded.get(0).offer(FROM, LOCAL, ByteBuffer.allocate(4));
        flooded.get(0).offer(FROM, LOCAL, ByteBuffer.allocate(4));

        tasks.remove().run();

        assertThat(inFirstTask).hasSize(2);
        assertThat(tasks).hasSize(1);
    }

    @Test
    void nothingIsForgottenBetweenManyLoops() throws InterruptedException {
        int loops = 3;
        int each = 50_000;
        AtomicInteger delivered = new AtomicInteger();
        ExecutorService target = Executors.newSingleThreadExecutor();
        StrayInbox shared = new StrayInbox(target, stray -> delivered.incrementAndGet());
        CountDownLatch done = new CountDownLatch(loops);
        for (int loop = 0; loop < loops; loop++) {
            new Thread(() -> {
                        ByteBuffer datagram = ByteBuffer.allocate(4);
                        for (int i = 0; i < each; i++) {
                            while (!shared.offer(FROM, LOCAL, datagram)) {
                                Thread.yield();
                            }
                        }
                        done.countDown();
                    })
                    .start();
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        target.shutdown();
        assertThat(target.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered.get()).isEqualTo(loops * each);
    }

    private boolean offer(int number) {
        return inbox.offer(FROM, LOCAL, ByteBuffer.allocate(4).putInt(0, number));
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
