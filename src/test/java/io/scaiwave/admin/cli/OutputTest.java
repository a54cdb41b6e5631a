package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.testing.ChainGenerator;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a program reads that runs a verb with --json. */
class OutputTest {
    private static final Map<String, String> KEYS =
            Map.of("SCAIWAVE_SECRET_KEYS", "k1:" + Base64.getEncoder().encodeToString(new byte[32]));

    private final ChainGenerator generator = new ChainGenerator(1, 7);
    private final AuditEntry first = generator.next();
    private final AuditEntry second = generator.next();

    @Test
    void aResult_isOneObjectAndNothingElse() throws IOException {
        Verb whole = Verb.verify(List.of(Json.text(first), Json.text(second)), "--json", "--heads");
        assertThat(whole.status()).isZero();
        assertThat(whole.err()).isEmpty();
        JsonNode result = whole.json();
        assertThat(result.fieldNames())
                .toIterable()
                .containsExactly(
                        "whole",
                        "problems",
                        "problem_count",
                        "accepted",
                        "unreadable",
                        "unreadable_count",
                        "entries",
                        "chains",
                        "checkpoints",
                        "signatures_checked",
                        "seconds",
                        "heads",
                        "notes");
        assertThat(result.get("whole").asBoolean()).isTrue();
        assertThat(result.get("entries").asInt()).isEqualTo(2);
        assertThat(result.get("heads").get(0).asText()).contains(second.hash());
    }

    @Test
    void aBrokenChain_isAProblemWithItsPlace() throws IOException {
        Verb broken = Verb.verify(List.of(Json.text(second)), "--json");
        assertThat(broken.status()).isEqualTo(1);
        JsonNode problem = broken.json().get("problems").get(0);
        assertThat(problem.get("chain").asText()).isEqualTo(second.chain());
        assertThat(problem.get("seq").isNumber()).isTrue();
        assertThat(problem.get("reason").asText()).isNotBlank();
    }

    @Test
    void anError_isOneObjectOnStandardError() throws IOException {
        for (String[] arguments : new String[][] {
            {"verify", "--db", "--json"},
            {"verify", "--json"},
            {"keys", "--json"},
            {"rotate-secrets", "--json"},
            {"reconcile", "--json", "--frobnicate"}
        }) {
            Verb failed = Verb.run(Map.of(), arguments);
            assertThat(failed.status()).isEqualTo(2);
            assertThat(failed.out()).isEmpty();
            JsonNode error = Json.MAPPER.readTree(failed.err()).get("error");
            assertThat(error.get("verb").asText()).isEqualTo(arguments[0]);
            assertThat(error.get("message").asText()).isNotBlank();
        }
    }

    @Test
    void aRefusal_isAnErrorWithStatus1() throws IOException {
        Verb refused = Verb.run(KEYS, "rotate-secrets", "--json");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(Json.MAPPER.readTree(refused.err()).at("/error/message").asText())
                .contains("SCAIWAVE_AUDIT_SIGNING_KEYS");
    }

    @Test
    void keysAndHealth_haveTheirFields() throws IOException {
        JsonNode keys = Verb.run(KEYS, "keys", "--json").json();
        assertThat(keys.at("/public_keys/k1").asText()).isNotBlank();
        Verb health = Verb.run(Map.of(), "health", "--json", "--url", "http://127.0.0.1:1");
        assertThat(health.status()).isEqualTo(1);
        JsonNode answer = health.json();
        assertThat(answer.get("status").isNull()).isTrue();
        assertThat(answer.get("address").asText()).isEqualTo("http://127.0.0.1:1/health/ready");
    }
}
