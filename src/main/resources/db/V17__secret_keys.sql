-- To encrypt a key anew changes nothing that anyone reads: not the version, updated_at or ETag. Another key counts api_key_number up.
DROP TRIGGER ai_config_touch ON ai_config;
-- Of a key of less than 16 characters the first four are shown no longer. (Encrypted, it has 28 bytes more.)
UPDATE ai_config SET api_key_masked = '…' || right(api_key_masked, 4)
WHERE api_key_masked LIKE '____…____'
  AND length(rtrim(split_part(api_key_encrypted, ':', 2), '=')) * 3 / 4 < 16 + 28; -- not decoded: a spoilt one would stop the migration
CREATE TRIGGER ai_config_touch BEFORE UPDATE ON ai_config
    FOR EACH ROW EXECUTE FUNCTION touch('', 'api_key_encrypted');

-- Which of them are under an older key of SCAIWAVE_SECRET_KEYS: for rotate-secrets, and to count them.
CREATE INDEX ai_config_by_key_id ON ai_config (split_part(api_key_encrypted, ':', 1)) WHERE api_key_encrypted IS NOT NULL;
