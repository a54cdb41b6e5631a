package io.scaiwave.admin.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.testing.ServerProcess;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** conf/plugins.yaml: what an operator may write into it, and what stops the start. */
class PluginsTest {
    private static final String GOOD = """
            - id: acme.crm-2
              name: CRM
              version: 2.0.1-beta
              description: Looks customers up.
              tools:
                - {name: find, description: Finds a customer., side_effects: false}
              permissions: [crm.read]
              injects_context: true
              scope: tenant
            """;

    @TempDir
    private Path folder;

    private Path write(String yaml) {
        try {
            return Files.writeString(
                    Files.createDirectories(folder.resolve("conf")).resolve("plugins.yaml"), yaml);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Plugins load(String yaml) {
        return Plugins.load(write(yaml).getParent());
    }

    /** A flow list of so many items. */
    private static String list(int count, String item) {
        return IntStream.range(0, count).mapToObj(i -> item).collect(Collectors.joining(", ", "[", "]"));
    }

    private void isRefused(String yaml, String... parts) {
        assertThatThrownBy(() -> load(yaml))
                .as(yaml)
                .isInstanceOf(InvalidSetting.class)
                .message()
                .startsWith("conf/plugins.yaml has ")
                .contains(parts)
                .doesNotContain("Exception", "io.scaiwave", "\n");
    }

    @Test
    void load_takesAThirdPartysPlugin() {
        Plugins plugins = load(GOOD);
        assertThat(plugins.has("acme.crm-2")).isTrue();
        assertThat(plugins.has("scaiwave.web")).isFalse();
        assertThat(plugins.all())
                .containsExactly(new PluginManifest(
                        "acme.crm-2",
                        "CRM",
                        "2.0.1-beta",
                        "Looks customers up.",
                        List.of(new PluginManifest.Tool("find", "Finds a customer.", false)),
                        List.of("crm.read"),
                        true,
                        "tenant"));
    }

    @Test
    void load_takesWhatMayBeLeftOut() {
        PluginManifest plugin = load("""
                - {id: a.b, name: N, version: 1, description: D, injects_context: false, scope: user}
                """).get("a.b");
        assertThat(plugin.tools()).isEmpty();
        assertThat(plugin.permissions()).isEmpty();
        assertThat(load("[]").all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: CRM|name|200",
                "version: 2.0.1-beta|version|100",
                "description: Looks customers up.|description|2000",
                "name: find|name of a tool|200",
                "description: Finds a customer.|description of a tool|2000"
            })
    void load_refusesATextThatIsNotThereOrTooLong(String line, String what, int most) {
        String member = line.replaceAll(":.*", ": ");
        load(GOOD.replace(line, member + "x".repeat(most)));
        isRefused(GOOD.replace(line, member + "x".repeat(most + 1)), what, "acme.crm-2", "" + most);
        for (String none : List.of("null", "''", "'  '")) {
            isRefused(GOOD.replace(line, member + none), "no " + what + " for acme.crm-2");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: CRM|name",
                "version: 2.0.1-beta|version",
                "name: find|name of a tool",
                "permissions: [crm.read]|permission"
            })
    void load_refusesALineThatPeopleCannotRead(String line, String what) {
        for (String bad : List.of("a\\nb", "a\\0", "\\e[31m", "\\u202egpj.exe", "\\u2028a", "\\u200b\\u3164")) {
            String value = "\"" + bad + "\"";
            String member = line.replaceAll(":.*", ": ") + (line.contains("[") ? "[" + value + "]" : value);
            isRefused(GOOD.replace(line, member), what, "acme.crm-2");
        }
    }

    @Test
    void load_takesADescriptionOfSomeLinesAndNoOverrideInIt() {
        String line = "description: Looks customers up.";
        load(GOOD.replace(line, "description: \"Looks\\n\\tcustomers up.\\n\""));
        for (String bad : List.of("a\\0", "\\e[31m", "\\u202egpj.exe", "\\u200b\\n")) {
            isRefused(GOOD.replace(line, "description: \"" + bad + "\""), "description", "acme.crm-2");
        }
    }

    @Test
    void load_refusesListsThatAreTooLongOrHaveHoles() {
        String tool = "{name: find, description: D, side_effects: true}";
        String tools = GOOD.replaceFirst("tools:\n.*\n", "tools: ITEMS\n");
        load(tools.replace("ITEMS", list(200, tool)));
        isRefused(tools.replace("ITEMS", list(201, tool)), "more than 200 tools for acme.crm-2");
        isRefused(tools.replace("ITEMS", "[null]"), "tools for acme.crm-2");
        load(GOOD.replace("[crm.read]", list(200, "p")));
        isRefused(GOOD.replace("[crm.read]", list(201, "p")), "more than 200 permissions for acme.crm-2");
        isRefused(GOOD.replace("[crm.read]", "[crm.read, null]"), "permissions for acme.crm-2");
        isRefused(GOOD.replace("[crm.read]", "[crm.read, '']"), "no permission for acme.crm-2");
        load(GOOD.replace("[crm.read]", "[" + "p".repeat(200) + "]"));
        isRefused(GOOD.replace("[crm.read]", "[" + "p".repeat(201) + "]"), "200", "acme.crm-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"crm", "acme.", ".crm", "Acme.crm", "acme.c rm", "acme/x.crm", "-acme.crm", "acme._crm", "a:b.c"
            })
    void load_refusesAnIdThatIsNone(String id) {
        isRefused(GOOD.replace("acme.crm-2", "'" + id + "'"), "<owner>.<name>", id);
    }

    @Test
    void load_refusesIdsThatAreTooLongMissingOrThereTwice() {
        String longest = "o".repeat(64) + "." + "n".repeat(64);
        assertThat(load(GOOD.replace("acme.crm-2", longest)).has(longest)).isTrue();
        isRefused(GOOD.replace("acme.crm-2", "o" + longest), "<owner>.<name>");
        isRefused(GOOD.replace("acme.crm-2", longest + "n"), "<owner>.<name>");
        isRefused(GOOD.replace("id: acme.crm-2", "id: null"), "<owner>.<name>");
        isRefused(GOOD + GOOD, "two plugins with the id acme.crm-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope: world", "scope: null", "scope: Tenant"})
    void load_refusesAnotherScope(String scope) {
        isRefused(GOOD.replace("scope: tenant", scope), "scope", "acme.crm-2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "injects_context: true|injects_context: maybe|/0/injects_context",
                "injects_context: true|injects_context: null|/0/injects_context",
                "side_effects: false|side_effects: [1]|/0/tools/0/side_effects",
                "name: CRM|name: [CRM]|/0/name",
                "[crm.read]|crm.read|/0/permissions",
                "side_effects: false|side_effects: false, cost: 1|/0/tools/0/cost",
                "version: 2.0.1-beta|version: \"|line",
                "- id: acme.crm-2|id: acme.crm-2|line",
                "- id: acme.crm-2|- }|line"
            })
    void load_namesThePlaceWhereTheFormIsWrong(String good, String bad, String place) {
        assertThatThrownBy(() -> load(GOOD.replace(good, bad)))
                .isInstanceOf(InvalidSetting.class)
                .message()
                .startsWith("conf/plugins.yaml is malformed")
                .contains(place)
                .doesNotContain("Exception", "io.scaiwave", "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "- ", "# nothing\n", "text", "- text", "[1]"})
    void load_refusesAFileWithoutPlugins(String yaml) {
        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(InvalidSetting.class)
                .message()
                .matches("conf/plugins[.]yaml (is malformed.*|has an entry that is empty)")
                .doesNotContain("io.scaiwave");
    }

    @Test
    void start_offersWhatTheFileAddsWithoutABuild() {
        TestServer shared = TestServer.shared();
        TestServer.Tenant tenant = shared.newTenant();
        write(GOOD);
        Map<String, String> environment = shared.platform().environment();
        environment.put("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS", "");
        try (ServerProcess server = ServerProcess.start(environment, folder)) {
            String token = shared.platform()
                    .scaiKey()
                    .es256Token(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
            var admin = server.api(Map.of("Authorization", "Bearer " + token));
            assertThat(admin.post("/v1/admin/plugins/acme.crm-2/enable")
                            .expect(200)
                            .data()
                            .path("enabled")
                            .booleanValue())
                    .isTrue();
            JsonNode listed = admin.get("/v1/admin/plugins").expect(200).data();
            assertThat(listed.findValuesAsText("id")).containsExactly("acme.crm-2");
            assertThat(listed.get(0).path("enabled").booleanValue()).isTrue();
        }
        assertThat(tenant.admin.get("/v1/admin/plugins").expect(200).data()).hasSize(14);
    }

    @Test
    void start_endsWithTheSentenceForAFileThatIsMalformed() {
        write(GOOD.replace("scope: tenant", "scope: world"));
        Map<String, String> environment = TestServer.shared().platform().environment();
        assertThatThrownBy(() -> ServerProcess.start(environment, folder).close())
                .hasMessageContaining("scaiwave-admin cannot start: conf/plugins.yaml has a scope other than");
    }
}
