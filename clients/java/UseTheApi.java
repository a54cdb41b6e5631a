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
import io.scaiwave.client.model.ParticipantReply;
import io.scaiwave.client.model.Stats;
import io.scaiwave.client.model.SystemPromptTemplate;
import io.scaiwave.client.model.UpdateAiConfig;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Uses the generated client as a program would: a slug with slashes, read-change-write with an ETag, a creation that is repeated,
 * the audit log in pages, as an export and as a live stream, statistics, and what a refusal says. It ends with an error at the
 * first thing that is not so.
 *
 * <p>Arguments: the address of the server, and the token of a tenant's admin.
 */
public final class UseTheApi {
    private static final String SLUG = "mistralai/voxtral-small-latest";

    private final String server;
    private final String token;
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

    private record Event(String id, AuditEntry entry) {}

    private UseTheApi(String server, String token) {
        this.server = server;
        this.token = token;
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
        use.wholeExport();
        use.liveStream();
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
        Participant first = create(key, "minutes-" + key).getData().getData();
        ApiResponse<ParticipantReply> repeated = create(key, "minutes-" + key);
        require(repeated.getData().getData().getId().equals(first.getId()), "the repetition gives the same participant");
        require(repeated.getHeaders().get("idempotent-replayed").equals(List.of("true")), "and says that it is one");
        require(first.getSystemPrompt() == null, "no prompt was set: " + first);
        ErrorReplyError reused = refused(409, () -> create(key, "other-" + key));
        require(reused.getCode() == ErrorCode.SW_IDEMPOTENCY_KEY_REUSED, "the key is taken: " + reused);
    }

    private ApiResponse<ParticipantReply> create(String key, String localId) throws ApiException {
        return participants.createModelParticipantWithHttpInfo(
                ParticipantsApi.APICreateModelParticipantRequest.newBuilder()
                        .idempotencyKey(key)
                        .createModelParticipant(new CreateModelParticipant()
                                .model(SLUG)
                                .localId(localId)
                                .displayName("Minutes"))
                        .build());
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

    /** What is long, or has no end, is read as it comes: the generated client would read the whole reply first. */
    private Stream<String> lines(String query, String accept, String lastEventId) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + "/v1/admin/audit" + query))
                .header("Authorization", "Bearer " + token)
                .header("Accept", accept);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<Stream<String>> reply =
                client.getHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofLines());
        require(reply.statusCode() == 200, "status 200, not " + reply.statusCode());
        return reply.body();
    }

    private void wholeExport() throws Exception {
        long seq = 0;
        try (Stream<String> lines = lines("", "application/x-ndjson", null)) {
            for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
                AuditEntry entry = json.readValue(line.next(), AuditEntry.class);
                require(entry.getSeq() == ++seq, "a chain is exported from its beginning, without gaps: " + entry);
            }
        }
        require(seq > 0, "there are entries");
    }

    private void liveStream() throws Exception {
        Event arrived;
        try (Stream<String> lines = stream(null)) {
            Iterator<String> line = lines.iterator();
            event(line); // the stream is open
            String made = newTemplate();
            arrived = eventWithEntry(line);
            require(arrived.entry().getRequestId().equals(made), "the entry of the change arrives: " + arrived);
        }
        String missed = newTemplate();
        try (Stream<String> lines = stream(arrived.id())) {
            AuditEntry next = eventWithEntry(lines.iterator()).entry();
            require(next.getRequestId().equals(missed), "the stream goes on after what was seen: " + next);
        }
    }

    private Stream<String> stream(String lastEventId) throws Exception {
        return lines("?action=ai_config.update", "text/event-stream", lastEventId);
    }

    /** Each event has an id to resume after; one without an entry only moves it on. */
    private Event event(Iterator<String> lines) throws Exception {
        String id = null;
        AuditEntry entry = null;
        for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
            if (line.startsWith("id: ")) {
                id = line.substring("id: ".length());
            } else if (line.startsWith("data: ")) {
                entry = json.readValue(line.substring("data: ".length()), AuditEntry.class);
            }
        }
        return new Event(id, entry);
    }

    private Event eventWithEntry(Iterator<String> lines) throws Exception {
        Event event = event(lines);
        while (event.entry() == null) {
            event = event(lines);
        }
        return event;
    }

    /** The id of the request, which is in the entry too. */
    private String newTemplate() throws ApiException {
        return settings.updateAiConfigWithHttpInfo(SettingsApi.APIUpdateAiConfigRequest.newBuilder()
                        .updateAiConfig(new UpdateAiConfig().addSystemPromptTemplatesItem(template("Live")))
                        .build())
                .getHeaders()
                .get("x-request-id")
                .get(0);
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
