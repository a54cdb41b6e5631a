package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Whether a node says that it is ready and changes are confirmed, and how long it takes until that is so. */
final class Readiness {
    private static final long GIVE_UP_SECONDS = 60;

    private final Stage stage;
    private final HttpRequest health;
    private final HttpClient http = HttpClient.newHttpClient();

    Readiness(Stage stage) {
        this.stage = stage;
        this.health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stage.node(0).port + "/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    /** In seconds. */
    double untilNotReady() {
        return until(() -> status() == 503);
    }

    /** In seconds; also until a change was confirmed that is newer than this call. */
    double untilServing() {
        long confirmed = stage.ledger.acknowledged();
        return until(() -> status() == 200 && stage.ledger.acknowledged() > confirmed);
    }

    private static double until(BooleanSupplier condition) {
        long began = System.nanoTime();
        Wait.within(GIVE_UP_SECONDS, condition);
        return (System.nanoTime() - began) / 1e9;
    }

    int status() {
        try {
            return http.send(health, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
