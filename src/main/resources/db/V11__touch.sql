-- A trigger without arguments has no array of them: V9 compared nothing with nothing there, and no version moved.
CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hidden text[] := coalesce(TG_ARGV[1:], '{}');
    was jsonb := to_jsonb(OLD) - hidden;
    is_now jsonb := to_jsonb(NEW) - hidden;
BEGIN
    IF is_now IS DISTINCT FROM was THEN
        NEW.version := OLD.version + 1;
        IF TG_NARGS = 0 OR is_now - TG_ARGV[0] - 'version' IS DISTINCT FROM was - TG_ARGV[0] - 'version' THEN
            NEW.updated_at := date_trunc('milliseconds', clock_timestamp());
        END IF;
    END IF;
    RETURN NEW;
END $$;
