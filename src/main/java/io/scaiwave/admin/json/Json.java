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
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The one JSON mapping of the product: records as snake_case members, times in UTC with milliseconds, repeated members refused. */
public final class Json {
    private static final DateTimeFormatter UTC_MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");

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
        return UTC_MILLIS.format(at.withOffsetSameInstant(ZoneOffset.UTC));
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
