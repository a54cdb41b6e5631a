package io.scaiwave.admin.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.VertxModule;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The one JSON mapping of the product: records as snake_case members, times in UTC with milliseconds, repeated members refused. */
public final class Json {
    private static final DateTimeFormatter UTC_MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");
    private static final int YEAR_MAX = 9999;
    private static final int NANOS = 1_000_000;

    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new VertxModule())
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule().addSerializer(OffsetDateTime.class, new UtcMillis()))
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // A character beyond the 65,536th takes four bytes, not the twelve of two escapes.
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    /** The wire name of a record's component. */
    public static String name(String component) {
        return ((PropertyNamingStrategies.NamingBase) PropertyNamingStrategies.SNAKE_CASE).translate(component);
    }

    /** The wire form of a time: ISO 8601 in UTC, always three digits of milliseconds, so that equal times are equal texts. */
    public static String time(OffsetDateTime at) {
        LocalDateTime utc = at.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
        if (utc.getYear() < 0 || utc.getYear() > YEAR_MAX) {
            return UTC_MILLIS.format(utc); // what a client has sent may be of another year in UTC
        }
        // By hand: a formatter takes ten times as long, and there are many on a page.
        StringBuilder text = new StringBuilder("0000-00-00T00:00:00.000Z");
        digits(text, 4, utc.getYear());
        digits(text, 7, utc.getMonthValue());
        digits(text, 10, utc.getDayOfMonth());
        digits(text, 13, utc.getHour());
        digits(text, 16, utc.getMinute());
        digits(text, 19, utc.getSecond());
        digits(text, 23, utc.getNano() / NANOS);
        return text.toString();
    }

    /** Writes a number that ends before that place; what is before it is zeros. */
    private static void digits(StringBuilder text, int end, int number) {
        int place = end;
        for (int rest = number; rest > 0; rest /= 10) {
            text.setCharAt(--place, (char) ('0' + rest % 10));
        }
    }

    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    public static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /** A value as the JSON object that PostgreSQL's jsonb parameters take. */
    public static JsonObject object(Object value) {
        return new JsonObject(Buffer.buffer(bytes(value)));
    }

    /** A list as the JSON array that PostgreSQL's jsonb parameters take. */
    public static JsonArray array(List<?> values) {
        return new JsonArray(Buffer.buffer(bytes(values)));
    }

    /** A jsonb array as records. */
    public static <T> List<T> list(JsonArray array, Class<T> type) {
        return array.stream().<T>map(item -> MAPPER.convertValue(item, type)).toList();
    }

    private static final class UtcMillis extends StdSerializer<OffsetDateTime> {
        @Serial
        private static final long serialVersionUID = 1;

        UtcMillis() {
            super(OffsetDateTime.class);
        }

        @Override
        public void serialize(OffsetDateTime at, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(time(at));
        }
    }
}
