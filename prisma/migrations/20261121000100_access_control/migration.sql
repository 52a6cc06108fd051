-- Written by hand: who may see which rows. Every request runs as the role crossrun_app with app.organization_id set
-- for its transaction; without the setting it sees nothing.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Roles belong to the server, not to the database: the role may be there already, and two databases of one server may
-- be migrated at the same moment.
DO $$
DECLARE
  -- From PostgreSQL 16 on, being a member no longer means being allowed to SET ROLE.
  switching text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'crossrun_app') THEN
    BEGIN
      CREATE ROLE crossrun_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role crossrun_app is missing and % may not create it', current_user
          USING ERRCODE = 'insufficient_privilege',
                -- With what later migrations ask for, so that it is once.
                HINT = format('An administrator runs once: CREATE ROLE crossrun_app NOLOGIN; CREATE ROLE crossrun_analytics NOLOGIN; CREATE ROLE crossrun_bi NOLOGIN; GRANT crossrun_app, crossrun_analytics TO %I;', current_user);
    END;
  END IF;

  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'crossrun_app' AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'the role crossrun_app must not be able to bypass row-level security'
      USING HINT = 'An administrator runs once: ALTER ROLE crossrun_app NOSUPERUSER NOBYPASSRLS;';
  END IF;

  FOR attempt IN 1..10 LOOP
    EXIT WHEN pg_has_role(current_user, 'crossrun_app', switching);
    BEGIN
      EXECUTE format('GRANT crossrun_app TO %I', current_user);
    EXCEPTION
      WHEN unique_violation OR internal_error THEN PERFORM pg_sleep(0.05);
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION '% may not act as the role crossrun_app', current_user
          USING ERRCODE = 'insufficient_privilege',
                HINT = format('An administrator runs once: GRANT crossrun_app, crossrun_analytics TO %I;', current_user);
    END;
  END LOOP;

  EXECUTE 'GRANT USAGE ON SCHEMA public TO crossrun_app';
  -- The importer stages rows in temporary tables.
  IF NOT has_database_privilege('crossrun_app', current_database(), 'TEMPORARY') THEN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO crossrun_app', current_database());
  END IF;
END
$$;

-- The organization of the current transaction, or null when none is set.
CREATE FUNCTION crossrun_organization_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.organization_id', true), '')::uuid $$;

GRANT EXECUTE ON FUNCTION crossrun_organization_id() TO crossrun_app;

-- Puts a table under row-level security and opens it to crossrun_app. A migration that creates a table with
-- organization_id calls it; there are no default privileges, so a forgotten call leaves the table closed, not open.
-- The policy is for crossrun_app and its members alone: a role for BI tools gets policies of its own, which do not
-- listen to a setting that its clients can change. The sub-select makes the setting be read once a statement.
CREATE PROCEDURE crossrun_protect(target regclass)
  LANGUAGE plpgsql
  AS $$
DECLARE
  is_organizations boolean := (SELECT relname = 'organizations' FROM pg_class WHERE oid = target);
  own_rows text := format('%I = (SELECT crossrun_organization_id())', CASE WHEN is_organizations THEN 'id' ELSE 'organization_id' END);
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY tenant ON %s TO crossrun_app USING (%s) WITH CHECK (%2$s)', target, own_rows);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO crossrun_app', target);
END
$$;

REVOKE EXECUTE ON PROCEDURE crossrun_protect(regclass) FROM PUBLIC;

DO $$
DECLARE
  target regclass;
BEGIN
  FOR target IN
    SELECT c.oid
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace
      AND c.relkind IN ('r', 'p')
      AND (
        c.relname = 'organizations'
        OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped)
      )
    ORDER BY c.relname
  LOOP
    CALL crossrun_protect(target);
  END LOOP;
END
$$;
