package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.config.PostgresUrl;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.util.function.BooleanSupplier;

/** What a verb has around it: the settings, what it reads, where it writes, and whether somebody watches. */
record Console(ConfigLoader settings, InputStream in, PrintWriter out, PrintWriter err, BooleanSupplier terminal) {

    /** @throws Unreadable when it is not set */
    String needed(String setting) {
        String value = settings.text(setting);
        if (value.isEmpty()) {
            throw new Unreadable(settings.name(setting) + " is not set");
        }
        return value;
    }

    /**
     * The value of an option, or else the setting.
     *
     * @throws Unreadable naming both when neither is there
     */
    String needed(String given, String option, String setting) {
        if (!given.isBlank()) {
            return given.strip();
        }
        String value = settings.text(setting);
        if (value.isEmpty()) {
            throw new Unreadable("%s is not set, and %s names none".formatted(settings.name(setting), option));
        }
        return value;
    }

    /** The database as that setting names it. */
    PostgresUrl database(String setting) {
        return PostgresUrl.parse(setting, new Secret(needed(setting)));
    }

    /** The database that an option names, or else the setting. */
    PostgresUrl database(String given, String option) {
        String url = needed(given, option, "db.url");
        return PostgresUrl.parse(given.isBlank() ? "db.url" : option, new Secret(url));
    }

    /** The source of the events that the server sends. */
    URI source() {
        return URI.create("/" + needed("serverName"));
    }

    /** Topics and brokers. */
    Config.Kafka kafka() {
        return settings.section("kafka", Config.Kafka.class);
    }

    /** The same where brokers are needed. */
    Config.Kafka neededKafka() {
        needed("kafka.bootstrapServers");
        return kafka();
    }

    /** Whether that setting has a value. */
    boolean has(String setting) {
        return !settings.text(setting).isEmpty();
    }
}
