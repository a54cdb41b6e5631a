package io.scaiwave.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class IdempotencyKeysVerticleTest {
    private static final int MS = 5_000;

    private final TestServer server = TestServer.shared();
    private final String actor = TestServer.unique("actor");

    private void key(String name, String age) {
        Sql.change(server, """
                INSERT INTO idempotency_keys (actor_id, reach, scope, operation, key, fingerprint, created_at)
                VALUES (?, 'all', '*', 'createTenant', ?, 'f', now() - ?::interval)""", actor, name, age);
    }

    private List<String> keys() {
        return Sql.texts(server, "SELECT key FROM idempotency_keys WHERE actor_id = ? ORDER BY key", actor);
    }

    @Test
    void start_expiresKeysOfMoreThanADay(Vertx vertx) throws Exception {
        key("expired", "25 hours");
        key("kept", "23 hours");
        assertThat(keys()).containsExactly("expired", "kept");
        Secret url = new Secret(server.platform().postgres().superuserUrl());
        Database database = new Database(
                vertx,
                new Config.Db(
                        url,
                        url,
                        1,
                        1,
                        3,
                        10,
                        MS,
                        MS,
                        MS,
                        MS,
                        true,
                        false,
                        MS,
                        new Config.Changes(1, 1, 1, MS, MS),
                        new Config.Groups(1, 1, MS),
                        new Config.Queries(1, 1, 1, 1, MS, MS)));
        vertx.deployVerticle(new IdempotencyKeysVerticle(database)).await(MS, TimeUnit.MILLISECONDS);
        await().atMost(MS, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(keys()).containsExactly("kept"));
        database.close().await(MS, TimeUnit.MILLISECONDS);
    }
}
