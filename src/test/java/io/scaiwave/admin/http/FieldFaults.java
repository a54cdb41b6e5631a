package io.scaiwave.admin.http;

import java.util.List;
import java.util.stream.Stream;

/** Values that a field of a body may not have, for each field of the contract. */
final class FieldFaults {
    private static final String TOO_LONG = "\"" + "a".repeat(20_001) + "\"";
    private static final List<String> NOT_TEXT = List.of(
            "1",
            "true",
            "[]",
            "{}",
            "\"\\u0000\"",
            "\"a\\ud800\"",
            "\"\\udc00b\"",
            "\" \"",
            "\"\\u00a0\\u200b\"",
            "\"a\\u001b[2Jb\"",
            "\"a\\u202eb\"",
            "\"a\\u2066b\"");
    private static final List<String> NOT_A_COUNT = List.of(
            "\"1\"", "true", "[]", "{}", "-1", "1.5", "1e999", "-1e999", "9007199254740993", "1" + "0".repeat(99));

    /** @param field the one that the refusal must name */
    record Row(String operation, String member, String json, String field) {}

    static final List<Row> ROWS = Stream.of(
                    texts("updateAiConfig", "default_model", "\"a//b\"", "\"../a\"", "\"a b\"", "\"a\\n\"", TOO_LONG),
                    texts("updateAiConfig", "scaigrid_auth_mode", "null", "\"\"", "\"SERVICE_TOKEN\""),
                    texts(
                            "updateAiConfig",
                            "scaigrid_api_key",
                            "\"short-key\"",
                            "\"with a space in it\"",
                            "\"ends-in-newline\\n\"",
                            "\"not-ascii-ä-not-ascii\"",
                            "\"abc😀😀😀😀😀😀😀😀\"",
                            "\"…1234x\"",
                            TOO_LONG),
                    values(
                            "updateAiConfig",
                            "enabled_models",
                            "/enabled_models",
                            "null",
                            "{}",
                            "\"scailar-pro\"",
                            "1",
                            "[\"scailar-pro\", \"scailar-pro\"]",
                            many(501)),
                    values(
                            "updateAiConfig",
                            "enabled_models",
                            "/enabled_models/1",
                            "[\"scailar-pro\", 1]",
                            "[\"scailar-pro\", null]",
                            "[\"scailar-pro\", \"no/such model\"]",
                            "[\"scailar-pro\", \"no-such-model\"]",
                            "[\"scailar-pro\", \"\\u0000\"]"),
                    values(
                            "updateAiConfig",
                            "system_prompt_templates",
                            "/system_prompt_templates",
                            "null",
                            "{}",
                            "\"x\"",
                            templates(51)),
                    values(
                            "updateAiConfig",
                            "system_prompt_templates",
                            "/system_prompt_templates/0",
                            "[1]",
                            "[null]",
                            "[[]]"),
                    values(
                            "updateAiConfig",
                            "system_prompt_templates",
                            "/system_prompt_templates/0/prompt",
                            "[{\"name\": \"a\"}]",
                            "[{\"name\": \"a\", \"prompt\": \"\"}]",
                            "[{\"name\": \"a\", \"prompt\": 1}]",
                            "[{\"name\": \"a\", \"prompt\": \"\\ud800\"}]",
                            "[{\"name\": \"a\", \"prompt\": " + TOO_LONG + "}]"),
                    values(
                            "updateAiConfig",
                            "system_prompt_templates",
                            "/system_prompt_templates/0/nonsense",
                            "[{\"name\": \"a\", \"prompt\": \"b\", \"nonsense\": 1}]"),
                    texts(
                            "configureModelParticipant",
                            "local_id",
                            "null",
                            "\"\"",
                            "\"UPPER\"",
                            "\"-a\"",
                            "\"a@b\"",
                            "\"a\\n\"",
                            TOO_LONG),
                    texts("configureModelParticipant", "display_name", "null", "\"\"", TOO_LONG),
                    texts("configureModelParticipant", "system_prompt", TOO_LONG),
                    texts("configureModelParticipant", "default_response_mode", "null", "\"\"", "\"loud\""),
                    values("configureModelParticipant", "enabled", "/enabled", "null", "1", "\"true\"", "[]"),
                    values("updatePromptStudio", "enabled", "/enabled", "null", "1", "\"true\"", "[]"),
                    values("updatePromptStudio", "allowlist", "/allowlist", "null", "[]", "\"x\"", "true"),
                    values("updatePromptStudio", "allowlist", "/allowlist/users", "{\"users\": []}"),
                    allowlist("roles"),
                    allowlist("groups"),
                    values("updateNoteProcessing", "enabled", "/enabled", "null", "0", "\"true\"", "{}"),
                    texts("updateNoteProcessing", "model", "\"\"", "\"a//b\"", "\"a b\"", "\"scailar-mini\"", TOO_LONG),
                    texts("updateNoteProcessing", "prompt", "\"\"", TOO_LONG),
                    flags("auto_title", "auto_tags", "auto_categorise", "extract_todos"),
                    texts("createModelParticipant", "model", "null", "\"\"", "\"a//b\"", "\"a b\"", TOO_LONG),
                    texts(
                            "createModelParticipant",
                            "local_id",
                            "null",
                            "\"\"",
                            "\"UPPER\"",
                            "\"a-\"",
                            "\"a\\n\"",
                            TOO_LONG),
                    texts("createModelParticipant", "display_name", "null", "\"\"", TOO_LONG),
                    texts("createModelParticipant", "system_prompt", TOO_LONG),
                    texts("createModelParticipant", "default_response_mode", "null", "\"\"", "\"loud\""),
                    values("createModelParticipant", "enabled", "/enabled", "null", "1", "\"true\"", "[]"),
                    values(
                            "updatePartner",
                            "disabled_plugins",
                            "/disabled_plugins",
                            "null",
                            "{}",
                            "\"scaiwave.web\"",
                            many(201).replace("m", "acme.m")),
                    values(
                            "updatePartner",
                            "disabled_plugins",
                            "/disabled_plugins/0",
                            "[1]",
                            "[null]",
                            "[\"web\"]",
                            "[\"acme.nope\"]",
                            "[\"\\u0000\"]"),
                    texts(
                            "createTenant",
                            "slug",
                            "null",
                            "\"\"",
                            "\"UPPER\"",
                            "\"-a\"",
                            "\"a-\"",
                            "\"a\\n\"",
                            "\"a/b\"",
                            TOO_LONG),
                    texts("createTenant", "name", "null", "\"\"", TOO_LONG),
                    texts("createTenant", "scaikey_tenant_id", "null", "\"\"", "\"a b\"", TOO_LONG),
                    texts(
                            "createTenant",
                            "partner_id",
                            "\"\"",
                            "\"nonsense\"",
                            "\"00000000-0000-0000-0000-00000000000g\"",
                            TOO_LONG),
                    values("createTenant", "features", "/features", "null", "[]", "\"x\""),
                    values(
                            "createTenant",
                            "features",
                            "/features/ok",
                            "{\"ok\": 1}",
                            "{\"ok\": null}",
                            "{\"ok\": \"true\"}"),
                    values("createTenant", "limits", "/limits", "null", "[]", "1"),
                    values("createTenant", "limits", "/limits/nonsense", "{\"nonsense\": 1}"),
                    limits("max_participants"),
                    limits("max_rooms"),
                    limits("max_storage_bytes"),
                    limits("ai_tokens_monthly"),
                    texts("createPartner", "slug", "null", "\"\"", "\"UPPER\"", "\"a_b\"", "\"a\\n\""),
                    texts("createPartner", "name", "null", "\"\"", TOO_LONG),
                    texts("createPartner", "scaikey_partner_id", "\"\"", "\"a b\"", TOO_LONG),
                    texts("createPartner", "contact_email", "\"\"", "\"nobody\"", "\"@example.org\"", TOO_LONG),
                    texts("createPartner", "parent_partner_id", "\"nonsense\""),
                    texts("createPartner", "status", "null", "\"gone\""),
                    counts("createPartner", "max_tenants"),
                    texts("updatePartner", "slug", "null", "\"\"", "\"UPPER\""),
                    texts("updatePartner", "name", "null", "\"\"", TOO_LONG),
                    texts("updatePartner", "scaikey_partner_id", "null", "\"\"", "\"a b\""),
                    texts("updatePartner", "contact_email", "\"\"", "\"nobody\""),
                    texts("updatePartner", "status", "null", "\"gone\""),
                    counts("updatePartner", "max_tenants"))
            .flatMap(rows -> rows)
            .toList();

