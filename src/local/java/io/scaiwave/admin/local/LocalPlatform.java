package io.scaiwave.admin.local;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What a server needs around it, for development and tests: PostgreSQL, Kafka, ScaiKey, ScaiGrid, on loopback. */
public final class LocalPlatform implements AutoCloseable {
    private static final int KEY_BYTES = 32;

    private final Folder folder;
    private final LocalPostgres postgres;
    private final LocalKafka kafka;
    private final LocalScaiKey scaiKey;
    private final LocalScaiGrid scaiGrid;

    private LocalPlatform(
            Folder folder, LocalPostgres postgres, LocalKafka kafka, LocalScaiKey scaiKey, LocalScaiGrid scaiGrid) {
        this.folder = folder;
        this.postgres = postgres;
        this.kafka = kafka;
        this.scaiKey = scaiKey;
        this.scaiGrid = scaiGrid;
    }

    /** With data that goes when it is closed. */
    public static LocalPlatform start() {
        return start(null);
    }

    /** On the data of that folder. Takes 3 to 6 seconds; when a part does not start, the others are stopped. */
    public static LocalPlatform start(Path dataDirOrNull) {
        return start(dataDirOrNull, false);
    }

    /** @param fsync whether PostgreSQL waits for the disk, as it does in production */
    public static LocalPlatform start(Path dataDirOrNull, boolean fsync) {
        Folder folder = Folder.of(dataDirOrNull);
        FutureTask<LocalPostgres> postgres =
                inBackground("local-postgres", () -> LocalPostgres.start(folder.path(), fsync));
        FutureTask<LocalKafka> kafka = inBackground("local-kafka", () -> LocalKafka.start(folder.path()));
        FutureTask<LocalScaiKey> scaiKey = inBackground("local-scaikey", () -> LocalScaiKey.start(folder.path()));
        FutureTask<LocalScaiGrid> scaiGrid =
                inBackground("local-scaigrid", () -> LocalScaiGrid.start(scaiKey.get(), folder.path()));
        try {
            return new LocalPlatform(folder, get(postgres), get(kafka), get(scaiKey), get(scaiGrid));
        } catch (RuntimeException e) {
            closeStarted(scaiGrid);
            closeStarted(scaiKey);
            closeStarted(kafka);
            closeStarted(postgres);
            folder.deleteIfTemporary();
            throw e;
        }
    }

    public LocalPostgres postgres() {
        return postgres;
    }

    public LocalKafka kafka() {
        return kafka;
    }

    public LocalScaiKey scaiKey() {
        return scaiKey;
    }

    public LocalScaiGrid scaiGrid() {
        return scaiGrid;
    }

    /** What a server on a free loopback port needs in its environment; a copy, to change at will. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SCAIWAVE_HTTP_HOST", "127.0.0.1");
        environment.put("SCAIWAVE_HTTP_PORT", "0");
        environment.put("SCAIWAVE_HTTP_STOP_DELAY_MS", "0");
        environment.put("SCAIWAVE_DB_URL", postgres.appUrl());
        environment.put("SCAIWAVE_DB_MIGRATION_URL", postgres.ownerUrl());
        environment.put("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("SCAIWAVE_SCAIKEY_ISSUER", scaiKey.issuer());
        environment.put("SCAIWAVE_SCAIKEY_JWKS_URL", scaiKey.jwksUrl());
        environment.put("SCAIWAVE_SCAIKEY_TOKEN_URL", scaiKey.tokenUrl());
        environment.put("SCAIWAVE_SCAIKEY_CLIENT_ID", scaiKey.clientId());
        environment.put("SCAIWAVE_SCAIKEY_CLIENT_SECRET", scaiKey.clientSecret());
        environment.put("SCAIWAVE_SCAIGRID_URL", scaiGrid.url());
        environment.put("SCAIWAVE_SECRET_KEYS", folder.kept("secret-keys", LocalPlatform::newSecretKeys));
        environment.put("SCAIWAVE_RATE_LIMIT_PER_MINUTE", "0");
        environment.put("SCAIWAVE_BAD_TOKENS_PER_MINUTE", "0");
        environment.put("SCAIWAVE_REFUSALS_PER_MINUTE", "0");
        return environment;
    }

    /** What may still use a part is stopped before that part. */
    @Override
    public void close() {
        scaiGrid.close();
        scaiKey.close();
        kafka.close();
        postgres.close();
        folder.deleteIfTemporary();
    }

    private static String newSecretKeys() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return "local-1:" + Base64.getEncoder().encodeToString(key);
    }

    private static <T> FutureTask<T> inBackground(String name, java.util.concurrent.Callable<T> start) {
        FutureTask<T> task = new FutureTask<>(start);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T get(FutureTask<T> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException reason ? reason : new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the local platform started", e);
        }
    }

    /** Waits for the part, which may still be starting. */
    private static void closeStarted(FutureTask<? extends AutoCloseable> task) {
        try {
            task.get().close();
        } catch (Exception neverStarted) {
            // then there is nothing to close
        }
    }
}
