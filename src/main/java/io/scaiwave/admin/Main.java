package io.scaiwave.admin;

import ch.qos.logback.classic.LoggerContext;
import io.scaiwave.admin.cli.Cli;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.config.LogSettings;
import io.scaiwave.admin.db.AbsentDatabase;
import io.scaiwave.admin.db.UnfitDatabase;
import io.scaiwave.admin.http.ListenAddress;
import io.scaiwave.admin.kafka.ClientSettings;
import io.scaiwave.admin.plugins.Plugins;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the server with the settings of conf/server.yaml and the environment, and stops it on SIGTERM; with arguments, runs a verb. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        LogSettings.settle(System.getenv());
        if (args.length > 0 && args[0].equals("health")) {
            System.exit(Cli.health(args, System.getenv())); // every few seconds: without the log and the other verbs
        }
        boolean rehearsal = args.length == 1 && args[0].equals("--warm-up");
        if (args.length > 0 && !rehearsal) {
            ((LoggerContext) LoggerFactory.getILoggerFactory()).stop(); // standard output belongs to the verb
            System.exit(Cli.run(args, System.getenv()));
        }
        try {
            if (rehearsal) {
                WarmUp.run();
                return;
            }
            Server server = start(System.getenv());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
            log().info("the Admin API listens on port {}", server.port());
        } catch (RuntimeException | Error e) {
            log().debug("start failed", e);
            fail(reason(e));
        }
    }

    /** Reads all settings, then starts the server; blocking. */
    public static Server start(Map<String, String> environment) {
        LogSettings.require(environment);
        ConfigLoader loader = new ConfigLoader(environment);
        Config config = loader.load();
        config.unencrypted().forEach(setting -> log().warn(
                        "{} is an http:// address of another machine: tokens and keys travel unencrypted",
                        loader.name(setting)));
        ClientSettings.warnOfUnknown(config.kafka());
        ListenAddress.requireFree(config.http());
        Plugins plugins = Plugins.load();
        try {
            return Server.start(config, plugins);
        } catch (InvalidSetting e) {
            throw loader.named(e);
        }
    }

    /** An orderly stop is a success: without this the JVM would answer SIGTERM with the status 143. */
    private static void stop(Server server) {
        server.close();
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
        Runtime.getRuntime().halt(0);
    }

    private static String reason(Throwable e) {
        if (e instanceof UnfitDatabase || e instanceof AbsentDatabase) {
            return String.valueOf(e.getMessage());
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private static void fail(String sentence) {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
        System.err.println("scaiwave-admin cannot start: " + sentence);
        System.err.flush();
        // Not exit(): nothing that was half started may keep the process alive, without a port and perhaps with shards.
        Runtime.getRuntime().halt(1);
    }

    private static Logger log() {
        return LoggerFactory.getLogger(Main.class);
    }
}
