package io.scaiwave.admin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.Main;
import io.scaiwave.admin.testing.TestServer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
    private static final Map<String, String> LEAST = Map.of(
            "SCAIWAVE_DB_URL", "postgresql://app:p%40ss@db.example:5433/scaiwave",
            "SCAIWAVE_SCAIKEY_ISSUER", "https://scaikey.example",
            "SCAIWAVE_SCAIKEY_JWKS_URL", "https://scaikey.example/jwks.json",
            "SCAIWAVE_SCAIGRID_URL", "https://scaigrid.example",
            "SCAIWAVE_SECRET_KEYS", "k1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");

    private static Config with(String variable, String value) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put(variable, value);
        return Config.load(environment);
    }

    @Test
    void load_hasTheDefaultsThatAreDocumented() {
        Config config = Config.load(LEAST);
        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.http().port()).isEqualTo(8000);
        assertThat(config.http().rateLimitPerMinute()).isEqualTo(6000);
        assertThat(config.http().trustedProxies()).isEmpty();
        assertThat(config.db().migrationUrl()).isEqualTo(config.db().url());
        assertThat(config.kafka().enabled()).isFalse();
        assertThat(config.kafka().auditTopic()).isEqualTo("scaiwave.admin.audit.v1");
        assertThat(config.kafka().activityTopic()).isEqualTo("scaiwave.activity.v1");
        assertThat(config.scaikey().audience()).isEqualTo("scaiwave");
        assertThat(config.scaikey().tokenUrl()).isEmpty();
        assertThat(config.scaikey().algorithms()).containsExactly("RS256", "ES256");
        assertThat(config.serverName()).isEqualTo("localhost");
    }

    @ParameterizedTest
    @CsvSource({
        "SCAIWAVE_HTTP_HOST, 127.0.0.1",
        "SCAIWAVE_HTTP_PORT, 8123",
        "SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS, 'k1.example:9092,[::1]:9093'",
        "SCAIWAVE_AUDIT_TOPIC, other.audit",
        "SCAIWAVE_ACTIVITY_TOPIC, other.activity",
        "SCAIWAVE_SCAIKEY_AUDIENCE, other-audience",
        "SCAIWAVE_SCAIKEY_TOKEN_URL, https://scaikey.example/token",
        "SCAIWAVE_SCAIKEY_CLIENT_ID, client-1",
        "SCAIWAVE_SERVER_NAME, chat.example",
        "SCAIWAVE_TRUSTED_PROXIES, 10.0.0.0/8",
        "SCAIWAVE_RATE_LIMIT_PER_MINUTE, 77"
    })
    void load_takesEachVariable(String variable, String value) {
        assertThat(with(variable, " " + value + " ").toString()).contains("=" + value);
    }

    @Test
    void load_decodesTheUserAndPasswordOfADatabase() {
        var url = PostgresUrl.parse("x", Config.load(LEAST).db().url());
        assertThat(url.password()).isEqualTo("p@ss");
        assertThat(url.port()).isEqualTo(5433);
    }

    @Test
    void toString_showsNoSecret() {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put("SCAIWAVE_SCAIKEY_CLIENT_SECRET", "s3cret-of-the-client");
        environment.put("SCAIWAVE_DB_MIGRATION_URL", "postgresql://owner:s3cret-of-the-owner@db.example/scaiwave");
        assertThat(Config.load(environment).toString()).doesNotContain("p%40ss", "p@ss", "s3cret", "AQEBAQ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SCAIWAVE_DB_URL",
                "SCAIWAVE_SCAIKEY_ISSUER",
                "SCAIWAVE_SCAIKEY_JWKS_URL",
                "SCAIWAVE_SCAIGRID_URL",
                "SCAIWAVE_SECRET_KEYS"
            })
    void load_namesAVariableThatIsMissing(String variable) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.remove(variable);
        assertThatThrownBy(() -> Config.load(environment))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageStartingWith(variable + " is not set");
        assertThatThrownBy(() -> with(variable, "  "))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageStartingWith(variable + " is not set");
    }

    @ParameterizedTest
    @CsvSource({
        "SCAIWAVE_HTTP_PORT, 8o8o",
        "SCAIWAVE_HTTP_PORT, 70000",
        "SCAIWAVE_HTTP_PORT, -17",
        "SCAIWAVE_HTTP_PORT, 80.75",
        "SCAIWAVE_HTTP_PORT, 99999999999",
        "SCAIWAVE_DB_URL, db.example/hunter2",
        "SCAIWAVE_DB_URL, mysql://app:hunter2@db.example/scaiwave",
        "SCAIWAVE_DB_URL, postgresql://app:hunter2@db.example",
        "SCAIWAVE_DB_URL, postgresql://app:hunter2%zz@db.example/scaiwave",
        "SCAIWAVE_DB_URL, postgresql://app:hunter2@db.example:99999/scaiwave",
        "SCAIWAVE_DB_MIGRATION_URL, postgresql:hunter2",
        "SCAIWAVE_DB_MIGRATION_URL, postgresql://app:hunter2%zz@db.example/scaiwave",
        "SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS, hunter2",
        "SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS, 'k1.example:9092,hunter2'",
        "SCAIWAVE_AUDIT_TOPIC, hunter2/topic",
        "SCAIWAVE_ACTIVITY_TOPIC, hunter2 topic",
        "SCAIWAVE_SCAIKEY_JWKS_URL, hunter2",
        "SCAIWAVE_SCAIKEY_JWKS_URL, ftp://hunter2/jwks",
        "SCAIWAVE_SCAIKEY_JWKS_URL, https://user:hunter2@bad host/jwks",
        "SCAIWAVE_SCAIKEY_TOKEN_URL, hunter2",
        "SCAIWAVE_SCAIKEY_TOKEN_URL, //hunter2",
        "SCAIWAVE_SCAIGRID_URL, //hunter2",
        "SCAIWAVE_SERVER_NAME, hunter2 with spaces",
        "SCAIWAVE_RATE_LIMIT_PER_MINUTE, many",
        "SCAIWAVE_RATE_LIMIT_PER_MINUTE, -77"
    })
    void load_namesAVariableThatIsMalformedAndHidesItsValue(String variable, String value) {
        assertThatThrownBy(() -> with(variable, value))
                .isInstanceOf(InvalidSetting.class)
                .message()
                .startsWith(variable + " ")
                .doesNotContain(value)
                .doesNotContain("hunter2", "Exception", "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "SCAIWAVE_SECRET_KEYS, hunter2",
        "SCAIWAVE_TRUSTED_PROXIES, hunter2/8",
        "SCAIWAVE_TRUSTED_PROXIES, '10.0.0.0/8, 10.0.0.0/hunter2'",
        "SCAIWAVE_TRUSTED_PROXIES, 10.0.0.0/33",
        "SCAIWAVE_TRUSTED_PROXIES, 10.0.0.0/-1"
    })
    void start_endsForAVariableThatIsMalformedAndHidesItsValue(String variable, String value) {
        Map<String, String> environment = TestServer.shared().platform().environment();
        environment.put(variable, value);
        assertThatThrownBy(() -> Main.start(environment))
                .isInstanceOf(InvalidSetting.class)
                .message()
                .startsWith(variable + " ")
                .doesNotContain(value)
                .doesNotContain("hunter2", "Exception", "\n");
    }
}
