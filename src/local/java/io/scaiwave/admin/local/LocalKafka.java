package io.scaiwave.admin.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** A real Kafka broker (KRaft, one node) in a JVM of its own, and ways to make it fail. */
public final class LocalKafka implements AutoCloseable {
    private static final long STOP_SECONDS = 20;
    private static final long POLL_MS = 50;
    private static final int PORTS_TRIED_MAX = 3;

    private final Folder folder;
    private final KafkaAccess access;
    private final Path home;
    private final Path log;
    private int port;
    private Process process;

    private LocalKafka(Folder folder, KafkaAccess access) {
        this.folder = folder;
        this.access = access;
        this.home = folder.file("kafka");
        this.log = home.resolve("broker.log");
    }

    /** Starts on the data of that folder, or on a temporary folder that goes with it. */
    public static LocalKafka start(Path dataDirOrNull) {
        return start(new LocalKafka(Folder.of(dataDirOrNull), KafkaAccess.OPEN));
    }

    /** Starts on a temporary folder, for those alone whom it knows. */
    public static LocalKafka startFor(KafkaAccess access) {
        return start(new LocalKafka(Folder.of(null), access));
    }

    private static LocalKafka start(LocalKafka kafka) {
        try {
            kafka.firstStart();
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Orderly, as an operator would. */
    public synchronized void stop() {
        if (process == null) {
            return;
        }
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // it is dead already
        }
        await(STOP_SECONDS);
        kill();
    }

    /** As a crash would. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            await(STOP_SECONDS);
            process = null;
        }
    }

    /** It says nothing from then on, as a dead host, until {@link #wake}. */
    public synchronized void freeze() {
        signal("STOP");
    }

    public synchronized void wake() {
        signal("CONT");
    }

    private void signal(String name) {
        Command.run(List.of("kill"), "-" + name, Long.toString(process.pid())).orThrow(name);
    }

    /** On the same ports and data. */
    public synchronized void startAgain() {
        if (process == null) {
            run();
        }
    }

    @Override
    public synchronized void close() {
        stop();
        folder.deleteIfTemporary();
    }

    private synchronized void firstStart() {
        for (int attempt = 1; ; attempt++) {
            port = FreePort.find();
            int controllerPort = FreePort.find();
            configure(controllerPort);
            try {
                run();
                return;
            } catch (IllegalStateException e) {
                kill();
                boolean free = FreePort.isFree("127.0.0.1", port) && FreePort.isFree("127.0.0.1", controllerPort);
                if (free || attempt == PORTS_TRIED_MAX) {
                    throw e; // the ports were not the reason
                }
            }
        }
    }

    private void configure(int controllerPort) {
        try {
            Files.createDirectories(home);
            Files.writeString(home.resolve("logback.xml"), LOGBACK.formatted(log));
            Files.writeString(
                    home.resolve("broker.properties"),
                    PROPERTIES.formatted(
                                    controllerPort,
                                    port,
                                    controllerPort,
                                    access.moreListeners(),
                                    port,
                                    access.moreListeners(),
                                    access.protocol(),
                                    access.moreProtocols(),
                                    home.resolve("data"))
                            + KafkaAccess.lines(access.broker()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + home, e);
        }
    }

    private void run() {
        File console = home.resolve("console.log").toFile();
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + home.resolve("logback.xml"),
                "-cp",
                ClassPath.current(),
                KafkaBroker.class.getName(),
                home.resolve("broker.properties").toString());
        // Ctrl-C reaches the whole process group, and must not make the broker stop before the server that uses it.
        List<String> shell = List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh");
        try {
            process = new ProcessBuilder(
                            Stream.concat(shell.stream(), java.stream()).toList())
                    .redirectErrorStream(true)
                    .redirectOutput(console)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run sh", e);
        }
        awaitReady();
    }

    private void awaitReady() {
        Patience patience = new Patience("Kafka", log, home.resolve("console.log"));
        while (!listens() || !answers()) {
            if (!process.isAlive()) {
                throw patience.failure("did not start on port " + port);
            }
            if (patience.isExhausted()) {
                throw patience.failure(patience.silence());
            }
            pause();
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(FreePort.address("127.0.0.1"), port), (int) POLL_MS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean answers() {
        Map<String, Object> config = new HashMap<>(access.administrator());
        config.putAll(Map.of(
                "bootstrap.servers", bootstrapServers(), "reconnect.backoff.ms", 50, "request.timeout.ms", 2_000));
        try (Admin admin = Admin.create(config)) {
            return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty() && process.isAlive();
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Kafka started", e);
        }
    }

    private void await(long seconds) {
        try {
            process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Kafka started", e);
        }
    }

    // INFO, because a broker that starts shows there that it makes progress.
    private static final String LOGBACK = """
            <configuration>
              <statusListener class="ch.qos.logback.core.status.NopStatusListener"/>
              <appender name="file" class="ch.qos.logback.core.FileAppender">
                <file>%s</file>
                <encoder><pattern>%%d %%-5level %%logger{20} %%msg%%n</pattern></encoder>
              </appender>
              <logger name="org.apache.kafka.common.config" level="WARN"/>
              <logger name="state.change.logger" level="WARN"/>
              <root level="INFO"><appender-ref ref="file"/></root>
            </configuration>
            """;

    // The short session lets a killed broker register again at once, instead of after nine seconds.
    private static final String PROPERTIES = """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:%d
            listeners=CLIENTS://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d%s
            advertised.listeners=CLIENTS://127.0.0.1:%d%s
            inter.broker.listener.name=CLIENTS
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CLIENTS:%s,CONTROLLER:PLAINTEXT%s
            log.dirs=%s
            broker.session.timeout.ms=3000
            broker.heartbeat.interval.ms=500
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            share.coordinator.state.topic.num.partitions=1
            group.initial.rebalance.delay.ms=0
            auto.create.topics.enable=false
            log.cleaner.dedupe.buffer.size=2097152
            num.network.threads=1
            num.io.threads=2
            """;
}
