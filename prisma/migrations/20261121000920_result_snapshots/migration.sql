-- Written by hand: results of extraction runs as they were at a moment, and the addresses under which they can be read.

-- What a snapshot is of and what its columns are. It is written once, after its rows; who reads it takes the rows that it
-- says there are.
CREATE TABLE x_result_snapshots (
  organization_id uuid NOT NULL,
  id uuid PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  -- {run: {id, externalId}, pipeline, …}, as it was then.
  source jsonb NOT NULL,
  -- A list of {name, description, type}, in order.
  column_list jsonb NOT NULL,
  row_count int8 NOT NULL,
  content_sha256 text COLLATE "C" NOT NULL,
  created_at timestamptz(3) NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  -- When a person's data were last taken out of it.
  erased_at timestamptz(3)
);
CREATE INDEX x_result_snapshots_newest ON x_result_snapshots (organization_id, created_at, id);
CALL crossrun_protect('x_result_snapshots');

-- The rows of snapshots: the values that are not null, by the places of their columns (c1, c2, …). Its name comes after
-- that of the snapshots, so that whoever empties all tables by name takes the snapshots first.
CREATE TABLE x_snapshot_rows (
  organization_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  -- From 1.
  place int8 NOT NULL,
  cells jsonb NOT NULL,
  PRIMARY KEY (organization_id, snapshot_id, place)
);
CALL crossrun_protect('x_snapshot_rows');

-- What is in a snapshot stays as it is.
REVOKE UPDATE ON x_result_snapshots, x_snapshot_rows FROM crossrun_app;

CREATE FUNCTION crossrun_keep_snapshot() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = public, pg_temp
  AS $$
DECLARE
  touched x_snapshot_rows := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
BEGIN
  IF EXISTS (SELECT FROM x_result_snapshots AS s WHERE s.organization_id = touched.organization_id AND s.id = touched.snapshot_id) THEN
    RAISE EXCEPTION 'the rows of a result snapshot stay as they are' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN touched;
END
$$;

CREATE TRIGGER x_keep_snapshot BEFORE INSERT OR DELETE ON x_snapshot_rows FOR EACH ROW EXECUTE FUNCTION crossrun_keep_snapshot();

-- Who has the token of a permalink reads the snapshot. The token is the id and a secret that is not kept.
CREATE TABLE x_result_permalinks (
  organization_id uuid NOT NULL,
  id uuid PRIMARY KEY,
  snapshot_id uuid NOT NULL,
  -- The last characters of the token, for people to tell permalinks apart.
  fragment text COLLATE "C" NOT NULL,
  salt bytea NOT NULL,
  -- SHA-256 of the salt and the secret.
  secret_sha256 bytea NOT NULL,
  expires_at timestamptz(3),
  -- To the minute.
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);
CREATE INDEX x_result_permalinks_snapshot ON x_result_permalinks (organization_id, snapshot_id);
CALL crossrun_protect('x_result_permalinks');

-- Whoever presents a token has not said of which organization: the id in it shows its row, and no other.
CREATE POLICY presented ON x_result_permalinks FOR SELECT TO crossrun_app
  USING (id = (SELECT nullif(current_setting('app.permalink_id', true), '')::uuid));

-- Of the column list and, in order, of the hashes of the rows.
CREATE FUNCTION crossrun_snapshot_sha256(snapshot uuid, shown jsonb) RETURNS text
  LANGUAGE sql STABLE
  AS $$
  SELECT encode(sha256(convert_to(shown::text, 'UTF8') || coalesce(
    string_agg(sha256(convert_to(r.cells::text, 'UTF8')), ''::bytea ORDER BY r.place), ''::bytea)), 'hex')
  FROM x_snapshot_rows AS r
  WHERE r.organization_id = (SELECT crossrun_organization_id()) AND r.snapshot_id = snapshot
  $$;

-- Puts a mark in the place of what says who a person is, in every snapshot of the organization: the one way in which a
-- snapshot changes. The patterns are regular expressions, for texts and for texts within JSON.
CREATE FUNCTION crossrun_erase_in_snapshots(text_pattern text, json_pattern text) RETURNS TABLE (id uuid, erased_rows int8)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp
  AS $$
#variable_conflict use_column
DECLARE
  organization uuid := crossrun_organization_id();
  mark CONSTANT text := '[erased]';
  touched uuid;
BEGIN
  IF text_pattern = '' OR json_pattern = '' THEN
    RETURN;
  END IF;
  FOR touched IN
    SELECT s.id FROM x_result_snapshots AS s
    WHERE s.organization_id = organization
      AND (s.name ~* text_pattern OR s.source::text ~* json_pattern OR s.column_list::text ~* json_pattern OR EXISTS (
        SELECT FROM x_snapshot_rows AS r
        WHERE r.organization_id = organization AND r.snapshot_id = s.id AND r.cells::text ~* json_pattern))
    ORDER BY s.id
  LOOP
    UPDATE x_snapshot_rows AS r SET cells = regexp_replace(r.cells::text, json_pattern, mark, 'gi')::jsonb
    WHERE r.organization_id = organization AND r.snapshot_id = touched AND r.cells::text ~* json_pattern;
    GET DIAGNOSTICS erased_rows = ROW_COUNT;
    UPDATE x_result_snapshots AS s
    SET name = regexp_replace(s.name, text_pattern, mark, 'gi'),
        source = regexp_replace(s.source::text, json_pattern, mark, 'gi')::jsonb,
        column_list = regexp_replace(s.column_list::text, json_pattern, mark, 'gi')::jsonb,
        erased_at = now()
    WHERE s.organization_id = organization AND s.id = touched;
    UPDATE x_result_snapshots AS s SET content_sha256 = crossrun_snapshot_sha256(s.id, s.column_list)
    WHERE s.organization_id = organization AND s.id = touched;
    id := touched;
    RETURN NEXT;
  END LOOP;
END
$$;

REVOKE EXECUTE ON FUNCTION crossrun_snapshot_sha256(uuid, jsonb), crossrun_erase_in_snapshots(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossrun_snapshot_sha256(uuid, jsonb), crossrun_erase_in_snapshots(text, text) TO crossrun_app;
