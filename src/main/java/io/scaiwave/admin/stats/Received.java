package io.scaiwave.admin.stats;

import io.scaiwave.admin.text.Texts;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of the activity topic: the event that it is, or why it is none.
 *
 * @param refusal why it is refused, fit for the log; empty when it is not
 */
record Received(
        ConsumerRecord<byte[], byte[]> record, @Nullable ActivityEvent event, String refusal) {

    static Received of(ConsumerRecord<byte[], byte[]> record) {
        try {
            return new Received(record, ActivityReader.read(record.value(), record.timestamp()), "");
        } catch (Fields.Unreadable e) {
            return new Received(record, null, Texts.logged(e.getMessage()));
        } catch (RuntimeException e) { // an oddity that nobody thought of: it must not hold up what comes behind it
            return new Received(record, null, Texts.logged("the value cannot be read: " + e));
        }
    }

    Received refused(String reason) {
        return new Received(record, null, Texts.logged(reason));
    }

    /** Refused unless its tenant is one of them. */
    Received among(Set<UUID> tenants) {
        boolean kept = event == null || tenants.contains(event.tenantId());
        return kept ? this : refused("tenantid is no tenant's");
    }

    static List<ActivityEvent> events(List<Received> batch) {
        return batch.stream()
                .filter(each -> each.event != null)
                .map(Received::event)
                .toList();
    }

    static List<Received> refusals(List<Received> batch) {
        return batch.stream().filter(each -> each.event == null).toList();
    }
}
