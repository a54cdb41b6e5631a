package io.scaiwave.admin.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.LocalScaiGrid;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the catalog is while ScaiGrid is away or refuses, on a platform of its own. */
class ScaiGridFaultTest {
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String CATALOG = "/v1/admin/models/catalog";
    private static final String MODELS = "/v1/admin/models/";
    private static final String HELPER = "{\"local_id\": \"helper\", \"display_name\": \"Helper\"}";
    private static final String WITH_MODEL = "{\"enabled_models\": [\"scailar-pro\"]}";
    private static final int PAGE = 5;

    private static TestServer server;
    private static LocalScaiGrid scaiGrid;
    private static List<LocalScaiGrid.Model> offered;

    private TestServer.Tenant tenant;

    @BeforeAll
    static void start() {
        server = TestServer.mistreated();
        scaiGrid = server.platform().scaiGrid();
        offered = scaiGrid.models();
    }

    @BeforeEach
    void newTenant() {
        tenant = server.newTenant();
    }

    @AfterEach
    void heal() {
        scaiGrid.startAgain();
        scaiGrid.setModels(offered);
        server.platform().scaiKey().setAvailable(true);
    }

    private Api.Reply list() {
        return tenant.admin.get(CATALOG).expect(200);
    }

    /** The first listing of which that holds. */
    private Api.Reply listed(Predicate<Api.Reply> expected) {
        return Wait.soon(this::list, expected);
    }

    private static boolean stale(Api.Reply reply) {
        return reply.meta().path("stale").booleanValue();
    }

    private static LocalScaiGrid.Model model(String slug) {
        return new LocalScaiGrid.Model(slug, "Made", "chat", 1, 1, "active", "healthy");
    }

    private static String serviceToken(String key) {
        return "{\"scaigrid_auth_mode\": \"service_token\", \"scaigrid_api_key\": \"%s\"}".formatted(key);
    }

    /** Each call that needs the catalog, by a tenant that has none. */
    private static List<Api.Reply> calls(TestServer.Tenant tenant) {
        return List.of(
                tenant.admin.get(CATALOG),
                tenant.admin.post(MODELS + "scailar-pro/enable"),
                tenant.admin.post(MODELS + "scailar-pro/enable?dry_run=true"),
                tenant.admin.post(MODELS + "scailar-pro/disable"),
                tenant.admin.put(MODELS + "scailar-pro/participant", HELPER),
                tenant.admin.put(AI_CONFIG, WITH_MODEL),
                tenant.admin.put(AI_CONFIG + "?dry_run=true", WITH_MODEL));
    }

    private static void allRefusedForWantOfAToken(TestServer server, TestServer.Tenant tenant) {
        int before = tenant.auditCount();
        for (Api.Reply reply : calls(tenant)) {
            assertThat(reply.expect(503, "SW_AI_NO_TOKEN").header("Retry-After"))
                    .matches("[1-9][0-9]*");
        }
        tenant.admin.get(AI_CONFIG).expect(200);
        assertThat(tenant.auditCount()).isEqualTo(before);
        assertThat(Sql.texts(server, "SELECT id FROM participants WHERE tenant_id = ?::uuid", tenant.id))
                .isEmpty();
    }

    @Test
    void scaiGridAway_servesTheLastCatalogAsStaleAndRecovers() {
        Api.Reply fresh = list();
        assertThat(stale(fresh)).isFalse();
        scaiGrid.stop();
        Api.Reply stale = listed(ScaiGridFaultTest::stale);
        assertThat(stale.data()).isEqualTo(fresh.data());
        assertThat(stale.meta().path("as_of").asText())
                .isGreaterThanOrEqualTo(fresh.meta().path("as_of").asText());
        assertThat(list().meta().path("as_of")).isEqualTo(stale.meta().path("as_of"));
        tenant.admin.post(MODELS + "scailar-pro/enable").expect(200);
        tenant.admin.put(MODELS + "scailar-pro/participant", HELPER).expect(201);
        tenant.admin.put(AI_CONFIG, "{\"enabled_models\": [\"acme/enable\"]}").expect(200);
        tenant.admin.post(MODELS + "acme/nope/enable").expect(404, "SW_MODEL_NOT_FOUND");
        scaiGrid.startAgain();
        Api.Reply again = listed(reply -> !stale(reply));
        assertThat(again.meta().path("as_of").asText())
                .isGreaterThan(stale.meta().path("as_of").asText());
    }

