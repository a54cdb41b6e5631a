package io.scaiwave.admin.config;

import io.scaiwave.admin.bus.Secret;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Keys of 32 bytes by their ids, written as {@code id:base64} pairs, comma separated. The first one is the current one. */
public final class KeyRing {
    private static final int KEY_BYTES = 32;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    private final Map<String, byte[]> byId = new LinkedHashMap<>();

    private KeyRing() {}

    /** @throws InvalidSetting naming the setting, never quoting a key */
    public static KeyRing parse(String setting, Secret pairs) {
        KeyRing ring = new KeyRing();
        for (String pair : pairs.value().split(",", -1)) {
            String[] parts = pair.strip().split(":", 2);
            if (parts.length != 2 || !ID.matcher(parts[0]).matches()) {
                throw new InvalidSetting(
                        setting, "must be id:base64 pairs, comma separated, with ids of letters, digits, - and _");
            }
            byte[] key = decoded(parts[1]);
            if (key.length != KEY_BYTES) {
                throw new InvalidSetting(
                        setting, "has a key that is not base64 of 32 bytes: the one with the id " + parts[0]);
            }
            if (ring.byId.put(parts[0], key) != null) {
                throw new InvalidSetting(setting, "has two keys with the id " + parts[0]);
            }
        }
        return ring;
    }

    /** No bytes for what is not base64. */
    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** The keys in their order. */
    public Map<String, byte[]> byId() {
        return Collections.unmodifiableMap(byId);
    }

    /** The id of the key that encrypts or signs. */
    public String current() {
        return byId.keySet().iterator().next();
    }

    /** The id of the key that is there for the longest time: new ones are put first. */
    public String oldest() {
        return List.copyOf(byId.keySet()).get(byId.size() - 1);
    }
}
