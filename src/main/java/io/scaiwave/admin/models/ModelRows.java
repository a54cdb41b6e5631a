package io.scaiwave.admin.models;

import io.scaiwave.admin.text.Slug;
import io.scaiwave.admin.text.Texts;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the rows that ScaiGrid lists. What the contract cannot show costs the field, which is then as if ScaiGrid had left it
 * out; or the row, where there is no slug or no modality that could be shown. Never the catalog.
 */
final class ModelRows {
    private static final Set<String> MODALITIES = Set.of("chat", "embedding", "image", "audio");
    private static final Set<String> STATUSES = Set.of("active", "deprecated");
    private static final int NAME_MAX = 500;
    private static final int HEALTH_MAX = 100;
    private static final long NUMBER_MAX = (1L << 53) - 1;
    /** Of one catalog: so many lines tell an operator what is wrong. */
    private static final int COMPLAINTS_MAX = 20;

    private final int modelsMax;
    private final TreeMap<String, Model> models = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();
    private int leftOut;

    ModelRows(int modelsMax) {
        this.modelsMax = modelsMax;
    }

    void add(Object item) {
        if (!(item instanceof JsonObject row)) {
            leaveOut("a row that is no object", item);
        } else if (!(row.getValue("slug") instanceof String slug) || !Slug.isValid(slug)) {
            leaveOut("a model whose slug is malformed", row.getValue("slug"));
        } else if (!(row.getValue("modality") instanceof String modality) || !MODALITIES.contains(modality)) {
            leaveOut("model " + slug + ", of modality", row.getValue("modality"));
        } else if (models.containsKey(slug)) {
            leaveOut("a second model with the slug", slug);
        } else if (models.size() >= modelsMax) {
            leaveOut("a model after the first " + modelsMax, slug);
        } else {
            models.put(slug, model(slug, modality, row));
        }
    }

    /** Whether the rows to come are left out because there are enough; they count as one, since nobody reads them. */
    boolean cutOff() {
        if (models.size() < modelsMax) {
            return false;
        }
        leaveOut("all models after the first", modelsMax);
        return true;
    }

    Offer offer() {
        return new Offer(List.copyOf(models.values()), leftOut);
    }

    /** What was odd, in words for the log; the first of it. */
    List<String> complaints() {
        return complaints;
    }

    private Model model(String slug, String modality, JsonObject row) {
        String name = text(slug, row, "display_name", NAME_MAX);
        return new Model(
                slug,
                name == null ? slug : name,
                modality,
                number(slug, row, "context_window"),
                number(slug, row, "max_output_tokens"),
                status(slug, row),
                text(slug, row, "health_status", HEALTH_MAX));
    }

    private @Nullable String text(String slug, JsonObject row, String field, int charactersMax) {
        Object value = row.getValue(field);
        if (value == null || (value instanceof String text && Texts.isLine(text, charactersMax))) {
            return (String) value;
        }
        passOver(slug, field, value);
        return null;
    }

    private @Nullable Long number(String slug, JsonObject row, String field) {
        Object value = row.getValue(field);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number) {
            double exact = number.doubleValue(); // up to NUMBER_MAX
            if (exact >= 0 && exact <= NUMBER_MAX && exact == Math.rint(exact)) {
                return number.longValue();
            }
        }
        passOver(slug, field, value);
        return null;
    }

    private String status(String slug, JsonObject row) {
        Object value = row.getValue("status");
        if (value instanceof String status && STATUSES.contains(status)) {
            return status;
        }
        if (value != null) {
            passOver(slug, "status", value);
        }
        return "active";
    }

    private void leaveOut(String what, @Nullable Object value) {
        leftOut++;
        complain("left out of the catalog: " + what + " " + Texts.logged(value));
    }

    private void passOver(String slug, String field, Object value) {
        complain("passed over in the catalog: " + field + " of model " + slug + ", which is " + Texts.logged(value));
    }

    private void complain(String complaint) {
        if (complaints.size() < COMPLAINTS_MAX) {
            complaints.add(complaint);
        }
    }
}
