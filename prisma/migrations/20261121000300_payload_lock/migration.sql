-- Written by hand: retention takes payloads away while imports come to need them. Whoever writes a payload, its chunks or
-- a ledger entry holds this lock in common until its transaction ends; retention takes it alone, for a short time. An
-- import therefore sees a payload either before retention (and retention sees the import's references), or after it (and
-- stores the payload anew). A trigger, so that no writer can forget it.

-- The key of the lock that guards the payloads of the transaction's organization.
CREATE FUNCTION crossrun_payload_lock_key() RETURNS bigint
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT hashtextextended('crossrun payloads of ' || coalesce(current_setting('app.organization_id', true), ''), 0) $$;

GRANT EXECUTE ON FUNCTION crossrun_payload_lock_key() TO crossrun_app;

CREATE FUNCTION crossrun_hold_payloads() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(crossrun_payload_lock_key());
  RETURN NULL;
END
$$;

CREATE TRIGGER x_hold_payloads BEFORE INSERT ON payloads FOR EACH STATEMENT EXECUTE FUNCTION crossrun_hold_payloads();
CREATE TRIGGER x_hold_payloads BEFORE INSERT ON payload_chunks FOR EACH STATEMENT EXECUTE FUNCTION crossrun_hold_payloads();
CREATE TRIGGER x_hold_payloads BEFORE INSERT ON imported_files FOR EACH STATEMENT EXECUTE FUNCTION crossrun_hold_payloads();
