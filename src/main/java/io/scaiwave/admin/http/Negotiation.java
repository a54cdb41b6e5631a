package io.scaiwave.admin.http;

import io.scaiwave.admin.bus.Failure;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;

/** Which of an operation's media types a client prefers, by its Accept (RFC 9110, section 12.5.1). */
final class Negotiation {
    private static final String ANY = "*";

    private Negotiation() {}

    /**
     * The one of the greatest quality, among equals the first of the contract.
     *
     * @throws Failure when the client takes none of them, or says so that it cannot be read
     */
    static String mediaType(RoutingContext context, List<String> offered) {
        try {
            List<MIMEHeader> accepted = context.parsedHeaders().accept();
            return accepted.isEmpty() ? offered.get(0) : preferred(offered, accepted);
        } catch (
                IndexOutOfBoundsException
                        e) { // the router's parser, for one, does not look for the end of a quoted text
            throw notAcceptable("Accept cannot be read, or Accept-Charset, Accept-Encoding, or Accept-Language");
        }
    }

    private static String preferred(List<String> offered, List<MIMEHeader> accepted) {
        String best = null;
        float quality = 0;
        for (String type : offered) {
            float theirs = quality(type, accepted);
            if (theirs > quality) {
                best = type;
                quality = theirs;
            }
        }
        if (best == null) {
            throw notAcceptable("Accept takes none of the media types there are: " + String.join(", ", offered));
        }
        return best;
    }

    private static Failure notAcceptable(String sentence) {
        return new Failure(Failure.Kind.NOT_ACCEPTABLE, "SW_NOT_ACCEPTABLE", sentence);
    }

    /** That of the range that names the type most closely: {@code text/csv;q=0} excludes it from {@code text/*}. */
    private static float quality(String type, List<MIMEHeader> accepted) {
        int slash = type.indexOf('/');
        String main = type.substring(0, slash);
        String sub = type.substring(slash + 1);
        return accepted.stream()
                .filter(range -> matches(range.component(), main) && matches(range.subComponent(), sub))
                .max(Comparator.comparing(range -> closeness(range)))
                .map(MIMEHeader::weight)
                .orElse(0f);
    }

    private static boolean matches(String range, String value) {
        return range.equals(ANY) || range.equalsIgnoreCase(value);
    }

    private static int closeness(MIMEHeader range) {
        return (range.component().equals(ANY) ? 0 : 2) + (range.subComponent().equals(ANY) ? 0 : 1);
    }
}
