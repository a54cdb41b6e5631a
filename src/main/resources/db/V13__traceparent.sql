-- The W3C trace context of the request that made a change, for the CloudEvent of its entry. No part of the entry, nor of its hash.
ALTER TABLE audit_outbox ADD COLUMN traceparent text;
ALTER TABLE audit_unsent ADD COLUMN traceparent text;
