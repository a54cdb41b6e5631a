package io.scaiwave.admin.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes the local tenant look alive, through the product's own doors: other partners and tenants, some hundred changes by several
 * administrators through the API, and a month of members, rooms, AI use and files on the activity topic.
 */
final class LocalLife {
    private static final String ACTIVITY_TOPIC = "scaiwave.activity.v1";
    private static final int ROUNDS = 24;
    private static final int DAYS = 30;
    private static final int CALLS_A_DAY = 24;
    private static final int HUMANS = 42;
    private static final int ROOMS = 60;
    private static final List<String> ADMINS = List.of("Ada Lindqvist", "Ben Okafor", "Chiara Conti", "Deniz Aydin");
    private static final List<String> MODELS = List.of(
            "claude-sonnet-4-6",
            "scailar-pro",
            "mistralai/mistral-large-latest",
            "partner/acme/legal-7b",
            "scailar-embed-2");
    private static final List<String> PLUGINS = List.of(
            "scaiwave.web_search", "scaiwave.notes", "scaiwave.calculator", "scaiwave.memory", "scaiwave.files");
    private static final List<String> OTHERS = List.of("agent", "helper", "bridge", "federated");
    private static final List<String> ROOM_TYPES =
            List.of("group", "group", "group", "dm", "dm", "sidekick", "public", "bridge");

    private final LocalSeed seed;
    private final LocalPlatform platform;
    private final String api;
    private final String partner;
    private final String tenant;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final Random random = new Random(11); // the same life on each fresh start

    LocalLife(LocalSeed seed, LocalPlatform platform, String api, String partner, String tenant) {
        this.seed = seed;
        this.platform = platform;
        this.api = api;
        this.partner = partner;
        this.tenant = tenant;
    }

    void make() throws IOException, InterruptedException {
        fleet();
        firstSettings();
        for (int round = 0; round < ROUNDS; round++) {
            changes(round);
        }
        activity();
    }

    private void fleet() throws IOException, InterruptedException {
        seed.tenant("acme-labs", "Acme Labs", partner);
        String north = seed.partner("acme-north", "Acme North", partner);
        seed.tenant("fjord-logistics", "Fjord Logistics", north);
        seed.tenant("aurora-clinics", "Aurora Clinics", north);
        for (String slug : List.of("bluewater", "corvus", "delmar")) {
            String other = seed.partner(
                    slug, slug.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + slug.substring(1), null);
            seed.tenant(slug + "-hq", "Headquarters of " + slug, other);
            seed.tenant(slug + "-retail", "Retail of " + slug, other);
        }
    }

    private LocalClient admin(int number) {
        String name = ADMINS.get(number % ADMINS.size());
        return new LocalClient(
                api,
                platform.scaiKey()
                        .token(Map.of(
                                "sub",
                                name.toLowerCase(java.util.Locale.ROOT).replace(' ', '.'),
                                "name",
                                name,
                                "role",
                                "tenant_admin",
                                "tenant_id",
                                LocalSeed.TENANT)));
    }

    private void firstSettings() throws IOException, InterruptedException {
        LocalClient ada = admin(0);
        for (String model : MODELS) {
            ada.send("POST", "/v1/admin/models/" + model + "/enable", null);
        }
        ada.send("PUT", "/v1/admin/ai-config", "{\"default_model\": \"claude-sonnet-4-6\"}");
        participant(ada, "claude-sonnet-4-6", "claude", "Claude");
        participant(ada, "scailar-pro", "code-helper", "Code Helper");
        participant(ada, "partner/acme/legal-7b", "counsel", "Counsel");
        ada.send("POST", "/v1/admin/participants/model", """
                {"model": "claude-sonnet-4-6", "local_id": "minutes", "display_name": "Minute Taker",
                 "system_prompt": "You keep the minutes. Decisions first, then who does what until when."}""");
    }

    private static void participant(LocalClient admin, String model, String localId, String name)
            throws IOException, InterruptedException {
        admin.send(
                "PUT",
                "/v1/admin/models/" + model + "/participant",
                "{\"local_id\": \"%s\", \"display_name\": \"%s\"}".formatted(localId, name));
    }

