package io.scaiwave.admin.stats;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.stats.ActivityEvent.Amount;
import io.scaiwave.admin.stats.ActivityEvent.Member;
import io.scaiwave.admin.stats.Fields.Unreadable;
import io.scaiwave.admin.text.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads CloudEvents 1.0 in structured JSON, of the types that the statistics are made from; strictly. */
final class ActivityReader {
    private static final int TEXT_MAX = 255;
    private static final int NAME_MAX = 100;
    private static final int URL_MAX = 2_000;
    private static final long TOKENS_MAX = Integer.MAX_VALUE;
    private static final long FILES_MAX = Integer.MAX_VALUE;
    private static final long BYTES_MAX = 1L << 50;
    private static final int YEAR_MIN = 2000;
    private static final int YEAR_MAX = 9999;
    private static final Pattern LOCAL_ID = Pattern.compile("[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?");
    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[^/]");
    private static final List<String> MEMBER_TYPES = Totals.PARTICIPANT_TYPES.stream()
            .filter(type -> !type.equals("model"))
            .toList();

    private ActivityReader() {}

    /** @param timestamp the record's, in milliseconds: when it happened, if the event does not say */
    static ActivityEvent read(byte @Nullable [] value, long timestamp) throws Unreadable {
        Fields event = new Fields(object(value), "");
        event.oneOf("specversion", List.of("1.0"));
        String id = event.line("id", Integer.MAX_VALUE);
        String source = event.line("source", Integer.MAX_VALUE);
        String type = event.line("type", TEXT_MAX);
        UUID tenantId = event.id("tenantid");
        OffsetDateTime time = time(event, timestamp);
        Fields data = event.inside("data");
        UUID key = key(source, id);
        return switch (type) {
            case "io.scaiwave.room.created" -> new ActivityEvent(key, tenantId, room(data, 1), null);
            case "io.scaiwave.room.closed" -> new ActivityEvent(key, tenantId, room(data, -1), null);
            case "io.scaiwave.ai.used" -> new ActivityEvent(key, tenantId, usage(data, time), null);
            case "io.scaiwave.storage.changed" -> new ActivityEvent(key, tenantId, storage(data), null);
            case "io.scaiwave.participant.joined" ->
                new ActivityEvent(key, tenantId, List.of(), member(data, tenantId, true, time));
            case "io.scaiwave.participant.left" ->
                new ActivityEvent(key, tenantId, List.of(), member(data, tenantId, false, time));
            default -> throw new Unreadable("type is not one that is counted");
        };
    }

    private static JsonNode object(byte @Nullable [] value) throws Unreadable {
        try {
            JsonNode node = value == null ? null : Json.MAPPER.readTree(value);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            // falls through: not JSON
        }
        throw new Unreadable("the value is not a JSON object");
    }

    private static List<Amount> room(Fields data, int difference) throws Unreadable {
        data.line("room_id", TEXT_MAX);
        return List.of(new Amount(Totals.ALWAYS, Totals.ROOMS, data.oneOf("room_type", Totals.ROOM_TYPES), difference));
    }

    private static List<Amount> usage(Fields data, OffsetDateTime time) throws Unreadable {
        String model = data.slug("model");
        String month = YearMonth.from(time).toString();
        return List.of(
                new Amount(month, Totals.AI_REQUESTS, model, 1),
                new Amount(month, Totals.AI_INPUT_TOKENS, model, data.whole("input_tokens", 0, TOKENS_MAX)),
                new Amount(month, Totals.AI_OUTPUT_TOKENS, model, data.whole("output_tokens", 0, TOKENS_MAX)));
    }

    private static List<Amount> storage(Fields data) throws Unreadable {
        return List.of(
                new Amount(Totals.ALWAYS, Totals.STORAGE_BYTES, "", data.whole("bytes_delta", -BYTES_MAX, BYTES_MAX)),
                new Amount(Totals.ALWAYS, Totals.STORAGE_FILES, "", data.whole("files_delta", -FILES_MAX, FILES_MAX)));
    }

    private static Member member(Fields data, UUID tenantId, boolean present, OffsetDateTime time) throws Unreadable {
        return new Member(
                data.id("id").toString(),
                tenantId,
                data.matching("local_id", LOCAL_ID),
                data.word("server_name", TEXT_MAX),
                data.line("display_name", NAME_MAX),
                avatar(data),
                data.oneOf("participant_type", MEMBER_TYPES),
                present,
                time.toString());
    }

    /** What a client may fetch: no script, and no document in the address itself. */
    private static @Nullable String avatar(Fields data) throws Unreadable {
        String url = data.wordOrNull("avatar_url", URL_MAX);
        boolean web = url == null || WEB_ADDRESS.matcher(url).lookingAt();
        data.require(web, "avatar_url", "must be an http or https address");
        return url;
    }

    private static OffsetDateTime time(Fields event, long timestamp) throws Unreadable {
        String text = event.wordOrNull("time", TEXT_MAX);
        try {
            Instant recorded = Instant.ofEpochMilli(timestamp);
            Instant at = text == null ? recorded : OffsetDateTime.parse(text).toInstant();
            OffsetDateTime time = at.atOffset(ZoneOffset.UTC);
            event.require(time.getYear() >= YEAR_MIN && time.getYear() <= YEAR_MAX, "time", "is out of range");
            return time.truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) { // malformed, or beyond all years once it is in UTC
            throw new Unreadable("time must be a date and time as in RFC 3339");
        }
    }

    /** The first 128 bits of a hash of what makes an event one event: 2^-128 is chance enough. */
    private static UUID key(String source, String id) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.of(source + '\0' + id));
        return new UUID(hash.getLong(), hash.getLong());
    }
}
