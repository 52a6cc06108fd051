-- Written by hand: what BI tools see. They log in with roles of their own, which can change any setting, so nothing here
-- listens to one: whose rows they see is what x_bi_logins says of the role that is current.

-- crossrun_analytics owns the views and reads the tables for them; crossrun_bi may read the views, and every login is
-- its member. Neither can log in.
DO $$
DECLARE
  switching text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['crossrun_analytics', 'crossrun_bi'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name);
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'the role % is missing and % may not create it', name, current_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('An administrator runs once: CREATE ROLE %I NOLOGIN; GRANT %1$I TO %2$I;', name, current_user);
      END;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = name AND (rolsuper OR rolbypassrls)) THEN
      RAISE EXCEPTION 'the role % must not be able to bypass row-level security', name
        USING HINT = format('An administrator runs once: ALTER ROLE %I NOSUPERUSER NOBYPASSRLS;', name);
    END IF;
  END LOOP;
  FOR attempt IN 1..10 LOOP
    EXIT WHEN pg_has_role(current_user, 'crossrun_analytics', switching);
    BEGIN
      EXECUTE format('GRANT crossrun_analytics TO %I', current_user);
    EXCEPTION
      WHEN unique_violation OR internal_error THEN PERFORM pg_sleep(0.05);
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION '% may not act as the role crossrun_analytics', current_user
          USING ERRCODE = 'insufficient_privilege',
                HINT = format('An administrator runs once: GRANT crossrun_analytics TO %I;', current_user);
    END;
  END LOOP;
END
$$;

CREATE SCHEMA analytics;
GRANT USAGE, CREATE ON SCHEMA analytics TO crossrun_analytics;
GRANT USAGE ON SCHEMA analytics TO crossrun_bi;
GRANT USAGE ON SCHEMA public TO crossrun_analytics;

-- The logins of BI tools, and whose rows each sees.
CREATE TABLE x_bi_logins (
  login name PRIMARY KEY,
  organization_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  created_by text COLLATE "C" NOT NULL
);
CREATE INDEX x_bi_logins_organization ON x_bi_logins (organization_id, login);
CALL crossrun_protect('x_bi_logins');
CREATE POLICY own ON x_bi_logins FOR SELECT TO crossrun_analytics USING (login = current_user);
GRANT SELECT ON x_bi_logins TO crossrun_analytics;

-- Opens a table to the views: to whoever reads one, the rows of the organization of the role that reads. In a view that
-- is owned by crossrun_analytics, policies are those of its owner and current_user is still who asks.
CREATE PROCEDURE crossrun_show(target regclass)
  LANGUAGE plpgsql
  AS $$
BEGIN
  EXECUTE format(
    'CREATE POLICY shown ON %s FOR SELECT TO crossrun_analytics
       USING (organization_id = (SELECT l.organization_id FROM x_bi_logins AS l WHERE l.login = current_user))', target);
  EXECUTE format('GRANT SELECT ON %s TO crossrun_analytics', target);
END
$$;

REVOKE EXECUTE ON PROCEDURE crossrun_show(regclass) FROM PUBLIC;

DO $$
DECLARE
  target regclass;
BEGIN
  FOR target IN
    SELECT c.oid FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped)
      -- Who may come in, what was written down of it, and stored files are nothing to analyse.
      AND c.relname NOT IN ('api_keys', 'audit_events', 'payloads', 'payload_chunks')
      AND (c.relname NOT LIKE 'x\_%' OR c.relname IN ('x_usage_hours'))
    ORDER BY c.relname
  LOOP
    CALL crossrun_show(target);
  END LOOP;
END
$$;
