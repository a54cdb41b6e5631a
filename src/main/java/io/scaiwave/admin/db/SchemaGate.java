package io.scaiwave.admin.db;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start asks of the database before anything else: that it is there, new enough, of a schema that this version can work on,
 * and that the server's role may do what it must, and no more. One query, where all is well.
 */
public final class SchemaGate {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaGate.class);
    private static final String MIGRATE =
            "run `java -jar scaiwave-admin.jar migrate` with SCAIWAVE_DB_MIGRATION_URL set to the role that owns the tables";

    /** Of a schema that is not there, or is older than those that say what they are. */
    private static final Set<String> NO_ANSWER = Set.of("42P01", "42501", "3F000");

    private static final Look NOTHING = new Look(new Schema(0, 0), List.of(), "");

    private final Vertx vertx;
    private final Config.Db config;
    private final String role;
    private final Primary primary;
    private final FirstContact contact;

    /**
     * @param missing the rights that the role lacks, as SQL names them
     * @param power why the role could change the audit log; empty when it could not
     */
    private record Look(Schema schema, List<String> missing, String power) {
        boolean current() {
            return !schema.isBehind() && missing.isEmpty();
        }
    }

    public SchemaGate(Vertx vertx, Config.Db config) {
        PostgresUrl url = PostgresUrl.parse("db.url", config.url());
        this.vertx = new SilenceLimit(vertx, config);
        this.config = config;
        this.role = url.user();
        this.primary = new Primary(this.vertx, url, Pools.server(url, "start"));
        this.contact = contact(url);
    }

    private FirstContact contact(PostgresUrl url) {
        return new FirstContact(url.toString(), Duration.ofMillis(config.startWaitMs()), LOG::warn);
    }

    /**
     * Returns when the server may go on; migrates first, where it may. Blocking.
     *
     * @throws UnfitDatabase when it may not, with what to do
     * @throws AbsentDatabase when the database did not answer in time
     */
    public void pass() {
        Look look = contact.make(() -> connected(this::look));
        look.schema.requireOpen();
        if (!look.current() && mayMigrate()) {
            migrate();
            look = contact.make(() -> connected(this::look));
        }
        require(look);
    }

    private void migrate() {
        PostgresUrl owner = PostgresUrl.parse("db.migrationUrl", config.migrationUrl());
        Schema migrated = new Migrations(owner, role, Duration.ofMillis(patienceMs())).run(contact(owner));
        LOG.info("the schema was migrated to version {}", migrated.version());
    }

    private void require(Look look) {
        if (look.schema.isBehind()) {
            throw new UnfitDatabase("%s, and this release needs version %d: %s"
                    .formatted(look.schema.words(), Schema.VERSION, MIGRATE));
        }
        if (!look.missing.isEmpty()) {
            throw new UnfitDatabase(
                    "the role %s lacks %s: %s".formatted(role, String.join(", ", look.missing), MIGRATE));
        }
        if (look.schema.isNewer()) {
            LOG.warn(
                    "the schema is at version {}, newer than this release's {}, and open to it",
                    look.schema.version(),
                    Schema.VERSION);
        }
        if (!look.power.isEmpty()) {
            guard("the role %s %s: the database does not protect the audit log from this server"
                    .formatted(role, look.power));
        }
    }

    private void guard(String danger) {
        if (config.refuseOwner()) {
            throw new UnfitDatabase(danger + ": give it a role that owns nothing");
        }
        LOG.warn("{} (docs/operations.md, database roles)", danger);
    }

    private interface Question<T> {
        T ask(SqlConnection connection) throws TimeoutException;
    }

    private <T> T connected(Question<T> question) throws TimeoutException {
        Pool pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(primary::find)
                .using(vertx)
                .build();
        try {
            SqlConnection connection = pool.getConnection().await(patienceMs(), TimeUnit.MILLISECONDS);
            Schema.requirePostgres(connection.databaseMetadata().majorVersion());
            return question.ask(connection);
        } finally {
            pool.close();
        }
    }

    private long patienceMs() {
        return (long) config.connectTimeoutMs() + config.statementTimeoutMs();
    }

    private static final String LOOK = """
            SELECT coalesce(max(version::int), 0) AS version,
                (SELECT version FROM schema_floor) AS floor,
                ARRAY(SELECT privilege || ' on ' || object
                      FROM unnest($1::text[], $2::text[], $3::text[]) AS needed(kind, object, privilege)
                      WHERE (CASE kind
                          WHEN 'SCHEMA' THEN has_schema_privilege(to_regnamespace(object), privilege)
                          WHEN 'FUNCTION' THEN has_function_privilege(to_regproc(object), privilege)
                          WHEN 'SEQUENCE' THEN has_sequence_privilege(to_regclass(object), privilege)
                          ELSE CASE WHEN position('.' IN object) = 0 THEN has_table_privilege(to_regclass(object), privilege)
                               ELSE (SELECT has_column_privilege(attrelid, attnum, privilege) FROM pg_attribute
                                     WHERE attrelid = to_regclass(split_part(object, '.', 1))
                                       AND attname = split_part(object, '.', 2)) END END) IS NOT TRUE) AS missing,
                (SELECT CASE
                     WHEN rolsuper THEN 'is a superuser'
                     WHEN rolbypassrls THEN 'has BYPASSRLS'
                     WHEN pg_has_role(log.relowner, 'MEMBER') THEN 'owns the audit log'
                     ELSE '' END
                 FROM pg_roles, pg_class AS log
                 WHERE rolname = current_user AND log.oid = to_regclass('audit_log')) AS power
            FROM flyway_schema_history WHERE success""";

    private Look look(SqlConnection connection) throws TimeoutException {
        try {
            Row row = connection
                    .preparedQuery(LOOK)
                    .execute(Grants.needed())
                    .await(patienceMs(), TimeUnit.MILLISECONDS)
                    .iterator()
                    .next();
            return new Look(
                    new Schema(row.getInteger("version"), row.getInteger("floor")),
                    List.of(row.getArrayOfStrings("missing")),
                    row.getString("power"));
        } catch (PgException e) {
            if (NO_ANSWER.contains(e.getSqlState())) {
                return NOTHING;
            }
            throw e;
        }
    }

    private static final String MAY_MIGRATE = """
            SELECT coalesce(pg_has_role(history.relowner, 'USAGE'), has_schema_privilege(current_schema(), 'CREATE'), false)
            FROM (SELECT to_regclass('flyway_schema_history') AS oid) AS named LEFT JOIN pg_class AS history USING (oid)""";

    /** Whether there is an owner to migrate with, or the server's role is the owner. */
    private boolean mayMigrate() {
        if (!config.migrateAtStart()) {
            return false;
        }
        return config.hasOwner()
                || contact.make(() -> connected(connection -> connection
                        .query(MAY_MIGRATE)
                        .execute()
                        .await(patienceMs(), TimeUnit.MILLISECONDS)
                        .iterator()
                        .next()
                        .getBoolean(0)));
    }
}
