package io.scaiwave.admin.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.outbound.Outbound;
import io.scaiwave.admin.testing.Answers;
import io.vertx.core.Vertx;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the token exchange makes of a ScaiKey that answers oddly. */
@Timeout(30)
class TokenExchangeTest {
    private static final Secret SUBJECT = new Secret("header.claims.signature");

    private final Vertx vertx = Vertx.vertx();
    private Answers scaiKey;
    private TokenExchange exchange;

    @BeforeEach
    void start() {
        scaiKey = Answers.start();
        exchange = new TokenExchange(new Outbound(vertx, List.of()), config(scaiKey.url() + "/token"));
    }

    private static Config.ScaiKey config(String tokenUrl) {
        Map<String, String> environment = Map.of(
                "SCAIWAVE_DB_URL", "postgresql://a:b@127.0.0.1:1/c",
                "SCAIWAVE_SCAIKEY_ISSUER", "issuer",
                "SCAIWAVE_SCAIKEY_JWKS_URL", tokenUrl,
                "SCAIWAVE_SCAIKEY_TOKEN_URL", tokenUrl,
                "SCAIWAVE_SCAIKEY_CLIENT_ID", "client",
                "SCAIWAVE_SCAIKEY_CLIENT_SECRET", "secret",
                "SCAIWAVE_SCAIGRID_URL", "http://127.0.0.1:1",
                "SCAIWAVE_SECRET_KEYS", "k:" + Base64.getEncoder().encodeToString(new byte[32]));
        return new ConfigLoader(environment).load().scaikey();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
        scaiKey.close();
    }

    private void assertRefused() {
        assertThatThrownBy(() -> exchange.exchange(SUBJECT).await())
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.code()).isEqualTo("SW_AI_NO_TOKEN"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "not JSON",
                "{}",
                "{\"access_token\": null}",
                "{\"access_token\": \"\"}",
                "{\"access_token\": 5}",
                "{\"access_token\": {\"a\": 1}}",
                "{\"access_token\": \"a b\"}",
                "{\"access_token\": \"a\\r\\nX-Header: b\"}",
                "{\"access_token\": \"\u00e4\"}",
                "{\"access_token\": \"a\""
            })
    void anAnswerWithoutAUsableToken_isNoToken(String body) {
        scaiKey.answer(body);
        assertRefused();
        scaiKey.answer("{\"access_token\": \"good\", \"expires_in\": 300}");
        assertThat(exchange.exchange(SUBJECT).await()).isEqualTo(new Secret("good"));
    }

    @Test
    void aTokenOrAnAnswerWithoutMeasure_isNoToken() {
        scaiKey.answer("{\"access_token\": \"" + "a".repeat(20_000) + "\"}");
        assertRefused();
        scaiKey.answer("{\"access_token\": \"a\", \"more\": \"" + "a".repeat(100_000) + "\"}");
        assertRefused();
    }

    /** How long a token lives is used for remembering it only: what is odd there costs another exchange, nothing else. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ", \"expires_in\": 300|1",
                ", \"expires_in\": 1e30|1",
                ", \"expires_in\": 9223372036854775807|1",
                ", \"expires_in\": 300.5|1",
                ", \"expires_in\": 30|2",
                ", \"expires_in\": 0|2",
                ", \"expires_in\": -1|2",
                ", \"expires_in\": -1e30|2",
                ", \"expires_in\": \"300\"|2",
                ", \"expires_in\": null|2",
                ", \"expires_in\": true|2",
                ", \"expires_in\": {}|2",
                "|2"
            })
    void expiresIn_maySayAnything(String member, int exchanges) {
        scaiKey.answer("{\"access_token\": \"good\"" + (member == null ? "" : member) + "}");
        for (int call = 0; call < 2; call++) {
            assertThat(exchange.exchange(SUBJECT).await()).isEqualTo(new Secret("good"));
        }
        assertThat(scaiKey.paths()).hasSize(exchanges);
    }

    /** Else the caller's token and the server's own secret would be sent to whatever host the redirect names. */
    @Test
    void aRedirect_isNotFollowed() {
        try (Answers elsewhere = Answers.start()) {
            elsewhere.answer("{\"access_token\": \"theirs\"}");
            scaiKey.redirect(elsewhere.url());
            assertRefused();
            assertThat(elsewhere.paths()).isEmpty();
        }
    }
}
