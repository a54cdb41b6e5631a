-- Which servers can work on this schema: those whose own newest migration is this one or a later one. A migration that only adds
-- leaves it alone, so that a server of the release before goes on through a rolling upgrade, or after a rollback; one after which an
-- older server would fail or do harm sets it to its own number: UPDATE schema_floor SET version = <number of that migration>.
CREATE TABLE schema_floor (
    single  boolean PRIMARY KEY DEFAULT true CONSTRAINT schema_floor_one_row CHECK (single),
    version int     NOT NULL
);
INSERT INTO schema_floor (version) VALUES (11);
