package io.scaiwave.admin.stats;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;

/** A great many events of some tenants, with repeats and broken ones among them, and what they come to. */
final class RandomActivity {
    private static final int REPEATED_ONE_IN = 10;
    private static final int BROKEN_ONE_IN = 1000;
    private static final int REMEMBERED = 5000;
    private static final List<String> MODELS = List.of("scailar-pro", "acme/legal-7b", "claude-sonnet-4-6");

    /** @param key the tenant's id, so that a tenant's events are in one partition */
    record Sent(String key, String value) {}

    private final Random random = new Random(17);
    private final List<String> tenants;
    private final String now = Instant.now().toString();
    final List<Sent> events = new ArrayList<>();
    final TreeSet<String> broken = new TreeSet<>();
    private final Map<String, Long> totals = new HashMap<>();
    private final Map<String, List<String>> members = new HashMap<>();

    RandomActivity(List<String> tenants, int count) {
        this.tenants = tenants;
        for (int i = 0; i < count; i++) {
            events.add(next(i));
        }
    }

    /** What a tenant's total must be; the label is the type or the model. */
    long total(String tenant, String metric, String label) {
        return totals.getOrDefault(tenant + metric + label, 0L);
    }

    private void add(String tenant, String metric, String label, long value) {
        totals.merge(tenant + metric + label, value, Long::sum);
    }

    private Sent next(int i) {
        if (i % REPEATED_ONE_IN == REPEATED_ONE_IN - 1) {
            return events.get(i - 1 - random.nextInt(Math.min(i - 1, REMEMBERED)));
        }
        String tenant = tenants.get(random.nextInt(tenants.size()));
        if (i % BROKEN_ONE_IN == 0) {
            String value = broken(i, tenant);
            broken.add(value);
            return new Sent(tenant, value);
        }
        return new Sent(
                tenant,
                switch (random.nextInt(8)) {
                    case 0, 1 -> room(i, tenant, "created", 1);
                    case 2 -> room(i, tenant, "closed", -1);
                    case 3, 4, 5 -> usage(i, tenant);
                    case 6 -> storage(i, tenant);
                    default -> member(i, tenant);
                });
    }

    private String broken(int i, String tenant) {
        return switch (i / BROKEN_ONE_IN % 4) {
            case 0 -> "not JSON " + i;
            case 1 -> event(i, "room.created", UUID.randomUUID().toString(), ActivityFeed.room("dm"));
            case 2 -> event(i, "ai.used", tenant, ActivityFeed.usage("m", -1, 0));
            default -> event(i, "participant.joined", tenant, ActivityFeed.member(id(i), "first", "human")); // is taken
        };
    }

    private String room(int i, String tenant, String what, int difference) {
        String type = Totals.ROOM_TYPES.get(random.nextInt(Totals.ROOM_TYPES.size()));
        add(tenant, "rooms", type, difference);
        return event(i, "room." + what, tenant, ActivityFeed.room(type));
    }

    private String usage(int i, String tenant) {
        String model = MODELS.get(random.nextInt(MODELS.size()));
        int input = random.nextInt(10_000);
        int output = random.nextInt(1_000);
        add(tenant, "requests", model, 1);
        add(tenant, "input_tokens", model, input);
        add(tenant, "output_tokens", model, output);
        return event(i, "ai.used", tenant, ActivityFeed.usage(model, input, output));
    }

    private String storage(int i, String tenant) {
        int bytes = random.nextInt(1_000_000) - 200_000;
        add(tenant, "used_bytes", "", bytes);
        add(tenant, "file_count", "", bytes > 0 ? 1 : -1);
        return event(i, "storage.changed", tenant, ActivityFeed.storage(bytes, bytes > 0 ? 1 : -1));
    }

    /** One comes; or, one time in three, one of those who came goes. */
    private String member(int i, String tenant) {
        List<String> present = members.computeIfAbsent(tenant, t -> new ArrayList<>());
        if (!present.isEmpty() && random.nextInt(3) == 0) {
            add(tenant, "participants", "human", -1);
            return event(i, "participant.left", tenant, present.remove(random.nextInt(present.size())));
        }
        String joined = ActivityFeed.member(id(i), "human-" + i, "human");
        present.add(joined);
        add(tenant, "participants", "human", 1);
        return event(i, "participant.joined", tenant, joined);
    }

    private String event(int i, String type, String tenant, String data) {
        return ActivityFeed.event(type, tenant, "event-" + i, now, data);
    }

    private static String id(int i) {
        return new UUID(0, i).toString();
    }
}