    /** A round of what administrators do; each call changes something, and so has its audit entry. */
    private void changes(int round) throws IOException, InterruptedException {
        LocalClient admin = admin(round);
        boolean on = round % 2 == 0;
        admin.send(
                "PUT",
                "/v1/admin/ai-config",
                "{\"system_prompt_templates\": [{\"name\": \"House style\", \"prompt\": \"Short sentences. Version %d.\"}]}"
                        .formatted(round));
        admin.send("POST", "/v1/admin/models/scailar-mini/" + verb(on), null);
        admin.send("POST", "/v1/admin/models/mistralai/voxtral-small-latest/" + verb(on), null);
        admin.send(
                "PUT",
                "/v1/admin/prompt-studio",
                "{\"enabled\": %s, \"allowlist\": {\"groups\": [\"team-%d\"]}}".formatted(on, round));
        admin.send(
                "PUT",
                "/v1/admin/note-processing",
                "{\"enabled\": true, \"model\": \"scailar-pro\", \"auto_tags\": %s, \"extract_todos\": %s}"
                        .formatted(on, !on));
        for (String plugin : PLUGINS.subList(0, 2 + round % (PLUGINS.size() - 1))) {
            admin.send("POST", "/v1/admin/plugins/" + plugin + "/" + verb(on), null);
        }
        admin.send(
                "PUT",
                "/v1/admin/models/scailar-pro/participant",
                "{\"system_prompt\": \"You review code. Point at the line and say what to change. Version %d.\"}"
                        .formatted(round));
    }

    private static String verb(boolean on) {
        return on ? "enable" : "disable";
    }

    private void activity() throws InterruptedException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                platform.kafka().bootstrapServers(),
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                StringSerializer.class,
                "acks",
                "all");
        OffsetDateTime start = OffsetDateTime.now(ZoneOffset.UTC).minusDays(DAYS);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            members(producer, start);
            for (int i = 0; i < ROOMS; i++) {
                String type = ROOM_TYPES.get(i % ROOM_TYPES.size());
                String data = "{\"room_id\": \"%s\", \"room_type\": \"%s\"}".formatted(id("room" + i), type);
                send(producer, "io.scaiwave.room.created", start.plusHours(i * 11L), data);
                if (i % 7 == 0) {
                    send(producer, "io.scaiwave.room.closed", start.plusHours(i * 11L + 30), data);
                }
            }
            for (int day = 0; day <= DAYS; day++) {
                useOfADay(producer, start.plusDays(day));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take the month of activity: " + e.getCause(), e);
        }
    }

    private void members(KafkaProducer<String, String> producer, OffsetDateTime start) {
        for (int i = 0; i < HUMANS; i++) {
            send(
                    producer,
                    "io.scaiwave.participant.joined",
                    start.plusHours(i * 3L),
                    member("human", "person-" + i, "Person " + i));
        }
        for (String type : OTHERS) {
            for (int i = 1; i <= 3; i++) {
                send(
                        producer,
                        "io.scaiwave.participant.joined",
                        start,
                        member(type, type + "-" + i, "The " + type + " " + i));
            }
        }
        send(producer, "io.scaiwave.participant.left", start.plusDays(20), member("human", "person-5", "Person 5"));
    }

    private static String member(String type, String localId, String name) {
        return """
                {"id": "%s", "local_id": "%s", "server_name": "%s", "display_name": "%s", "avatar_url": null, "participant_type": "%s"}""".formatted(
                        id(localId), localId, type.equals("federated") ? "partner.example" : "localhost", name, type);
    }

    private void useOfADay(KafkaProducer<String, String> producer, OffsetDateTime day) {
        for (int i = 0; i < CALLS_A_DAY; i++) {
            String model = MODELS.get(random.nextInt(MODELS.size()));
            send(
                    producer,
                    "io.scaiwave.ai.used",
                    day.plusMinutes(i * 20L),
                    "{\"model\": \"%s\", \"input_tokens\": %d, \"output_tokens\": %d}"
                            .formatted(model, 200 + random.nextInt(6_000), 50 + random.nextInt(1_500)));
        }
        send(
                producer,
                "io.scaiwave.storage.changed",
                day,
                "{\"bytes_delta\": %d, \"files_delta\": %d}"
                        .formatted(random.nextInt(200_000_000), random.nextInt(40)));
    }

    private void send(KafkaProducer<String, String> producer, String type, OffsetDateTime time, String data) {
        String event = """
                {"specversion": "1.0", "id": "%s", "source": "/local", "type": "%s", "time": "%s", "tenantid": "%s",
                 "datacontenttype": "application/json", "data": %s}""".formatted(id(type + time + data), type, time, tenant, data);
        sent.add(producer.send(new ProducerRecord<>(ACTIVITY_TOPIC, tenant, event)));
    }

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }
}
