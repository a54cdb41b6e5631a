package io.scaiwave.admin.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditExportTest {
    private static final String AUDIT = "/v1/admin/audit";
    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();

    private static List<JsonNode> lines(Api.Reply reply) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : reply.expect(200).text().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|application/json",
                "application/*|application/json",
                "text/*|text/csv",
                "text/html, text/csv;q=0.5|text/csv",
                "application/json;q=0.3, application/x-ndjson;q=0.9|application/x-ndjson",
                "text/*, text/csv;q=0|text/event-stream",
                "*/*;q=0.1, TEXT/CSV|text/csv",
            })
    void accept_choosesTheMediaType(String accept, String type) {
        if (type.equals("text/event-stream")) {
            Api.Reply head = tenant.admin.with("Accept", accept).send("HEAD", AUDIT, null);
            assertThat(head.expect(200).header("Content-Type")).isEqualTo(type);
            return;
        }
        assertThat(tenant.admin.with("Accept", accept).get(AUDIT).expect(200).header("Content-Type"))
                .isEqualTo(type);
    }

    @Test
    void accept_ofNothingThereIsRefused_andElsewhereDoesNotCount() {
        for (String accept :
                List.of("text/html", "application/json;q=0", "image/*, application/pdf", "text/*;\";q=\"")) {
            tenant.admin.with("Accept", accept).get(AUDIT).expect(406, "SW_NOT_ACCEPTABLE");
        }
        tenant.admin.with("Accept", "text/html").get("/v1/admin/ai-config").expect(200);
        server.anonymous().with("Accept", "text/html").get(AUDIT).expect(401, "SW_AUTH_INVALID_TOKEN");
    }

    @Test
    void ndjson_isTheListOldestFirst_andItsChainIsWhole() throws Exception {
        tenant.changes(5);
        List<JsonNode> listed = new ArrayList<>();
        tenant.admin.get(AUDIT).expect(200).data().forEach(entry -> listed.add(0, entry));
        Api.Reply export = tenant.admin.with("Accept", NDJSON).get(AUDIT);
        assertThat(lines(export).subList(0, listed.size())).isEqualTo(listed);
        assertThat(export.header("Content-Disposition"))
                .matches("attachment; filename=\"audit-tenant-%s-\\d{8}T\\d{6}Z\\.ndjson\"".formatted(tenant.id));
        assertThat(isWhole(lines(export))).containsExactly("tenant:" + tenant.id);
    }

    /** Checks each chain as it comes, from its first entry on. */
    private static List<String> isWhole(List<JsonNode> entries) throws Exception {
        List<String> chains = new ArrayList<>();
        String before = null;
        long seq = 0;
        for (JsonNode entry : entries) {
            String chain = entry.path("chain").asText();
            if (chains.isEmpty() || !chains.get(chains.size() - 1).equals(chain)) {
                assertThat(chains).as("each chain in one piece").doesNotContain(chain);
                chains.add(chain);
                before = "0".repeat(64);
                seq = 0;
            }
            ObjectNode hashed = entry.deepCopy();
            hashed.remove("hash");
            byte[] canonical = new JsonCanonicalizer(hashed.toString()).getEncodedUTF8();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical);
            assertThat(entry.path("prev_hash").asText()).isEqualTo(before);
            assertThat(entry.path("seq").asLong()).isEqualTo(++seq);
            before = HexFormat.of().formatHex(digest);
            assertThat(entry.path("hash").asText()).isEqualTo(before);
        }
        return chains;
    }

    @Test
    void ndjson_ofAFleetHoldsEachOfItsChainsWhole() throws Exception {
        TestServer.Tenant other = tenant.partner.newTenant("");
        tenant.changes(3);
        other.changes(2);
        server.newTenant().changes(1);
        List<JsonNode> fleet = lines(tenant.partner.admin.with("Accept", NDJSON).get(AUDIT));
        assertThat(isWhole(fleet))
                .containsExactlyInAnyOrder("partner:" + tenant.partner.id, "tenant:" + tenant.id, "tenant:" + other.id);
        List<JsonNode> one = lines(tenant.partner
                .admin
                .with("X-Tenant-Id", other.id)
                .with("Accept", NDJSON)
                .get(AUDIT));
        assertThat(isWhole(one)).containsExactly("tenant:" + other.id);
        assertThat(isWhole(lines(server.superAdmin().with("Accept", NDJSON).get(AUDIT))))
                .contains("platform", "tenant:" + tenant.id);
    }

    @Test
    void export_takesTheFiltersOfTheList() throws Exception {
        tenant.changes(2);
        tenant.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        server.settle();
        String middle = tenant.admin
                .get(AUDIT)
                .expect(200)
                .data()
                .get(1)
                .path("created_at")
                .asText();
        for (String query : List.of(
                "?action=model.enable",
                "?actor_id=nobody",
                "?resource_type=ai_config",
                "?resource_id=scailar-pro",
                "?until=" + middle,
                "?actor_id=admin&resource_type=model&since=" + middle)) {
            List<JsonNode> listed = new ArrayList<>();
            tenant.admin.get(AUDIT + query).expect(200).data().forEach(entry -> listed.add(0, entry));
            assertThat(lines(tenant.admin.with("Accept", NDJSON).get(AUDIT + query)))
                    .as(query)
                    .isEqualTo(listed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-ndjson, limit=5, limit",
        "text/csv, cursor=AAAAAAAAAAAAAAAAAAAAAA, cursor",
        "text/event-stream, limit=5, limit",
        "text/event-stream, since=yesterday, since"
    })
    void export_refusesWhatIsForPagesAndWhatIsWrong(String accept, String query, String field) {
        assertThat(tenant.admin
                        .with("Accept", accept)
                        .get(AUDIT + "?" + query)
                        .expect(422, "SW_VALIDATION_FAILED")
                        .fields())
                .containsOnly(field);
        assertThat(tenant.auditCount()).isZero();
    }

    private static String cell(JsonNode value) {
        if (value.isObject() || value.isNumber()) {
            return value.toString();
        }
        return value.asText(null);
    }

    @Test
    void csv_isATableThatNoSpreadsheetRuns() throws Exception {
        tenant.admin
                .with("User-Agent", "@SUM(1+1)*cmd|' /C calc'!A0")
                .post("/v1/admin/models/scailar-pro/enable")
                .expect(200);
        tenant.as(Map.of("sub", "-2+3", "role", "tenant_admin", "name", "=cmd()"))
                .with("User-Agent", "+1, \"quoted\"")
                .post("/v1/admin/models/scailar-pro/disable")
                .expect(200);
        server.settle();
        Api.Reply reply = tenant.admin
                .with("Accept", CSV)
                .get(AUDIT + "?resource_type=model")
                .expect(200);
        assertThat(reply.header("Content-Disposition")).endsWith(".csv\"");
        assertThat(reply.text()).endsWith("\r\n");
        List<Map<String, String>> rows = rows(reply.text());
        List<JsonNode> entries = lines(tenant.admin.with("Accept", NDJSON).get(AUDIT + "?resource_type=model"));
        assertThat(rows).hasSize(2);
        for (int i = 0; i < rows.size(); i++) {
            Map<String, String> expected = new HashMap<>();
            entries.get(i).properties().forEach(member -> expected.put(member.getKey(), cell(member.getValue())));
            expected.replaceAll(
                    (name, text) -> text != null && "=+-@".contains(text.substring(0, 1)) ? "'" + text : text);
            assertThat(rows.get(i)).isEqualTo(expected);
        }
        assertThat(rows.get(0)).containsEntry("user_agent", "'@SUM(1+1)*cmd|' /C calc'!A0");
        assertThat(rows.get(1))
                .containsEntry("actor_id", "'-2+3")
                .containsEntry("actor_name", "'=cmd()")
                .containsEntry("user_agent", "'+1, \"quoted\"");
    }

    private static List<Map<String, String>> rows(String csv) throws IOException {
        CsvSchema header = CsvSchema.emptySchema().withHeader().withNullValue("");
        try (MappingIterator<Map<String, String>> rows =
                new CsvMapper().readerForMapOf(String.class).with(header).readValues(csv)) {
            return rows.readAll();
        }
    }

    @Test
    void export_isOnRecordWhereItsEntriesAre() {
        tenant.admin.with("Accept", NDJSON).get(AUDIT + "?action=model.enable&since=2026-11-01T00:00:00%2B01:00");
        JsonNode entry = tenant.audited("audit.export");
        assertThat(entry.path("resource_type").asText()).isEqualTo("audit");
        assertThat(entry.path("resource_id").asText()).isEqualTo(tenant.id);
        assertThat(entry.path("chain").asText()).isEqualTo("tenant:" + tenant.id);
        assertThat(entry.path("actor_name").asText()).isEqualTo("Ada Admin");
        assertThat(entry.path("changes")).isEqualTo(TenantLog.json("""
                {"before": null,
                 "after": {"format": "ndjson", "action": "model.enable", "since": "2026-10-31T23:00:00.000Z"}}"""));
        tenant.partner.admin.with("Accept", CSV).get(AUDIT).expect(200);
        JsonNode fleet = tenant.partner.entries("action=audit.export").get(0);
        assertThat(fleet.path("chain").asText()).isEqualTo("partner:" + tenant.partner.id);
        assertThat(fleet.path("resource_id").asText()).isEqualTo(tenant.partner.id);
        assertThat(fleet.at("/changes/after")).isEqualTo(TenantLog.json("{\"format\": \"csv\"}"));
        server.superAdmin().with("Accept", CSV).get(AUDIT + "?action=none").expect(200);
        server.settle();
        JsonNode all = server.superAdmin()
                .get(AUDIT + "?action=audit.export&resource_id=platform&limit=1")
                .data();
        assertThat(all.get(0).path("chain").asText()).isEqualTo("platform");
    }

    /** A date of four digits may have five once it is in UTC. */
    @ParameterizedTest
    @CsvSource({
        "since, 0000-01-01T00:00:00%2B14:00, -0001-12-31T10:00:00.000Z, 1",
        "since, 9999-12-31T23:59:59-14:00, +10000-01-01T13:59:59.000Z, 0",
        "until, 9999-12-31T23:59:59-14:00, +10000-01-01T13:59:59.000Z, 1",
    })
    void export_atTheEndsOfTime(String filter, String sent, String recorded, int entries) throws Exception {
        tenant.changes(1);
        server.settle();
        String path = AUDIT + "?action=ai_config.update&" + filter + "=" + sent;
        assertThat(lines(tenant.admin.with("Accept", NDJSON).get(path))).hasSize(entries);
        assertThat(tenant.admin.get(path).expect(200).data()).hasSize(entries);
        assertThat(tenant.audited("audit.export").at("/changes/after/" + filter).asText())
                .isEqualTo(recorded);
    }

    @Test
    void exports_ofOneActorAreBounded_andEachThatIsServedIsOnRecord() {
        Api busy = tenant.as(Map.of("sub", TestServer.unique("busy"), "role", "tenant_admin"))
                .with("Accept", NDJSON);
        int served = 0;
        Api.Reply reply = busy.get(AUDIT + "?action=none");
        for (; reply.status() == 200 && served < 100; reply = busy.get(AUDIT + "?action=none")) {
            served++;
        }
        reply.expect(429, "SW_RATE_LIMIT_EXCEEDED");
        assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 60);
        assertThat(served).isBetween(30, 35);
        assertThat(tenant.auditCount()).isEqualTo(served);
    }
}