    private FieldFaults() {}

    private static Stream<Row> values(String operation, String member, String field, String... values) {
        return Stream.of(values).map(value -> new Row(operation, member, value, field));
    }

    private static Stream<Row> texts(String operation, String member, String... others) {
        return Stream.concat(NOT_TEXT.stream(), Stream.of(others))
                .map(value -> new Row(operation, member, value, "/" + member));
    }

    private static Stream<Row> flags(String... members) {
        return Stream.of(members)
                .flatMap(member -> values("updateNoteProcessing", member, "/" + member, "null", "1", "\"true\"", "[]"));
    }

    private static Stream<Row> allowlist(String list) {
        Stream<Row> lists = Stream.of("null", "{}", "\"a\"", "[\"a\", \"a\"]", many(201))
                .map(value -> allowlist(list, value, "/allowlist/" + list));
        Stream<Row> names = Stream.concat(NOT_TEXT.stream(), Stream.of("null", "\"\"", "\" a\"", "\"a\\n\"", TOO_LONG))
                .map(value -> allowlist(list, "[\"ok\", " + value + "]", "/allowlist/" + list + "/1"));
        return Stream.concat(lists, names);
    }

    private static Row allowlist(String list, String value, String field) {
        return new Row("updatePromptStudio", "allowlist", "{\"" + list + "\": " + value + "}", field);
    }

    private static Stream<Row> counts(String operation, String member) {
        return NOT_A_COUNT.stream().map(value -> new Row(operation, member, value, "/" + member));
    }

    private static Stream<Row> limits(String limit) {
        return NOT_A_COUNT.stream()
                .map(value ->
                        new Row("createTenant", "limits", "{\"" + limit + "\": " + value + "}", "/limits/" + limit));
    }

    private static String many(int count) {
        return Stream.iterate(0, n -> n + 1)
                .limit(count)
                .map(n -> "\"m" + n + "\"")
                .toList()
                .toString();
    }

    private static String templates(int count) {
        return Stream.generate(() -> "{\"name\": \"a\", \"prompt\": \"b\"}")
                .limit(count)
                .toList()
                .toString();
    }
}
