package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/** The child JVM of LocalKafka: a broker that stops when its standard input ends, so never outlives its parent. */
final class KafkaBroker {
    private static final long STOP_MS_MAX = 15_000;
    private static final String CLUSTER_ID = new Uuid(1, 1).toString(); // constant, or its own old data is refused

    private KafkaBroker() {}

    /** The argument is the broker's properties file. */
    public static void main(String[] args) {
        try {
            run(Path.of(args[0]));
            System.exit(0);
        } catch (Throwable e) { // whatever it is, threads of a half-started broker would keep the process
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(Path file) throws Exception {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Path logs = Path.of(properties.getProperty("log.dirs"));
        Files.createDirectories(logs);
        // Waits for a broker on the same data whose parent was killed a moment ago.
        try (FileChannel channel = FileChannel.open(
                        logs.resolveSibling("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            format(logs);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
            stopWithParent(server);
            server.startup();
            server.awaitShutdown();
            lock.release();
        }
    }

    private static void format(Path logs) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(CLUSTER_ID)
                .setNodeId(1)
                .addDirectory(logs.toString())
                .setMetadataLogDirectory(logs.toString())
                .setControllerListenerName("CONTROLLER")
                .setSupportedFeatures(
                        Feature.PRODUCTION_FEATURES) // Feature.values() has some for tests only, and throws
                .setIgnoreFormatted(true)
                .run();
    }

    private static void stopWithParent(KafkaRaftServer server) {
        daemon("stop-with-parent", () -> {
            awaitEndOfInput();
            daemon("stop-at-last", KafkaBroker::haltLater);
            server.shutdown();
        });
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever said
            }
        } catch (IOException e) {
            // the same as its end
        }
    }

    /** A shutdown while the broker is starting may wait for ever. */
    private static void haltLater() {
        try {
            Thread.sleep(STOP_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
