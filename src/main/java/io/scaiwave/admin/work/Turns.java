package io.scaiwave.admin.work;

import io.scaiwave.admin.bus.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets so many pieces of work run at a time, and fewer of one account. Those that wait are taken account by account, so that one
 * with much to do does not hold up one with little.
 */
public final class Turns {
    private static final long RETRY_SECONDS = 1;

    /**
     * How many pieces of work there may be.
     *
     * @param what they are, for whoever is refused
     * @param runningMax at a time, of all
     * @param ofOneMax of these, of one account
     * @param waitingOfOneMax of one account
     * @param waitingMax of all
     * @param waitMs whose turn has not come by then is refused
     */
    public record Limits(String what, int runningMax, int ofOneMax, int waitingOfOneMax, int waitingMax, long waitMs) {}

    private final Vertx vertx;
    private final Limits limits;
    /** Those that have something running or waiting; whose turn was longest ago comes first. */
    private final Map<String, Account> accounts = new LinkedHashMap<>();

    private int running;
    private int waiting;

    private static final class Account {
        private final Deque<Place> places = new ArrayDeque<>();
        private int running;
    }

    /** Where a piece of work waits, and goes on in its own context. */
    private record Place(Context context, Promise<Void> turn) {
        void call() {
            context.runOnContext(v -> turn.complete());
        }
    }

    public Turns(Vertx vertx, Limits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /** Runs the work when it is its turn; fails at once when too many wait, and when its turn does not come in time. */
    public <T> Future<T> take(String account, Supplier<Future<T>> work) {
        Future<Void> turn = atOnce(account) ? Future.succeededFuture() : turn(account);
        return turn.compose(
                v -> Future.succeededFuture().compose(begun -> work.get()).onComplete(done -> end(account)));
    }

    /** Whether nobody is before it: what needs not wait costs no timer. */
    private synchronized boolean atOnce(String name) {
        Account account = accounts.get(name);
        if (running >= limits.runningMax() || (account != null && account.running >= limits.ofOneMax())) {
            return false;
        }
        begin(name);
        return true;
    }

    /** Whose turn it is now comes last from then on. */
    private Account begin(String name) {
        Account account = accounts.remove(name);
        if (account == null) {
            account = new Account();
        }
        accounts.put(name, account);
        account.running++;
        running++;
        return account;
    }

    private Future<Void> turn(String name) {
        Place place = new Place(vertx.getOrCreateContext(), Promise.promise());
        try {
            enter(name, place);
        } catch (Failure e) {
            return Future.failedFuture(e);
        }
        long patience = vertx.setTimer(limits.waitMs(), timer -> giveUp(name, place));
        return place.turn.future().onComplete(done -> vertx.cancelTimer(patience));
    }

    private synchronized void enter(String name, Place place) {
        if (waiting >= limits.waitingMax()) {
            throw Failure.unavailable("too many %s are waiting; try again".formatted(limits.what()));
        }
        Account account = accounts.computeIfAbsent(name, key -> new Account());
        if (account.places.size() >= limits.waitingOfOneMax()) {
            throw Failure.rateLimited(
                    "%d %s of yours are waiting; let them finish".formatted(account.places.size(), limits.what()),
                    RETRY_SECONDS);
        }
        account.places.add(place);
        waiting++;
        next();
    }

    private synchronized void end(String name) {
        running--;
        Objects.requireNonNull(accounts.get(name)).running--;
        forget(name);
        next();
    }

    private synchronized void giveUp(String name, Place place) {
        Account account = accounts.get(name);
        if (account != null && account.places.remove(place)) {
            waiting--;
            forget(name);
            place.turn.fail(Failure.unavailable(
                    "the turn of your %s did not come in time; try again".formatted(limits.what())));
        }
    }

    private void forget(String name) {
        Account account = accounts.get(name);
        if (account != null && account.running == 0 && account.places.isEmpty()) {
            accounts.remove(name);
        }
    }

    private void next() {
        while (running < limits.runningMax()) {
            Optional<String> name = accounts.entrySet().stream()
                    .filter(each -> !each.getValue().places.isEmpty() && each.getValue().running < limits.ofOneMax())
                    .map(Map.Entry::getKey)
                    .findFirst();
            if (name.isEmpty()) {
                return;
            }
            waiting--;
            begin(name.get()).places.remove().call();
        }
    }
}
