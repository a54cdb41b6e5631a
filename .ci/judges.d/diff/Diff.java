import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;

/** Compares two contracts: `Diff RELEASED NEW`. Ends with 10 when a client of the released one would break. */
final class Diff {
    public static void main(String[] files) {
        ChangedOpenApi changed = OpenApiCompare.fromLocations(files[0], files[1]);
        changed.getMissingEndpoints().forEach(gone -> System.out.println("gone: " + gone));
        changed.getChangedOperations().stream()
                .filter(operation -> operation.isIncompatible())
                .forEach(operation -> System.out.println(
                        "incompatible: " + operation.getHttpMethod() + " " + operation.getPathUrl()));
        long findings = changed.getMissingEndpoints().size()
                + changed.getChangedOperations().stream().filter(one -> one.isIncompatible()).count();
        System.out.println("findings: " + findings);
        System.exit(changed.isIncompatible() ? 10 : 0);
    }
}
