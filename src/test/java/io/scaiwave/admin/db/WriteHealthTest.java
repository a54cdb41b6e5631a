package io.scaiwave.admin.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import org.junit.jupiter.api.Test;

/** What a write that succeeds says of those that were refused. */
class WriteHealthTest {
    private final WriteHealth health = new WriteHealth();

    private static PgException refusal(String state) {
        return new PgException("refused", "ERROR", state, "");
    }

    @Test
    void success_afterReadOnly_isTheEndOfIt() {
        health.failed(refusal("25006"));
        assertThat(health.good()).isFalse();
        health.succeeded();
        assertThat(health.good()).isTrue();
    }

    @Test
    void success_onAFullDisk_isChance() {
        health.failed(refusal("53100"));
        health.succeeded();
        assertThat(health.good()).isFalse();
    }

    @Test
    void whatSaysNothingOfWrites_isNotRemembered() {
        health.failed(refusal("23505"));
        assertThat(health.good()).isTrue();
    }
}
