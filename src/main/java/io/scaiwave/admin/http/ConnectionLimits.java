package io.scaiwave.admin.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.NetUtil;
import io.scaiwave.admin.config.Config;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many connections the node has open, in all and from each address, and what became of the others. Thread-safe. */
public final class ConnectionLimits {
    private static final int IPV6_BYTES = 16;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final Config.Http.Connections limits;
    private final ClientAddress addresses;
    private final MeterRegistry meters;
    private final Counter opened;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<String, Integer> openByAddress = new ConcurrentHashMap<>();

    public ConnectionLimits(Config.Http config, MeterRegistry meters) {
        this.limits = config.connections();
        this.addresses = new ClientAddress(config.trustedProxies());
        this.meters = meters;
        this.opened = Counter.builder("admin.connections.opened")
                .description("Connections that were let in")
                .register(meters);
        List.of("total", "address").forEach(this::refused); // known from the start, so that the first one is a rise
        List.of("handshake", "head", "body", "idle").forEach(this::closings);
        Gauge.builder("admin.connections.open", open, AtomicInteger::get)
                .description("Connections that are open")
                .register(meters);
    }

    Config.Http.Connections settings() {
        return limits;
    }

    /** What is to be given back with {@link #leave}; null when there is no room. */
    @Nullable
    String enter(String address) {
        if (open.incrementAndGet() > limits.max()) {
            open.decrementAndGet();
            refused("total").increment();
            return null;
        }
        String network = network(address);
        int ofAddress = openByAddress.merge(network, 1, Integer::sum);
        if (ofAddress > limits.perAddress() && !addresses.trusts(address)) {
            leave(network);
            refused("address").increment();
            return null;
        }
        opened.increment();
        return network;
    }

    void leave(String network) {
        open.decrementAndGet();
        openByAddress.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
    }

    private Counter refused(String reason) {
        return Counter.builder("admin.connections.refused")
                .description("Connections that were closed at once because there were too many")
                .tag("reason", reason)
                .register(meters);
    }

    /** Counts a connection that was closed because of a deadline. */
    void closed(String reason) {
        closings(reason).increment();
    }

    private Counter closings(String reason) {
        return Counter.builder("admin.connections.closed")
                .description("Connections that were closed because their client was too slow")
                .tag("reason", reason)
                .register(meters);
    }

    /** Who has one address of IPv6 has all that begin with the same 64 bits. */
    private static String network(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || bytes.length != IPV6_BYTES) {
            return address;
        }
        return Arrays.toString(Arrays.copyOf(bytes, IPV6_NETWORK_BYTES));
    }
}
