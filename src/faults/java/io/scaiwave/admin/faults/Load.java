package io.scaiwave.admin.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Clients at work, each on a thread of its own, until it is closed. */
final class Load implements AutoCloseable {
    private static final long PAUSE_MS = 20;
    private static final long REFUSED_PAUSE_MS = 100;

    /** @param sinceNanos when it was due, of {@link System#nanoTime}; the latency counts from there */
    record Sample(long sinceNanos, long latencyNanos, boolean success) {}

    private interface Work {
        void run() throws InterruptedException;
    }

    private final ExecutorService threads;
    private final List<Future<?>> running = new ArrayList<>();
    private final List<List<Sample>> samples = new ArrayList<>();
    private volatile boolean ending;

    private Load(int clients) {
        threads = Executors.newFixedThreadPool(clients);
    }

    /** Each client sends its next change a moment after the last one was answered. */
    static Load closed(List<? extends Sender> clients) {
        Load load = new Load(clients.size());
        clients.forEach(client -> load.run(() -> {
            Random random = new Random();
            while (!load.ending) {
                boolean confirmed = client.send();
                Thread.sleep(confirmed ? random.nextLong(PAUSE_MS) : REFUSED_PAUSE_MS);
            }
        }));
        return load;
    }

    /** Changes are due at a steady rate, whatever becomes of those before: what is late counts as slow. */
    static Load open(List<? extends Sender> clients, double perSecond) {
        Load load = new Load(clients.size());
        long start = System.nanoTime();
        long everyNanos = (long) (1e9 * clients.size() / perSecond);
        for (int i = 0; i < clients.size(); i++) {
            Sender client = clients.get(i);
            long first = start + everyNanos * i / clients.size();
            List<Sample> own = new ArrayList<>();
            load.samples.add(own);
            load.run(() -> {
                for (long due = first; !load.ending; due += everyNanos) {
                    LockSupport.parkNanos(due - System.nanoTime());
                    if (System.nanoTime() < due) { // woken too early
                        LockSupport.parkNanos(due - System.nanoTime());
                    }
                    boolean success = client.send();
                    own.add(new Sample(due, System.nanoTime() - due, success));
                }
            });
        }
        return load;
    }

    private void run(Work work) {
        running.add(threads.submit(() -> {
            work.run();
            return null;
        }));
    }

    /** Those of an open load; to be called after it was closed. */
    List<Sample> samples() {
        return samples.stream().flatMap(List::stream).toList();
    }

    /** Lets each client finish the change in hand. */
    @Override
    public void close() {
        ending = true;
        threads.shutdown();
        try {
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            threads.shutdownNow();
        }
    }
}
