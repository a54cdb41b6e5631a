-- Only the tenant's own view of ScaiGrid is kept from now on; what is there may be another caller's.
DELETE FROM model_catalog;

ALTER TABLE model_catalog ADD COLUMN left_out integer NOT NULL DEFAULT 0; -- models that ScaiGrid listed and the API cannot show
