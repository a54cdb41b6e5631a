import com.fasterxml.jackson.databind.ObjectMapper;
import io.scaiwave.client.ApiClient;
import io.scaiwave.client.ApiException;
import io.scaiwave.client.ApiResponse;
import io.scaiwave.client.api.AuditApi;
import io.scaiwave.client.api.ModelsApi;
import io.scaiwave.client.api.ParticipantsApi;
import io.scaiwave.client.api.SettingsApi;
import io.scaiwave.client.api.StatisticsApi;
import io.scaiwave.client.model.AiConfig;
import io.scaiwave.client.model.AiConfigReply;
import io.scaiwave.client.model.AuditEntry;
import io.scaiwave.client.model.AuditListReply;
import io.scaiwave.client.model.CreateModelParticipant;
import io.scaiwave.client.model.ErrorCode;
import io.scaiwave.client.model.ErrorReply;
import io.scaiwave.client.model.ErrorReplyError;
import io.scaiwave.client.model.Participant;
import io.scaiwave.client.model.Stats;
import io.scaiwave.client.model.SystemPromptTemplate;
import io.scaiwave.client.model.UpdateAiConfig;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Uses the generated client as a program would: a slug with slashes, read-change-write with an ETag, a creation that is repeated,
 * pages of the audit log, statistics, and what a refusal says. It ends with an error at the first thing that is not so.
 *
 * <p>Arguments: the address of the server, and the token of a tenant's admin.
 */
public final class UseTheApi {
    private static final String SLUG = "mistralai/voxtral-small-latest";

    private final ApiClient client = new ApiClient();
    private final ObjectMapper json = client.getObjectMapper();
    private final SettingsApi settings;
    private final ModelsApi models;
    private final ParticipantsApi participants;
    private final AuditApi audit;
    private final StatisticsApi statistics;

    private interface Call {
        void make() throws ApiException;
    }

    private UseTheApi(String server, String token) {
        client.updateBaseUri(server);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        settings = new SettingsApi(client);
        models = new ModelsApi(client);
        participants = new ParticipantsApi(client);
        audit = new AuditApi(client);
        statistics = new StatisticsApi(client);
    }

    public static void main(String[] args) throws Exception {
        UseTheApi use = new UseTheApi(args[0], args[1]);
        use.slugWithSlashes();
        use.readChangeWrite();
        use.repeatedCreation();
        use.pages();
        use.stats();
        use.refusal();
        System.out.println("The generated Java client works.");
    }

    private void slugWithSlashes() throws ApiException {
        var enable = ModelsApi.APIEnableModelRequest.newBuilder().slug(SLUG).build();
        var state = models.enableModel(enable).getData();
        require(state.getSlug().equals(SLUG) && state.getEnabled(), "the model is enabled: " + state);
    }

    private void readChangeWrite() throws ApiException {
        ApiResponse<AiConfigReply> read = settings.getAiConfigWithHttpInfo(
                SettingsApi.APIGetAiConfigRequest.newBuilder().build());
        String etag = read.getHeaders().get("etag").get(0);
        AiConfig before = read.getData().getData();

        // Only what is set is sent: the enabled models, which are not, stay.
        UpdateAiConfig change =
                new UpdateAiConfig().addSystemPromptTemplatesItem(template("Formal")).addSystemPromptTemplatesItem(template("Brief"));
        AiConfig after = update(change, etag);
        require(after.getEnabledModels().equals(before.getEnabledModels()), "the enabled models stayed: " + after);
        require(after.getSystemPromptTemplates().size() == 2, "the templates are new: " + after);

        ErrorReplyError stale = refused(412, () -> update(change, etag));
        require(stale.getCode() == ErrorCode.SW_PRECONDITION_FAILED, "the tag is stale: " + stale);

        // What was read may be sent back as it is.
        require(update(json.convertValue(after, UpdateAiConfig.class), "*").equals(after), "nothing changed");
        require(update(new UpdateAiConfig().defaultModel(null), "*").getDefaultModel() == null, "null clears");
    }

