package io.scaiwave.admin.db;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** Brings the schema up to date with the role that owns the tables, and grants the server's role what it needs, no more. */
public final class Migrations {
    private Migrations() {}

    /** Blocking: called before anything else starts. */
    public static void run(Config.Db config) {
        PostgresUrl owner = PostgresUrl.parse("SCAIWAVE_DB_MIGRATION_URL", config.migrationUrl());
        PostgresUrl app = PostgresUrl.parse("SCAIWAVE_DB_URL", config.url());
        Flyway.configure()
                .dataSource(owner.jdbc(), owner.user(), owner.password())
                .locations("classpath:db")
                .placeholders(Map.of("app_role", "\"" + app.user().replace("\"", "\"\"") + "\""))
                .connectRetries(10)
                .load()
                .migrate();
    }
}
