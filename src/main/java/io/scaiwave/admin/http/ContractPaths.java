package io.scaiwave.admin.http;

import io.scaiwave.admin.bus.Failure;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings each path into the one form that routing and validation agree on: normalised (RFC 3986), and each parameter marked
 * {@code x-multi-segment} percent-encoded as one segment. So raw slashes work in a model's slug, and with {@code //} or
 * {@code ..} nobody can have one value validated and another one used. It also turns HEAD into GET, and knows the methods of
 * a path. The first handler of all, because a reroute starts over.
 */
final class ContractPaths implements Handler<RoutingContext> {
    private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z0-9_]+)}");

    /** @param literal how much of the path is fixed text: the more, the earlier it is tried */
    private record Template(Pattern pattern, List<Boolean> multiSegment, TreeSet<String> methods, int literal) {}

    private final List<Template> templates;
    /** Of the paths without a variable, which need no search. */
    private final Map<String, Set<String>> fixed = new HashMap<>();

    ContractPaths(Contract contract) {
        Map<String, List<Contract.Operation>> byPath = new LinkedHashMap<>();
        contract.operations().values().forEach(operation -> byPath.computeIfAbsent(
                        operation.path(), path -> new ArrayList<>())
                .add(operation));
        templates = byPath.values().stream()
                .map(ContractPaths::template)
                .sorted(Comparator.comparingInt(Template::literal).reversed())
                .toList();
        byPath.keySet().stream().filter(path -> !path.contains("{")).forEach(path -> fixed.put(path, found(path)));
    }

    private static Template template(List<Contract.Operation> operations) {
        Contract.Operation any = operations.get(0);
        StringBuilder pattern = new StringBuilder();
        List<Boolean> multi = new ArrayList<>();
        Matcher variable = VARIABLE.matcher(any.path());
        int last = 0;
        int literal = any.path().length();
        while (variable.find()) {
            boolean slashes = any.parameters().stream()
                    .anyMatch(p -> p.multiSegment() && p.name().equals(variable.group(1)));
            pattern.append(Pattern.quote(any.path().substring(last, variable.start())))
                    .append(slashes ? "(.+)" : "([^/]+)");
            multi.add(slashes);
            literal -= variable.end() - variable.start();
            last = variable.end();
        }
        pattern.append(Pattern.quote(any.path().substring(last)));
        TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
        operations.forEach(operation -> methods.add(operation.method()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return new Template(Pattern.compile(pattern.toString()), multi, methods, literal);
    }

    @Override
    public void handle(RoutingContext context) {
        String path;
        try {
            path = canonical(context.request().method().name(), context.normalizedPath());
            context.queryParams();
        } catch (IllegalArgumentException | HttpException e) {
            context.fail(
                    new Failure(Failure.Kind.MALFORMED, "SW_BAD_REQUEST", "the URL has a broken percent-encoding"));
            return;
        }
        boolean head = context.request().method().equals(HttpMethod.HEAD);
        if (!head && path.equals(context.request().path())) {
            context.next();
            return;
        }
        if (head) {
            Exchange.of(context).answerHead();
        }
        String query = context.request().query();
        context.reroute(head ? HttpMethod.GET : context.request().method(), query == null ? path : path + '?' + query);
    }

    String canonical(String method, String normalized) {
        if (fixed.getOrDefault(normalized, Set.of()).contains(method)) {
            return normalized;
        }
        String found = null;
        for (Template template : templates) {
            Matcher matcher = template.pattern.matcher(normalized);
            boolean hasMethod = template.methods.contains(method);
            if ((found == null || hasMethod) && matcher.matches()) {
                found = encoded(template, matcher, normalized);
                if (hasMethod) {
                    return found;
                }
            }
        }
        return found == null ? normalized : found;
    }

    private static String encoded(Template template, Matcher match, String path) {
        StringBuilder out = new StringBuilder();
        int last = 0;
        for (int group = 1; group <= match.groupCount(); group++) {
            String value = match.group(group);
            out.append(path, last, match.start(group))
                    .append(template.multiSegment.get(group - 1) ? value.replace("/", "%2F") : value);
            last = match.end(group);
        }
        return out.append(path, last, path.length()).toString();
    }

    /** The methods of all operations that a path could mean, for the Allow header; empty when there is no such path. */
    Set<String> methods(String path) {
        Set<String> known = fixed.get(path);
        return known == null ? found(path) : known;
    }

    private Set<String> found(String path) {
        TreeSet<String> methods = new TreeSet<>();
        for (Template template : templates) {
            if (template.pattern.matcher(path).matches()) {
                methods.addAll(template.methods);
            }
        }
        return methods;
    }
}
