package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An ETag is of one resource: what has the same URL for several tenants has never the same tag. */
class ETagsTest {
    private static final String TENANT_ID = "X-Tenant-Id";
    private static final String IF_MATCH = "If-Match";
    private static final String STALE = "SW_PRECONDITION_FAILED";
    private static final String CONFIG = "/v1/admin/ai-config";
    private static final String PROMPTS = "/v1/admin/prompt-studio";
    private static final String NOTES = "/v1/admin/note-processing";
    private static final String PARTNERS = "/v1/admin/partners/";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TestServer.Tenant sibling = tenant.partner.newTenant("");
    private final Api admin = tenant.partner.admin;

    private Api on(TestServer.Tenant of) {
        return admin.with(TENANT_ID, of.id);
    }

    @ParameterizedTest
    @ValueSource(strings = {CONFIG, PROMPTS, NOTES})
    void ofOneTenant_isNoneOfAnothersAtTheSameUrl(String url) {
        String tag = on(tenant).get(url).expect(200).header("ETag");
        on(tenant).with("If-None-Match", tag).get(url).expect(304);
        Api.Reply other = on(sibling).with("If-None-Match", tag).get(url).expect(200);
        assertThat(other.header("ETag")).isNotEqualTo(tag);
        for (String query : List.of("", "?dry_run=true")) {
            on(sibling).with(IF_MATCH, tag).put(url + query, "{}").expect(412, STALE);
            on(sibling)
                    .with(IF_MATCH, tag + ", " + other.header("ETag"))
                    .put(url + query, "{}")
                    .expect(200);
        }
        String number = tag.substring(0, tag.indexOf('.')) + "\"";
        on(tenant).with(IF_MATCH, number).put(url, "{}").expect(412, STALE);
        on(tenant).with("If-None-Match", number).get(url).expect(200);
    }

    @Test
    void ofOneResource_isNoneOfAnothers() {
        String parent = PARTNERS + tenant.partner.id;
        String child = PARTNERS + server.newPartner(",\"parent_partner_id\":\"%s\"".formatted(tenant.partner.id)).id;
        Set<String> tags = new HashSet<>();
        List<String> urls = List.of(CONFIG, PROMPTS, NOTES, parent, child);
        urls.forEach(url -> tags.add(on(tenant).get(url).expect(200).header("ETag")));
        assertThat(tags).hasSameSizeAs(urls);
        String tag = admin.get(parent).header("ETag");
        admin.with(IF_MATCH, tag).put(child, "{\"name\": \"n\"}").expect(412, STALE);
        admin.with(IF_MATCH, admin.get(child).header("ETag"))
                .put(child, "{\"name\": \"n\"}")
                .expect(200);
    }

    @Test
    void isTheSame_howeverItsResourceIsReached() {
        String tag = tenant.admin.get(CONFIG).expect(200).header("ETag");
        assertThat(on(tenant).get(CONFIG).expect(200).header("ETag")).isEqualTo(tag);
        assertThat(tenant.admin.send("HEAD", CONFIG, null).expect(200).header("ETag"))
                .isEqualTo(tag);
        assertThat(tenant.admin.put(CONFIG, "{}").expect(200).header("ETag")).isEqualTo(tag);
    }

    @Test
    void isNotMade_ofWhatIsOnlyRehearsed() {
        String body = "{\"default_model\": null, \"system_prompt_templates\": [{\"name\": \"a\", \"prompt\": \"p\"}]}";
        assertThat(tenant.admin.put(CONFIG + "?dry_run=true", body).expect(200).header("ETag"))
                .isNull();
    }
}
