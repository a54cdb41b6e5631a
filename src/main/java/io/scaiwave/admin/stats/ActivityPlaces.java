package io.scaiwave.admin.stats;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.kafka.Topics;
import io.scaiwave.admin.stats.ActivityStore.Place;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where to go on reading: where PostgreSQL says, or at the beginning of a topic that was made again under the same name, or
 * at the first record that is left where the place has expired. What is read twice by this counts once, as every repeat does.
 */
final class ActivityPlaces {
    private static final Logger LOG = LoggerFactory.getLogger(ActivityPlaces.class);

    private final String name;
    private final ActivityTopic topic;
    private final Counter missed;

    ActivityPlaces(String name, ActivityTopic topic, MeterRegistry meters) {
        this.name = name;
        this.topic = topic;
        this.missed = Counter.builder("activity.records.missed")
                .description("Places of the activity topic whose records had expired before they were counted")
                .register(meters);
    }

    /** The offset of each partition at which to begin, as PostgreSQL has them from now on. */
    Future<Map<Integer, Long>> find(SqlConnection connection, Topics.Found found) {
        return ActivityStore.places(connection, name, found).compose(places -> {
            tellOfAnother(places, found);
            return topic.beginnings(found.partitions()).compose(first -> topic.ends(found.partitions())
                    .compose(ends -> keepWithin(connection, places, first, ends)));
        });
    }

    private void tellOfAnother(List<Place> places, Topics.Found found) {
        places.stream()
                .filter(place -> place.before() != null)
                .findFirst()
                .ifPresent(place -> LOG.warn(
                        "the topic {} was made again (id {}, before {}): counting begins at its beginning",
                        name,
                        found.id(),
                        place.before()));
    }

    private Future<Map<Integer, Long>> keepWithin(
            SqlConnection connection,
            List<Place> places,
            Map<TopicPartition, Long> first,
            Map<TopicPartition, Long> ends) {
        Map<Integer, Long> from = new HashMap<>();
        Map<Integer, Long> lost = new HashMap<>();
        Map<Integer, Long> found = new HashMap<>();
        for (Place place : places) {
            TopicPartition partition = new TopicPartition(name, place.partition());
            long beginning = first.getOrDefault(partition, 0L);
            from.put(place.partition(), place.offset());
            if (place.offset() < beginning || place.offset() > ends.getOrDefault(partition, place.offset())) {
                tellOfLost(place, beginning);
                lost.put(place.partition(), place.offset());
                found.put(place.partition(), beginning);
            }
        }
        if (found.isEmpty()) {
            return Future.succeededFuture(from);
        }
        from.putAll(found);
        return ActivityStore.apply(connection, new ActivityStore.Progress(name, lost, found), List.of())
                .map(from);
    }

    private void tellOfLost(Place place, long beginning) {
        if (place.offset() > beginning) {
            LOG.warn(
                    "{}-{} ends before {}, up to where it was counted: it is read again from {}",
                    name,
                    place.partition(),
                    place.offset(),
                    beginning);
        } else if (place.known()) {
            missed.increment((double) (beginning - place.offset()));
            LOG.warn(
                    "{}-{} expired from {} to {} before it was counted",
                    name,
                    place.partition(),
                    place.offset(),
                    beginning);
        }
    }
}
