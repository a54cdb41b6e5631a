package io.scaiwave.admin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.Main;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
    private static final Map<String, String> LEAST = Map.of(
            "SCAIWAVE_DB_URL", "postgresql://app:p%40ss@db.example:5433/scaiwave",
            "SCAIWAVE_SCAIKEY_ISSUER", "https://scaikey.example",
            "SCAIWAVE_SCAIKEY_JWKS_URL", "https://scaikey.example/jwks.json",
            "SCAIWAVE_SCAIGRID_URL", "https://scaigrid.example",
            "SCAIWAVE_SECRET_KEYS", "k1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");

    private static final Map<String, String> EXCHANGE = Map.of(
            "SCAIWAVE_SCAIKEY_TOKEN_URL", "https://scaikey.example/token",
            "SCAIWAVE_SCAIKEY_CLIENT_ID", "client-1",
            "SCAIWAVE_SCAIKEY_CLIENT_SECRET", "s3cret-of-the-client");
    private static final Pattern NUMBER = Pattern.compile("  (\\w+): (?:\\d+|\\$\\{(\\w+):\\d+}) *(?:#(.*))?");
    private static final Pattern SECTION = Pattern.compile("(\\w+):");

    @TempDir
    private Path folder;

    private static Config with(String variable, String value) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put(variable, value);
        return new ConfigLoader(environment).load();
    }

    @Test
    void load_hasTheDefaultsThatAreDocumented() {
        Config config = new ConfigLoader(LEAST).load();
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
    @ValueSource(
            strings = {
                "http://issuer.example",
                "https://issuer.example; script-src *",
                "https://user@issuer.example",
                "https://issuer.example?a=b",
                "javascript:alert(1)"
            })
    void consoleIssuer_opensNoMoreThanItsOrigin(String issuer) {
        assertThatThrownBy(() -> new Config.Console.Oidc(issuer, "console"))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining("issuer");
    }

    @Test
    void consoleIssuerAndClient_needOneAnother() {
        assertThatThrownBy(() -> new Config.Console.Oidc("https://issuer.example", ""))
                .hasMessageContaining("clientId");
        assertThatThrownBy(() -> new Config.Console.Oidc("", "console")).hasMessageContaining("issuer");
        assertThat(new Config.Console.Oidc("https://issuer.example/realms/a", "console").isOn())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://scaigrid.example, true",
        "http://10.1.2.3:8080/api, true",
        "http://localhost.example, true",
        "http://127.0.0.1.example/, true",
        "https://scaigrid.example, false",
        "http://localhost:8080, false",
        "http://127.0.0.1/x, false",
        "http://127.8.8.8:80, false",
        "http://[::1]:8080/x, false"
    })
    void unencrypted_namesWhatGoesToAnotherMachine(String url, boolean named) {
        assertThat(with("SCAIWAVE_SCAIGRID_URL", url).unencrypted()).hasSize(named ? 1 : 0);
        assertThat(with("SCAIWAVE_SCAIKEY_JWKS_URL", url).unencrypted())
                .isEqualTo(named ? List.of("scaikey.jwksUrl") : List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "SCAIWAVE_HTTP_HOST, 127.0.0.1",
        "SCAIWAVE_HTTP_PORT, 8123",
        "SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS, 'k1.example:9092,[::1]:9093'",
        "SCAIWAVE_AUDIT_TOPIC, other.audit",
        "SCAIWAVE_ACTIVITY_TOPIC, other.activity",
        "SCAIWAVE_SCAIKEY_AUDIENCE, other-audience",
        "SCAIWAVE_SERVER_NAME, chat.example",
        "SCAIWAVE_TRUSTED_PROXIES, 10.0.0.0/8",
        "SCAIWAVE_RATE_LIMIT_PER_MINUTE, 77"
    })
    void load_takesEachVariable(String variable, String value) {
        assertThat(with(variable, " " + value + " ").toString()).contains("=" + value);
    }

    @Test
    void load_decodesTheUserAndPasswordOfADatabase() {
        var url = PostgresUrl.parse("x", new ConfigLoader(LEAST).load().db().url());
        assertThat(url.password()).isEqualTo("p@ss");
        assertThat(url.hosts().get(0).port()).isEqualTo(5433);
    }

    @Test
    void toString_showsNoSecret() {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.putAll(EXCHANGE);
        environment.put("SCAIWAVE_DB_MIGRATION_URL", "postgresql://owner:s3cret-of-the-owner@db.example/scaiwave");
        assertThat(new ConfigLoader(environment).load().toString())
                .doesNotContain("p%40ss", "p@ss", "s3cret", "AQEBAQ");
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
        assertThatThrownBy(() -> new ConfigLoader(environment).load())
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
        "SCAIWAVE_ACTIVITY_TOPIC, scaiwave.admin.audit.v1",
        "SCAIWAVE_ACTIVITY_TOPIC, scaiwave.admin.audit.checkpoints.v1",
        "SCAIWAVE_AUDIT_CHECKPOINT_TOPIC, scaiwave.admin.audit.v1",
        "SCAIWAVE_HTTP_MANAGEMENT_PORT, 8000",
        "SCAIWAVE_SCAIKEY_JWKS_URL, hunter2",
        "SCAIWAVE_SCAIKEY_JWKS_URL, ftp://hunter2/jwks",
        "SCAIWAVE_SCAIKEY_JWKS_URL, https://user:hunter2@bad host/jwks",
        "SCAIWAVE_SCAIKEY_TOKEN_URL, hunter2",
        "SCAIWAVE_SCAIKEY_TOKEN_URL, //hunter2",
        "SCAIWAVE_SCAIGRID_URL, //hunter2",
        "SCAIWAVE_OUTBOUND_CA_FILE, /hunter2.pem",
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

    @Test
    void load_takesTheSettingsOfTokenExchangeTogether() {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.putAll(EXCHANGE);
        Config config = new ConfigLoader(environment).load();
        assertThat(config.scaikey().tokenUrl()).isEqualTo("https://scaikey.example/token");
        assertThat(config.scaikey().clientId()).isEqualTo("client-1");
        for (String variable : EXCHANGE.keySet()) {
            Map<String, String> without = new HashMap<>(environment);
            without.remove(variable);
            assertThatThrownBy(() -> new ConfigLoader(without).load())
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessage(variable + " is not set: tokenUrl, clientId and clientSecret need one another");
        }
    }

    @Test
    void load_namesAllThatIsMissing() {
        assertThatThrownBy(() -> new ConfigLoader(Map.of()).load())
                .isInstanceOf(InvalidSetting.class)
                .message()
                .contains(LEAST.keySet());
    }

    @Test
    void load_namesAllThatIsMalformed() {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.putAll(Map.of(
                "SCAIWAVE_HTTP_PORT", "70000",
                "SCAIWAVE_TRUSTED_PROXIES", "hunter2",
                "SCAIWAVE_AUDIT_TOPIC", "a b",
                "SCAIWAVE_SECRET_KEYS", "hunter2"));
        assertThatThrownBy(() -> new ConfigLoader(environment).load())
                .isInstanceOf(InvalidSetting.class)
                .message()
                .contains("SCAIWAVE_HTTP_PORT must", "SCAIWAVE_TRUSTED_PROXIES must", "SCAIWAVE_AUDIT_TOPIC must")
                .contains("SCAIWAVE_SECRET_KEYS must");
    }

    /** Every number of conf/server.yaml: its line, its dotted name, its variable or null, and whether its comment speaks of 0. */
    private record Numeric(String line, String setting, String variable, boolean zero) {
        String name() {
            return variable == null ? setting + " in conf/server.yaml" : variable;
        }

        String with(String value) {
            return line.replaceFirst(": \\S+", Matcher.quoteReplacement(": " + value));
        }
    }

    static List<Numeric> numbers() throws IOException {
        List<Numeric> numbers = new ArrayList<>();
        String section = "";
        for (String line : Files.readAllLines(Path.of("conf/server.yaml"))) {
            Matcher start = SECTION.matcher(line);
            section = start.matches() ? start.group(1) + "." : section;
            Matcher number = NUMBER.matcher(line);
            if (number.matches()) {
                String comment = Objects.requireNonNullElse(number.group(3), "");
                boolean zero = comment.matches(".*\\b0\\b.*");
                numbers.add(new Numeric(line, section + number.group(1), number.group(2), zero));
            }
        }
        return numbers;
    }

    private Config changed(Numeric number, String value) throws IOException {
        String file = Files.readString(Path.of("conf/server.yaml"));
        String line = number.variable == null ? number.with(value) : number.line;
        Files.writeString(folder.resolve("server.yaml"), file.replace(number.line + "\n", line + "\n"));
        Map<String, String> environment = new HashMap<>(LEAST);
        if (number.variable != null) {
            environment.put(number.variable, value);
        }
        return new ConfigLoader(folder, environment).load();
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void load_namesANumberThatIsOutOfItsRange(Numeric number) throws IOException {
        List<String> refused = new ArrayList<>(List.of("-1", Integer.toString(Integer.MIN_VALUE), "2147483647"));
        if (number.zero) {
            assertThat(changed(number, "0")).isNotNull();
        } else {
            refused.add("0");
        }
        for (String value : refused) {
            assertThatThrownBy(() -> changed(number, value))
                    .as(value)
                    .isInstanceOf(InvalidSetting.class)
                    .message()
                    .matches(Pattern.quote(number.name()) + " must be at (least|most) \\d+");
        }
        for (String value : List.of("many", "1.5", "99999999999999999999")) {
            assertThatThrownBy(() -> changed(number, value))
                    .as(value)
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessage(number.name() + " must be a whole number");
        }
    }

    @Test
    void numbers_areAllThoseOfTheRecords() throws IOException {
        List<String> components = new ArrayList<>();
        for (RecordComponent section : Config.class.getRecordComponents()) {
            if (section.getType().isRecord()) {
                Stream.of(section.getType().getRecordComponents())
                        .filter(each -> each.getType() == int.class || each.getType() == long.class)
                        .forEach(each -> components.add(section.getName() + "." + each.getName()));
            }
        }
        assertThat(numbers()).extracting(Numeric::setting).containsExactlyInAnyOrderElementsOf(components);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void load_namesANumberThatTheFileLacks(Numeric number) throws IOException {
        String file = Files.readString(Path.of("conf/server.yaml"));
        Files.writeString(folder.resolve("server.yaml"), file.replace(number.line + "\n", ""));
        assertThatThrownBy(() -> new ConfigLoader(folder, LEAST).load())
                .isInstanceOf(InvalidSetting.class)
                .hasMessage(number.setting + " in conf/server.yaml is missing");
    }

    @Test
    void load_namesWhatIsNoSetting() throws IOException {
        String file = Files.readString(Path.of("conf/server.yaml"));
        for (String setting : List.of("http.colour", "colour")) {
            String added =
                    setting.startsWith("http.") ? file.replace("http:", "http:\n  colour: red") : file + "colour: red";
            Files.writeString(folder.resolve("server.yaml"), added);
            assertThatThrownBy(() -> new ConfigLoader(folder, LEAST).load())
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessage(setting + " in conf/server.yaml is not a setting of this server");
        }
    }

    @Test
    void section_needsNoOther() {
        ConfigLoader loader = new ConfigLoader(Map.of("SCAIWAVE_AUDIT_TOPIC", "other.audit"));
        assertThat(loader.section("kafka", Config.Kafka.class).auditTopic()).isEqualTo("other.audit");
        assertThat(loader.text("serverName")).isEqualTo("localhost");
        assertThat(loader.text("secrets.keys")).isEmpty();
        assertThatThrownBy(() -> loader.section("secrets", Config.Secrets.class))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageStartingWith("SCAIWAVE_SECRET_KEYS is not set");
    }

    @ParameterizedTest
    @CsvSource({
        "SCAIWAVE_SECRET_KEYS, hunter2",
        "SCAIWAVE_AUDIT_SIGNING_KEYS, hunter2",
        "SCAIWAVE_TRUSTED_PROXIES, hunter2/8",
        "SCAIWAVE_TRUSTED_PROXIES, '10.0.0.0/8, 10.0.0.0/hunter2'",
        "SCAIWAVE_TRUSTED_PROXIES, 10.0.0.0/33",
        "SCAIWAVE_TRUSTED_PROXIES, 10.0.0.0/-1"
    })
    void start_endsForAVariableThatIsMalformedAndHidesItsValue(String variable, String value) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put(variable, value); // and no database: it is not asked for
        assertThatThrownBy(() -> Main.start(environment))
                .isInstanceOf(InvalidSetting.class)
                .message()
                .startsWith(variable + " ")
                .doesNotContain(value)
                .doesNotContain("hunter2", "Exception", "\n");
    }
}
