package io.scaiwave.admin.local;

import io.scaiwave.admin.Main;
import io.scaiwave.admin.Server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What `mvn` runs: the local platform, the server on it, a partner and a tenant, and a screen to go on from. */
public final class Local {
    static final String KAFKA_ADDRESS = "kafka.address";

    private static final long BREAK_OFF_SECONDS_MAX = 20;
    private static final String LOCK = "lock";
    private static final List<String> PASSED_ON = List.of(
            "SCAIWAVE_HTTP_HOST",
            "SCAIWAVE_HTTP_PORT",
            "SCAIWAVE_BAD_TOKENS_PER_MINUTE",
            "SCAIWAVE_CONSOLE_OIDC_CLIENT_ID",
            "SCAIWAVE_CONSOLE_OIDC_ISSUER",
            "SCAIWAVE_RATE_LIMIT_PER_MINUTE",
            "SCAIWAVE_REFUSALS_PER_MINUTE",
            "SCAIWAVE_SERVER_NAME",
            "SCAIWAVE_TRUSTED_PROXIES");

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final Path folder;
    private final boolean fresh;
    private final Thread starter = Thread.currentThread();
    private volatile boolean stopping;
    private volatile int status;
    private FileChannel lockFile; // a field, because the lock goes when the channel is garbage

    private Local(Path folder, boolean fresh) {
        this.folder = folder;
        this.fresh = fresh;
    }

    /** With --fresh, or the system property local.fresh, on an empty data folder. */
    public static void main(String[] args) throws InterruptedException {
        String property = System.getProperty("local.fresh", "false");
        boolean fresh = Arrays.asList(args).contains("--fresh") || !property.equals("false");
        new Local(folder(), fresh).run();
    }

    /** Where the data is: the system property local.folder, otherwise target/local in the working directory. */
    static Path folder() {
        return Path.of(System.getProperty("local.folder", "target/local"))
                .toAbsolutePath()
                .normalize();
    }

    private void run() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "local-stop"));
        try {
            start();
            started.countDown();
        } catch (Throwable e) {
            status = stopping ? 0 : 1;
            started.countDown();
            if (!stopping) {
                System.err.println("ScaiWave did not start: " + sentence(e));
                System.exit(status);
            }
        }
        new CountDownLatch(1).await(); // until the JVM is told to end
    }

    private void start() throws Exception {
        Map<String, String> wished = new TreeMap<>(System.getenv());
        wished.keySet().retainAll(PASSED_ON);
        wished.putIfAbsent("SCAIWAVE_HTTP_HOST", "127.0.0.1");
        wished.putIfAbsent("SCAIWAVE_HTTP_PORT", "8000");
        requireFreePort(wished.get("SCAIWAVE_HTTP_HOST"), wished.get("SCAIWAVE_HTTP_PORT"));
        Files.createDirectories(folder);
        lock();
        if (fresh) {
            empty();
        }
        logToFile();
        System.out.println(
                "Starting PostgreSQL, Kafka, ScaiKey, ScaiGrid and the server on the data in " + shown() + " …");
        LocalPlatform platform = LocalPlatform.start(folder);
        running.push(platform);
        Files.writeString(folder.resolve(KAFKA_ADDRESS), platform.kafka().bootstrapServers());
        running.push(() -> Files.deleteIfExists(folder.resolve(KAFKA_ADDRESS)));
        platform.scaiGrid().setModels(ScaiGridModels.PLENTY);
        Map<String, String> environment = platform.environment();
        environment.putAll(wished);
        String api = "http://127.0.0.1:" + startServer(environment);
        new LocalSeed(api, platform).make(folder);
        if (!stopping) {
            System.out.println(LocalScreen.text(api, platform, shown()));
        }
    }

    private int startServer(Map<String, String> environment) throws Exception {
        Server server = Main.start(environment);
        running.push(server);
        return server.port();
    }

    private static void requireFreePort(String host, String port) {
        if (!port.matches("\\d{1,5}")) {
            throw new IllegalStateException("SCAIWAVE_HTTP_PORT must be a port number, not " + port + ".");
        }
        if (!FreePort.isFree(host, Integer.parseInt(port))) {
            throw new IllegalStateException("port " + port + " of " + host
                    + " is in use; stop what listens there, or choose another: SCAIWAVE_HTTP_PORT=8001 mvn");
        }
    }

    /** Held until the process ends, however it ends. */
    private void lock() throws IOException {
        Path file = folder.resolve(LOCK);
        lockFile = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lockFile.tryLock() == null) {
            throw new IllegalStateException("another `mvn` is running on the data in " + shown()
                    + "; stop that one first, or use a second clone.");
        }
    }

    private void empty() throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.toList()) {
                if (!child.endsWith(LOCK)) {
                    Folder.delete(child);
                }
            }
        }
    }

    /** The terminal is for the screen; to be called before anything logs. */
    private void logToFile() throws IOException {
        Path file = folder.resolve("logback.xml");
        Files.writeString(file, LOGBACK.formatted(folder.resolve("server.log")));
        System.setProperty("logback.configurationFile", file.toString());
    }

    private Path shown() {
        Path here = Path.of("").toAbsolutePath();
        return folder.startsWith(here) ? here.relativize(folder) : folder;
    }

    /** The server first, then what it used, the other way round than they were started. */
    private void stop() {
        stopping = true;
        try {
            if (started.getCount() > 0) {
                starter.interrupt(); // it may be waiting for what the same signal has ended
            }
            if (!started.await(BREAK_OFF_SECONDS_MAX, TimeUnit.SECONDS)) {
                System.err.println("The start did not end; what it began ends with this process.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean wasRunning = !running.isEmpty();
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                System.err.println("While stopping: " + sentence(e));
                status = 1;
            }
        }
        if (wasRunning) {
            System.out.println("\nScaiWave and everything it used has stopped; the data stays in " + shown() + ".");
        }
        System.out.flush();
        Runtime.getRuntime().halt(status); // an orderly stop is a success, though a signal asked for it
    }

    private static String sentence(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static final String LOGBACK = """
            <configuration>
              <statusListener class="ch.qos.logback.core.status.NopStatusListener"/>
              <appender name="file" class="ch.qos.logback.core.FileAppender">
                <file>%s</file>
                <encoder><pattern>%%d{ISO8601} %%-5level [%%thread] %%logger{30} %%msg%%n</pattern></encoder>
              </appender>
              <logger name="org.apache.kafka" level="ERROR"/>
              <logger name="org.flywaydb" level="WARN"/>
              <root level="INFO"><appender-ref ref="file"/></root>
            </configuration>
            """;
}