    private static SystemPromptTemplate template(String name) {
        return new SystemPromptTemplate().name(name + " " + UUID.randomUUID()).prompt("First line.\n\tSecond line.");
    }

    private AiConfig update(UpdateAiConfig change, String ifMatch) throws ApiException {
        return settings.updateAiConfig(SettingsApi.APIUpdateAiConfigRequest.newBuilder()
                        .updateAiConfig(change)
                        .ifMatch(ifMatch)
                        .build())
                .getData();
    }

    private void repeatedCreation() throws ApiException {
        String key = UUID.randomUUID().toString();
        Participant first = create(key, "minutes-" + key);
        require(create(key, "minutes-" + key).equals(first), "the repetition gives the same participant");
        require(first.getSystemPrompt() == null, "no prompt was set: " + first);
        ErrorReplyError reused = refused(409, () -> create(key, "other-" + key));
        require(reused.getCode() == ErrorCode.SW_IDEMPOTENCY_KEY_REUSED, "the key is taken: " + reused);
    }

    private Participant create(String key, String localId) throws ApiException {
        return participants
                .createModelParticipant(ParticipantsApi.APICreateModelParticipantRequest.newBuilder()
                        .idempotencyKey(key)
                        .createModelParticipant(new CreateModelParticipant()
                                .model(SLUG)
                                .localId(localId)
                                .displayName("Minutes"))
                        .build())
                .getData();
    }

    private void pages() throws Exception {
        Set<UUID> seen = new HashSet<>();
        List<Long> sequence = new ArrayList<>();
        for (int wait = 0; sequence.size() < 3 && wait < 50; wait++) {
            Thread.sleep(100); // an entry is in the log shortly after the reply to its change
            seen.clear();
            sequence.clear();
            String cursor = null;
            do {
                AuditListReply page = audit.listAudit(AuditApi.APIListAuditRequest.newBuilder()
                        .limit(1)
                        .cursor(cursor)
                        .build());
                for (AuditEntry entry : page.getData()) {
                    require(seen.add(entry.getId()), "no entry comes twice");
                    sequence.add(entry.getSeq());
                }
                cursor = page.getMeta().getNextCursor();
            } while (cursor != null);
        }
        require(sequence.size() >= 3, "three changes are on record: " + sequence);
        for (int i = 0; i < sequence.size(); i++) {
            require(sequence.get(i) == sequence.size() - i, "no entry is missing: " + sequence);
        }
    }

    private void stats() throws ApiException {
        Stats stats = statistics
                .getStats(StatisticsApi.APIGetStatsRequest.newBuilder().build())
                .getData();
        Long limit = stats.getStorage().getLimit();
        require(limit != null && limit > Integer.MAX_VALUE, "the storage limit is more than an int holds: " + limit);
        require(stats.getParticipants().getTotal() >= 1, "there is a participant: " + stats.getParticipants());
    }

    private void refusal() {
        ErrorReplyError unknown = refused(404, () -> models.enableModel(
                ModelsApi.APIEnableModelRequest.newBuilder().slug("acme/no such model").build()));
        require(unknown.getCode() == ErrorCode.SW_MODEL_NOT_FOUND, "there is no such model: " + unknown);
        ErrorReplyError invalid =
                refused(422, () -> update(new UpdateAiConfig().defaultModel("not/enabled"), null));
        require(invalid.getDetails().get(0).getField().equals("/default_model"), "the field is named: " + invalid);
        require(invalid.getRequestId() != null, "the request has an id: " + invalid);
    }

    private ErrorReplyError refused(int status, Call call) {
        try {
            call.make();
        } catch (ApiException e) {
            require(e.getCode() == status, "status " + status + ", not " + e.getCode() + ": " + e.getResponseBody());
            try {
                return json.readValue(e.getResponseBody(), ErrorReply.class).getError();
            } catch (java.io.IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        throw new IllegalStateException("expected a refusal with " + status);
    }

    private static void require(boolean so, String what) {
        if (!so) {
            throw new IllegalStateException("not so: " + what);
        }
    }
}
