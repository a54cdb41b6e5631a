package io.scaiwave.admin.bus;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A resource that has versions. Several tenants' settings have one URL, and all of them begin with version 1: so a version is
 * named by its number and by whose it is, and none is ever taken for another resource's.
 *
 * @param kind as in the names of actions
 * @param id of the resource, or of the tenant whose only one of its kind it is
 */
public record Resource(String kind, UUID id) {
    private static final int MARK_BYTES = 9;
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

    /** The name of one of its versions; opaque to clients, and fit for an ETag. */
    public String version(long number) {
        return number + mark();
    }

    /** The numbers of those of the versions that are its own. */
    Long[] numbers(List<String> versions) {
        String mark = mark();
        return versions.stream()
                .filter(version -> version.endsWith(mark))
                .map(version -> version.substring(0, version.length() - mark.length()))
                .filter(number -> NUMBER.matcher(number).matches())
                .map(Long::valueOf)
                .toArray(Long[]::new);
    }

    private String mark() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((kind + " " + id).getBytes(StandardCharsets.UTF_8));
            return "." + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, MARK_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