    @Test
    void scaiGridAway_aTenantThatNeverHadACatalogGets502AndThenRecovers() {
        scaiGrid.stop();
        calls(tenant).forEach(reply -> reply.expect(502, "SW_SCAIGRID_UNAVAILABLE"));
        tenant.admin.get(AI_CONFIG).expect(200);
        tenant.admin.put(AI_CONFIG, "{\"enabled_models\": []}").expect(200);
        assertThat(tenant.auditCount()).isZero();
        Sql.change(
                server, "UPDATE ai_config SET enabled_models = '{scailar-pro}' WHERE tenant_id = ?::uuid", tenant.id);
        tenant.admin.post(MODELS + "scailar-pro/disable").expect(200);
        scaiGrid.startAgain();
        assertThat(stale(list())).isFalse();
        tenant.admin.post(MODELS + "scailar-pro/enable").expect(200);
    }

    @Test
    void scaiGridAway_aRestartedServerServesTheCopyInPostgres() {
        Api.Reply fresh = list();
        Wait.soon(() -> !Sql.texts(server, "SELECT tenant_id FROM model_catalog WHERE tenant_id = ?::uuid", tenant.id)
                .isEmpty());
        scaiGrid.stop();
        server.restart();
        // The tenant's clients know the port of the server before.
        Api admin = server.as(Map.of("role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
        assertThat(admin.get(CATALOG).expect(200).data()).isEqualTo(fresh.data());
        Wait.soon(() -> stale(admin.get(CATALOG).expect(200)));
        assertThat(admin.get(CATALOG).expect(200).meta().path("as_of"))
                .isEqualTo(fresh.meta().path("as_of"));
    }

    @Test
    void scaiGridRefuses_answers503UntilTheTenantHasAnotherCredential() {
        double before = server.metric("scaigrid_refresh_failures_total");
        tenant.admin.put(AI_CONFIG, serviceToken("sgk_nobody_knows_it")).expect(200);
        allRefusedForWantOfAToken(server, tenant);
        assertThat(server.metric("scaigrid_refresh_failures_total")).isGreaterThan(before);
        tenant.admin.put(AI_CONFIG, serviceToken(scaiGrid.serviceKey())).expect(200);
        assertThat(list().data()).hasSize(offered.size());
    }

    @Test
    void scaiGridRefuses_aTenantWhoseNewKeyIsWrongGetsNoOldCatalog() {
        list();
        tenant.admin.put(AI_CONFIG, serviceToken("sgk_nobody_knows_it")).expect(200);
        allRefusedForWantOfAToken(server, tenant);
        tenant.admin
                .put(AI_CONFIG, "{\"scaigrid_auth_mode\": \"per_user_exchange\"}")
                .expect(200);
        assertThat(list().data()).hasSize(offered.size());
    }

    @Test
    void scaiKeyAway_answers503AndRecovers() {
        tenant.admin.get(AI_CONFIG).expect(200);
        server.platform().scaiKey().setAvailable(false);
        allRefusedForWantOfAToken(server, tenant);
        server.platform().scaiKey().setAvailable(true);
        assertThat(list().data()).hasSize(offered.size());
    }

    @Test
    void noTokenUrl_answers503ButServesATenantWithAKeyOfItsOwn() {
        try (TestServer without = server.beside(Map.of(
                "SCAIWAVE_SCAIKEY_TOKEN_URL", "",
                "SCAIWAVE_SCAIKEY_CLIENT_ID", "",
                "SCAIWAVE_SCAIKEY_CLIENT_SECRET", ""))) {
            TestServer.Tenant poor = without.newTenant();
            allRefusedForWantOfAToken(without, poor);
            poor.admin
                    .put(AI_CONFIG, serviceToken(without.platform().scaiGrid().serviceKey()))
                    .expect(200);
            assertThat(poor.admin.get(CATALOG).expect(200).data()).hasSize(offered.size());
            poor.admin.post(MODELS + "scailar-pro/enable").expect(200);
        }
    }

    @Test
    void serviceToken_asksWithTheTenantsKeyAndExchangesNothing() {
        tenant.admin.put(AI_CONFIG, serviceToken(scaiGrid.serviceKey())).expect(200);
        int exchanges = server.platform().scaiKey().exchanges();
        int requests = scaiGrid.requests();
        list();
        assertThat(server.platform().scaiKey().exchanges()).isEqualTo(exchanges);
        assertThat(scaiGrid.requests()).isEqualTo(requests + pages(offered.size()));
    }

    @Test
    void perUserExchange_exchangesTheCallersTokenOnceAndReadsEachPageOnce() {
        int exchanges = server.platform().scaiKey().exchanges();
        int requests = scaiGrid.requests();
        assertThat(list().data()).hasSize(offered.size());
        assertThat(server.platform().scaiKey().exchanges()).isEqualTo(exchanges + 1);
        assertThat(scaiGrid.requests()).isEqualTo(requests + pages(offered.size()));
    }

    private static int pages(int models) {
        return (models + PAGE - 1) / PAGE;
    }

    @Test
    void modelsThatCannotBeShown_areCountedAlsoInTheCopyInPostgres() {
        List<LocalScaiGrid.Model> more = new ArrayList<>(offered);
        more.add(new LocalScaiGrid.Model("made/film", "Film", "video", 1, 1, "active", "healthy"));
        more.add(new LocalScaiGrid.Model("made//odd", "Odd", "chat", 1, 1, "active", "healthy"));
        more.add(new LocalScaiGrid.Model("made/nameless", null, "chat", -1, null, "gone", null));
        scaiGrid.setModels(more);
        Api.Reply fresh = list();
        assertThat(fresh.meta().path("left_out").asInt()).isEqualTo(2);
        assertThat(fresh.data()).hasSize(offered.size() + 1);
        assertThat(tenant.admin
                        .get(CATALOG + "?q=NAMELESS")
                        .expect(200)
                        .data()
                        .path(0)
                        .path("display_name")
                        .asText())
                .isEqualTo("made/nameless");
        scaiGrid.stop();
        server.restart();
        Api admin = server.as(Map.of("role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
        Api.Reply kept = admin.get(CATALOG).expect(200);
        assertThat(kept.meta().path("left_out").asInt()).isEqualTo(2);
        assertThat(kept.data()).isEqualTo(fresh.data());
    }

    @Test
    void eachSlugOfTheContract_isShownAndCanBeEnabled() {
        List<String> slugs =
                List.of("team~x/v@2", "-a=b,c+d", "~", ".x/..y/...", "a/b/c/d/e/f/g/enable", "s".repeat(256));
        List<LocalScaiGrid.Model> more = new ArrayList<>(offered);
        slugs.forEach(slug -> more.add(model(slug)));
        scaiGrid.setModels(more);
        assertThat(list().data().findValuesAsText("slug")).containsAll(slugs);
        for (String slug : slugs) {
            Api.Reply on = tenant.admin.post(MODELS + slug + "/enable").expect(200);
            assertThat(on.data().path("slug").asText()).isEqualTo(slug);
        }
        assertThat(tenant.admin.get(AI_CONFIG).expect(200).data().path("enabled_models"))
                .hasSize(slugs.size());
    }

    @Test
    void catalog_followsWhatScaiGridOffers() {
        list();
        List<LocalScaiGrid.Model> more = new ArrayList<>(offered);
        for (int i = 0; i < PAGE * PAGE; i++) {
            more.add(model("made/" + i));
        }
        scaiGrid.setModels(more);
        listed(reply -> reply.meta().path("total").asInt() == more.size());
        tenant.admin.put(AI_CONFIG, "{\"enabled_models\": [\"made/0\"]}").expect(200);
        scaiGrid.setModels(offered);
        listed(reply -> reply.meta().path("total").asInt() == offered.size());
        tenant.admin
                .put(AI_CONFIG, "{\"enabled_models\": [\"made/0\", \"scailar-pro\"]}")
                .expect(200);
        Api.Reply gone = tenant.admin
                .put(AI_CONFIG, "{\"enabled_models\": [\"made/0\", \"made/1\"]}")
                .expect(422);
        assertThat(gone.fields()).containsExactly("/enabled_models/1");
        tenant.admin.post(MODELS + "made/0/disable").expect(200);
        assertThat(tenant.admin.get(AI_CONFIG).expect(200).data().path("enabled_models"))
                .isEqualTo(TenantLog.json("[\"scailar-pro\"]"));
    }
}
