package io.scaiwave.admin.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.LocalScaiGrid;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who sees which models where ScaiGrid shows each caller their own, on a platform of its own. */
class CatalogViewsTest {
    private static final String CATALOG = "/v1/admin/models/catalog?limit=200";
    private static final String MODELS = "/v1/admin/models/";
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String SECRET = "hub/partner-only";
    private static final String NEW = "{\"enabled_models\": [\"%s\"]}".formatted(SECRET);
    private static final String HELPER = "{\"local_id\": \"helper\", \"display_name\": \"Helper\"}";

    private static TestServer server;
    private static LocalScaiGrid scaiGrid;
    private static List<LocalScaiGrid.Model> offered;

    private TestServer.Tenant tenant;
    private Api partnerAdmin;

    @BeforeAll
    static void start() {
        server = TestServer.mistreated();
        scaiGrid = server.platform().scaiGrid();
        offered = scaiGrid.models();
    }

    @BeforeEach
    void makeTenant() {
        List<LocalScaiGrid.Model> models = new ArrayList<>(offered);
        models.add(new LocalScaiGrid.Model(SECRET, "Partner only", "chat", 1, 1, "active", "healthy"));
        scaiGrid.setModels(models);
        scaiGrid.setVisible((claims, model) -> !model.slug().equals(SECRET)
                || "partner_admin".equals(claims.get("role"))
                || "insider".equals(claims.get("sub")));
        tenant = server.newTenant();
        partnerAdmin = tenant.partner.admin.with("X-Tenant-Id", tenant.id);
    }

    @AfterEach
    void heal() {
        scaiGrid.startAgain();
        scaiGrid.setVisible((claims, model) -> true);
        scaiGrid.setModels(offered);
    }

    private static boolean shows(Api admin) {
        return admin.get(CATALOG).expect(200).data().findValuesAsText("slug").contains(SECRET);
    }

    private Set<String> kept() {
        return Set.copyOf(Sql.texts(
                server,
                "SELECT jsonb_array_elements(models) ->> 'slug' FROM model_catalog WHERE tenant_id = ?::uuid",
                tenant.id));
    }

    @Test
    void aPartnerAdminsView_isServedToThemAndNotKept() {
        assertThat(shows(partnerAdmin)).isTrue();
        assertThat(kept()).isEmpty();
        assertThat(shows(tenant.admin)).isFalse();
        assertThat(kept()).hasSize(offered.size());
        assertThat(shows(partnerAdmin)).isTrue();
        assertThat(shows(tenant.admin)).isFalse();
        assertThat(kept()).doesNotContain(SECRET);
    }

    @Test
    void whatATenantDoesNotSee_isNotEnabledInIt_alsoByAPartnerAdmin() {
        assertThat(shows(partnerAdmin)).isTrue();
        assertThat(shows(tenant.admin)).isFalse();
        for (Api admin : List.of(tenant.admin, partnerAdmin)) {
            admin.post(MODELS + SECRET + "/enable").expect(404, "SW_MODEL_NOT_FOUND");
            admin.post(MODELS + SECRET + "/disable").expect(404, "SW_MODEL_NOT_FOUND");
            admin.put(MODELS + SECRET + "/participant", HELPER).expect(404, "SW_MODEL_NOT_FOUND");
            assertThat(admin.put(AI_CONFIG, NEW).expect(422).fields()).containsExactly("/enabled_models/0");
        }
        assertThat(tenant.changeCount()).isZero();
        partnerAdmin.post(MODELS + "scailar-pro/enable").expect(200);
    }

    /** A tenant that nobody of its own has looked after yet can be set up all the same. */
    @Test
    void aTenantWhoseOwnViewIsNotKnown_isJudgedByTheCallersView() {
        partnerAdmin.put(AI_CONFIG + "?dry_run=true", NEW).expect(200);
        partnerAdmin.post(MODELS + SECRET + "/enable").expect(200);
        assertThat(kept()).isEmpty();
    }

    @Test
    void aTenantsKey_isItsOwnView_whoeverAsks() {
        tenant.admin
                .put(
                        AI_CONFIG,
                        "{\"scaigrid_auth_mode\": \"service_token\", \"scaigrid_api_key\": \"%s\"}"
                                .formatted(scaiGrid.serviceKey()))
                .expect(200);
        assertThat(shows(partnerAdmin)).isFalse();
        assertThat(kept()).hasSize(offered.size());
        partnerAdmin.post(MODELS + SECRET + "/enable").expect(404, "SW_MODEL_NOT_FOUND");
    }

    @Test
    void twoAdminsOfOneTenant_eachSeeAndEnableWhatScaiGridShowsThem() {
        Api insider = tenant.as(Map.of("sub", "insider", "role", "tenant_admin"));
        for (int i = 0; i < 2; i++) {
            assertThat(shows(insider)).isTrue();
            assertThat(shows(tenant.admin)).isFalse();
        }
        tenant.admin.post(MODELS + SECRET + "/enable").expect(404, "SW_MODEL_NOT_FOUND");
        insider.post(MODELS + SECRET + "/enable").expect(200);
        tenant.admin.post(MODELS + SECRET + "/disable").expect(200);
    }

    /** The same person with two tokens: what they see as the partner's admin is not what they see as the tenant's. */
    @Test
    void onePersonWithTwoRoles_seesWhatTheRoleShows() {
        Api asPartner = tenant.partner.as(Map.of("sub", "both")).with("X-Tenant-Id", tenant.id);
        Api asTenant = tenant.as(Map.of("sub", "both", "role", "tenant_admin"));
        assertThat(shows(asPartner)).isTrue();
        assertThat(shows(asTenant)).isFalse();
        assertThat(kept()).hasSize(offered.size());
    }

    @Test
    void scaiGridAway_theTenantsOwnCatalogIsServedToWhoHasNone() {
        assertThat(shows(tenant.admin)).isFalse();
        scaiGrid.stop();
        for (Api admin : List.of(partnerAdmin, tenant.as(Map.of("sub", "another", "role", "tenant_admin")))) {
            Api.Reply reply = admin.get(CATALOG).expect(200);
            assertThat(reply.meta().path("stale").booleanValue()).isTrue();
            assertThat(reply.data()).hasSize(offered.size());
        }
        scaiGrid.startAgain();
        Wait.soon(() -> shows(partnerAdmin));
        assertThat(kept()).hasSize(offered.size());
    }
}
