package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.db.UuidV7;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a reader has come in each chain. Within a chain ids are in the order of commits; across chains they are not, so that
 * one position for all would skip what is committed late. Chains with nothing new since the floor share it as their position: it keeps
 * {@link #LATE_MS} behind the newest entry read, which is longer than an entry takes from its id to its commit.
 */
final class ReadPositions {
    private static final long LATE_MS = 20_000;
    private static final UUID BEGINNING = UuidV7.before(new UUID(0, 0), 0);

    private final Map<String, UUID> reached = new HashMap<>();
    private UUID newest;
    private UUID floor;

    /** @param newest all before this, and late ones aside, is read */
    ReadPositions(UUID newest) {
        this.newest = UuidV7.greater(BEGINNING, newest);
        this.floor = UuidV7.before(this.newest, LATE_MS);
    }

    void put(String chain, UUID id) {
        reached.put(chain, id);
    }

    /** From where a reader who comes back loses nothing. */
    UUID newest() {
        return newest;
    }

    /** Chains whose heads are not after this have nothing new. */
    UUID floor() {
        return floor;
    }

    /** What is to be read of a chain. */
    record Stretch(String chain, UUID after, UUID upTo) {}

    /** What there is to read between the positions reached and these heads. */
    List<Stretch> behind(List<ChainHead> heads) {
        return heads.stream()
                .map(head -> new Stretch(head.chain(), reached.getOrDefault(head.chain(), floor), head.lastId()))
                .filter(stretch -> UuidV7.compare(stretch.upTo, stretch.after) > 0)
                .toList();
    }

    /** All that these chains had up to an id was read; null: all up to their heads. */
    void read(List<ChainHead> heads, @Nullable UUID upTo) {
        for (ChainHead head : heads) {
            UUID position = upTo == null || UuidV7.compare(head.lastId(), upTo) < 0 ? head.lastId() : upTo;
            reached.merge(head.chain(), position, UuidV7::greater);
            newest = UuidV7.greater(newest, position);
        }
        floor = UuidV7.greater(floor, UuidV7.before(newest, LATE_MS));
        reached.values().removeIf(position -> UuidV7.compare(position, floor) <= 0);
    }
}
