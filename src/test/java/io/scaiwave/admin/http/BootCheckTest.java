package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.bus.Operation;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BootCheckTest {
    record Nothing() {}

    record Body(String body) {}

    record Slug(String slug) {}

    record SlugAndBody(String slug, String body) {}

    record Partner(String partnerId) {}

    record PartnerAndBody(String partnerId, String body) {}

    record Page(int limit, int offset) {}

    record Plugin(String pluginId) {}

    record Plugins(Boolean enabled, String q, int limit, int offset) {}

    record Participants(String participantType, String q, int limit, int offset) {}

    record Models(String modality, Boolean enabled, String q, int limit, int offset) {}

    record Audit(
            String action,
            String actorId,
            String resourceType,
            String resourceId,
            String since,
            String until,
            Integer limit,
            String cursor,
            String lastEventId) {}

    private final Contract contract = Contract.load();
    private final Map<String, Operation<?, ?>> served = new HashMap<>();

    @BeforeEach
    void serveTheContract() {
        serve("getAiConfig", Nothing.class);
        serve("updateAiConfig", Body.class);
        serve("listModels", Models.class);
        serve("enableModel", Slug.class);
        serve("disableModel", Slug.class);
        serve("configureModelParticipant", SlugAndBody.class);
        serve("createTenant", Body.class);
        serve("listPartners", Page.class);
        serve("createPartner", Body.class);
        serve("getPartner", Partner.class);
        serve("updatePartner", PartnerAndBody.class);
        serve("listAudit", Audit.class);
        serve("getPromptStudio", Nothing.class);
        serve("updatePromptStudio", Body.class);
        serve("getNoteProcessing", Nothing.class);
        serve("updateNoteProcessing", Body.class);
        serve("getStats", Nothing.class);
        serve("listPlugins", Plugins.class);
        serve("enablePlugin", Plugin.class);
        serve("disablePlugin", Plugin.class);
        serve("listParticipants", Participants.class);
        serve("createModelParticipant", Body.class);
    }

    private void serve(String id, Class<? extends Record> input) {
        served.put(id, new Operation<>(id, input));
    }

    @Test
    void run_isContentWhenBothAgree() {
        assertThatCode(() -> BootCheck.run(contract, served)).doesNotThrowAnyException();
    }

    @Test
    void run_namesAnOperationThatNobodyServes() {
        served.remove("getPartner");
        assertThatThrownBy(() -> BootCheck.run(contract, served))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("getPartner is in openapi.yaml and no feature serves it");
    }

    @Test
    void run_namesAnOperationOutsideTheContract() {
        serve("deleteEverything", Nothing.class);
        assertThatThrownBy(() -> BootCheck.run(contract, served))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("deleteEverything is served and not in openapi.yaml");
    }

    @Test
    void run_namesInputsThatDiffer() {
        serve("enableModel", SlugAndBody.class);
        serve("getPartner", Nothing.class);
        serve("listPartners", Models.class);
        assertThatThrownBy(() -> BootCheck.run(contract, served))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("enableModel has the inputs [slug] in openapi.yaml and [body, slug] in")
                .hasMessageContaining("getPartner has the inputs [partner_id] in openapi.yaml and [] in")
                .hasMessageContaining("listPartners has the inputs [limit, offset]");
    }
}
