package io.scaiwave.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where what was created can be read: the contract's template, filled with members of the data. */
final class Location {
    private static final Pattern MEMBER = Pattern.compile("\\{([a-z_]+)}");

    private Location() {}

    static String of(String template, Object data) {
        JsonNode json = Json.MAPPER.valueToTree(data);
        return MEMBER.matcher(template)
                .replaceAll(member -> Matcher.quoteReplacement(
                        encoded(json.required(member.group(1)).asText())));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
