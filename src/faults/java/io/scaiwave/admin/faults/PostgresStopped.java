package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** Fault 3: PostgreSQL is stopped as by a crash, and recovers from its log, again and again under load. */
final class PostgresStopped {
    private static final long SERVING_MS_MAX = 2_000;
    private static final long AWAY_MS_MAX = 1_000;
    private static final long GIVE_UP_SECONDS = 60;
    private static final double READY_SECONDS_MAX = 5;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int TOLD_EVERY = 10;

    private final Stage stage;
    private final HttpRequest health;
    private final HttpClient http = HttpClient.newHttpClient();

    private PostgresStopped(Stage stage) {
        this.stage = stage;
        this.health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stage.node(0).port + "/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    static Report run(int stops) {
        Report report = new Report("3 PostgreSQL stopped", stops + " immediate stops with fsync on, 16 clients");
        try (Stage stage = Stage.start(1)) {
            double[] seconds = new double[stops];
            PostgresStopped proof = new PostgresStopped(stage);
            Load load = Load.closed(stage.clients());
            try (load) {
                for (int i = 0; i < stops; i++) {
                    Wait.pause(ThreadLocalRandom.current().nextLong(SERVING_MS_MAX));
                    seconds[i] = proof.stopOnce(report);
                    if ((i + 1) % TOLD_EVERY == 0) {
                        report.progress((i + 1) + " stops, " + stage.ledger.acknowledged() + " changes acknowledged");
                    }
                }
                Wait.pause(SERVING_MS_MAX);
            }
            Arrays.sort(seconds);
            report.figure("stops", stops);
            report.figure("ready again, median", "%.2f s".formatted(seconds[stops / 2]));
            report.atMost("ready again, slowest", seconds[stops - 1], READY_SECONDS_MAX, "s");
            AuditCheck.check(stage, report);
        }
        return report.end();
    }

    /** How long it took from the first connection that PostgreSQL took to the server being ready, in seconds. */
    private double stopOnce(Report report) {
        stage.platform.postgres().stopImmediately();
        await("not ready", () -> !ready());
        Wait.pause(ThreadLocalRandom.current().nextLong(AWAY_MS_MAX));
        CompletableFuture<Void> start =
                CompletableFuture.runAsync(() -> stage.platform.postgres().startAgain());
        await("PostgreSQL", this::connects);
        long up = System.nanoTime();
        if (!await("ready", this::ready)) {
            report.violated("not ready within " + GIVE_UP_SECONDS + " s");
        }
        double seconds = (System.nanoTime() - up) / NANOS_PER_SECOND;
        start.join();
        return seconds;
    }

    private static boolean await(String what, BooleanSupplier condition) {
        boolean came = Wait.within(GIVE_UP_SECONDS, condition);
        if (!came) {
            System.err.println("still waiting for: " + what);
        }
        return came;
    }

    private boolean connects() {
        try (Connection connection = stage.database()) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private boolean ready() {
        try {
            return http.send(health, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
