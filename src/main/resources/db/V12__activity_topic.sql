-- Which topic the offsets are of: one that was deleted and made again has the same name, another id, and begins at 0. NULL is not
-- known, as releases before this one wrote it: then the topic that is there counts as the same.
ALTER TABLE activity_offsets ADD COLUMN topic_id text;
