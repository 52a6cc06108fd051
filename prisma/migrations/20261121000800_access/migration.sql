-- Written by hand: who may come in, and what is written down about it.

-- Whoever presents a key has not said of which organization: the key's id shows its row, and no other.
CREATE POLICY presented ON api_keys FOR SELECT TO crossrun_app
  USING (id = (SELECT nullif(current_setting('app.api_key_id', true), '')::uuid));

-- What happened stays written.
REVOKE UPDATE, DELETE ON audit_events FROM crossrun_app;

-- Once a key was made, in whatever organization, nobody comes in without one: not even when that key is gone again.
CREATE TABLE x_first_key (made_at timestamptz(3) NOT NULL DEFAULT now());
GRANT SELECT, INSERT ON x_first_key TO crossrun_app;

CREATE FUNCTION crossrun_note_first_key() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  INSERT INTO x_first_key SELECT now() WHERE NOT EXISTS (SELECT FROM x_first_key);
  RETURN NULL;
END
$$;

CREATE TRIGGER x_note_first_key AFTER INSERT ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION crossrun_note_first_key();
