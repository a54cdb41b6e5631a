package io.scaiwave.admin.stats;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.text.Texts;
import io.scaiwave.admin.work.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets aside the records that could not be counted, with the reason and where they stood: at least once, as all of Kafka. What the
 * dead-letter topic does not take within a few seconds is passed over, with a word in the log: it must not hold up the rest.
 */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final long TRYING_MS = 4_000;
    private static final long AGAIN_MS = 500;
    private static final long CLOSED_MS = 10_000;
    private static final long LOG_PAUSE_MS = 1_000; // so that most places can be found
    private static final int NAMED_MAX = 10;

    private final Vertx vertx;
    private final DeadLetterTopic topic;
    private final Supplier<Future<?>> brokers;
    private final Counter kept;
    private final Counter passedOver;
    /** Until then nothing is tried: else each batch would wait anew for a topic that takes nothing. */
    private Deadline open = Deadline.in(0);

    private final Tally unlogged = new Tally();
    private final Tally lost = new Tally();

    /** @param brokers succeeds when Kafka as such can be reached */
    DeadLetters(Vertx vertx, DeadLetterTopic topic, Supplier<Future<?>> brokers, MeterRegistry meters) {
        this.vertx = vertx;
        this.topic = topic;
        this.brokers = brokers;
        kept = Counter.builder("activity.dead.letters")
                .description("Records of the activity topic that could not be counted and were set aside")
                .register(meters);
        passedOver = Counter.builder("activity.dead.letters.failed")
                .description("Records of the activity topic that could neither be counted nor set aside")
                .register(meters);
    }

    /** Whether it could be made does not matter before there is something to set aside. */
    Future<Void> create() {
        return topic.create()
                .onFailure(e -> LOG.warn("making sure of {} failed: {}", topic.name(), Texts.logged(e)))
                .otherwiseEmpty();
    }

    /** Completes when the brokers have acknowledged them, or they are passed over; fails while Kafka as such is away. */
    Future<Void> send(List<Received> refused) {
        List<DeadLetter> letters = refused.stream()
                .map(each -> DeadLetter.of(each, topic.bytesMax()))
                .toList();
        if (letters.isEmpty()) {
            return Future.succeededFuture();
        }
        if (!open.passed()) {
            passOver(letters, "it took nothing a moment ago");
            return Future.succeededFuture();
        }
        return attempt(letters, Deadline.in(TRYING_MS));
    }

    private Future<Void> attempt(List<DeadLetter> letters, Deadline until) {
        return topic.send(
                        letters.stream().map(letter -> letter.to(topic.name())).toList())
                .map(sent -> left(letters, sent))
                .recover(e -> Future.succeededFuture(new Left(letters, e)))
                .compose(left -> {
                    if (left.letters.isEmpty()) {
                        return Future.succeededFuture();
                    }
                    return until.passed() ? giveUp(left) : again(left, until);
                });
    }

    /** What is still to be sent, and why. */
    private record Left(List<DeadLetter> letters, @Nullable Throwable reason) {}

    private Left left(List<DeadLetter> letters, List<Future<?>> sent) {
        List<DeadLetter> left = new ArrayList<>();
        List<DeadLetter> done = new ArrayList<>();
        Throwable reason = null;
        for (int i = 0; i < letters.size(); i++) {
            DeadLetter letter = letters.get(i);
            Throwable failure = sent.get(i).cause();
            if (failure == null) {
                done.add(letter);
            } else {
                reason = failure;
                left.add(failure instanceof RecordTooLargeException ? letter.shortened() : letter);
            }
        }
        tell(done);
        return new Left(left, reason);
    }

    private Future<Void> again(Left left, Deadline until) {
        if (left.reason != null) {
            topic.failed(left.reason);
        }
        return vertx.timer(AGAIN_MS)
                .compose(v -> topic.create().otherwiseEmpty())
                .compose(v -> attempt(left.letters, until));
    }

    /** While no broker answers there are no other records either, so that waiting costs nothing. */
    private Future<Void> giveUp(Left left) {
        return brokers.get().map(v -> {
            open = Deadline.in(CLOSED_MS);
            passOver(left.letters, Texts.logged(left.reason));
            return null;
        });
    }

    private void tell(List<DeadLetter> done) {
        kept.increment(done.size());
        long count = unlogged.add(done.size());
        if (count > 0) {
            LOG.warn("{} records set aside on {}, among them {}", count, topic.name(), named(done));
        }
    }

    private void passOver(List<DeadLetter> letters, String why) {
        passedOver.increment(letters.size());
        long count = lost.add(letters.size());
        if (count > 0) {
            LOG.error(
                    "{} did not take {} records, they are passed over ({}), among them {}",
                    topic.name(),
                    count,
                    why,
                    named(letters));
        }
    }

    /** Counts what one line of the log can say, so that there are not too many. */
    private static final class Tally {
        private Deadline quiet = Deadline.in(0);
        private long count;

        /** How many there were since the last line; 0 when it is too early for the next. */
        long add(int more) {
            count += more;
            if (more == 0 || !quiet.passed()) {
                return 0;
            }
            quiet = Deadline.in(LOG_PAUSE_MS);
            long all = count;
            count = 0;
            return all;
        }
    }

    private static String named(List<DeadLetter> letters) {
        return letters.stream().limit(NAMED_MAX).map(DeadLetter::place).collect(Collectors.joining("; "));
    }

    Future<Void> close() {
        return topic.close();
    }
}
