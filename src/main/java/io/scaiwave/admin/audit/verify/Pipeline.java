package io.scaiwave.admin.audit.verify;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Hashes batches on all processors, and passes the entries on in the order in which their batches came. */
public final class Pipeline implements AutoCloseable {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int BATCHES_WAITING_MAX = 4 * THREADS;

    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "hash");
        thread.setDaemon(true);
        return thread;
    });
    private final Deque<Future<List<Sighting>>> waiting = new ArrayDeque<>();
    private final Consumer<Sighting> next;

    public Pipeline(Consumer<Sighting> next) {
        this.next = next;
    }

    /** Blocks while enough is under way. */
    public void submit(Callable<List<Sighting>> batch) {
        waiting.add(workers.submit(batch));
        while (waiting.size() > BATCHES_WAITING_MAX
                || (!waiting.isEmpty() && waiting.peek().isDone())) {
            passOn();
        }
    }

    public void finish() {
        while (!waiting.isEmpty()) {
            passOn();
        }
    }

    private void passOn() {
        try {
            waiting.remove().get().forEach(next);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException reason ? reason : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreadable("interrupted", e);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
