-- Written by hand: what has to be known so that data can be taken away again.

-- Which records a file holds, by the ids of the rows that stand for them; several rows a file, when it was written in
-- several transactions. An import writes them with the records, and takes the file's earlier ones away with its last.
CREATE TABLE x_file_records (
  organization_id uuid NOT NULL,
  -- Of the ledger.
  file_id uuid NOT NULL,
  import_id uuid NOT NULL,
  -- Computed ids do not compress.
  record_ids uuid[] STORAGE EXTERNAL NOT NULL
);
CALL crossrun_protect('x_file_records');
CREATE INDEX x_file_records_file ON x_file_records (organization_id, file_id);
CREATE INDEX x_file_records_import ON x_file_records (organization_id, import_id);

-- Of files that were imported before: runs are told by what their phases left. Other records are not known until their
-- files are read again.
INSERT INTO x_file_records (organization_id, file_id, import_id, record_ids)
SELECT f.organization_id, f.id, f.import_id, array_agg(DISTINCT a.run_id)
FROM imported_files AS f JOIN artifacts AS a ON a.organization_id = f.organization_id AND a.path = f.path AND a.sha256 = f.sha256
GROUP BY f.organization_id, f.id, f.import_id;

-- People whose data were erased, so that no file brings them back: not by name, but by the hashes of the source system's
-- id and of the email that their records had.
CREATE TABLE x_erased_contacts (
  organization_id uuid NOT NULL,
  key_sha256 text COLLATE "C" NOT NULL,
  contact_id uuid NOT NULL,
  -- In the place of a source id that says who it is; null when it is kept.
  replacement text COLLATE "C",
  erased_at timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, key_sha256)
);
CALL crossrun_protect('x_erased_contacts');
CREATE INDEX x_erased_contacts_contact ON x_erased_contacts (organization_id, contact_id);

CREATE INDEX x_pain_point_words_pain_point ON x_pain_point_words (organization_id, pain_point_id);

-- Those of these words that pain points of the organization have, each with its stem and a pain point that has it. Under
-- row-level security @@ loses its index, so this runs as its owner and names the organization itself.
CREATE FUNCTION crossrun_words_in_use(words text[]) RETURNS TABLE (word text, stem text, pain_point_id uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp
  SET enable_seqscan = off
  AS $$
#variable_conflict use_column
DECLARE
  organization uuid := crossrun_organization_id();
BEGIN
  RETURN QUERY
  SELECT a.word, a.stem::text, p.id
  FROM (
    SELECT DISTINCT w.word, phraseto_tsquery('public.crossrun_stems', w.word) AS stem FROM unnest(words) AS w (word)
  ) AS a CROSS JOIN LATERAL (
    SELECT p.id FROM pain_points AS p
    WHERE p.organization_id = organization AND p.x_stems @@ a.stem AND position(' ' || a.word || ' ' IN ' ' || p.x_words || ' ') > 0
    LIMIT 1
  ) AS p;
END
$$;

-- Takes away the words that were noted for these pain points, and these words, but for those that a pain point still has:
-- they are noted for that one.
CREATE FUNCTION crossrun_forget_words(pain_points uuid[], words text[]) RETURNS void
  LANGUAGE plpgsql
  AS $$
#variable_conflict use_column
DECLARE
  gone text[];
BEGIN
  WITH taken AS (
    DELETE FROM x_pain_point_words AS w
    WHERE w.organization_id = (SELECT crossrun_organization_id())
      AND (w.pain_point_id = ANY (crossrun_forget_words.pain_points) OR w.word = ANY (crossrun_forget_words.words))
    RETURNING w.word
  )
  SELECT array_agg(DISTINCT word) INTO gone FROM taken;
  INSERT INTO x_pain_point_words (organization_id, word, stem, pain_point_id)
  SELECT crossrun_organization_id(), u.word, u.stem, u.pain_point_id
  FROM crossrun_words_in_use(gone) AS u
  WHERE NOT EXISTS (
    SELECT FROM x_pain_point_words AS k WHERE k.organization_id = (SELECT crossrun_organization_id()) AND k.word = u.word
  );
END
$$;

REVOKE EXECUTE ON FUNCTION crossrun_words_in_use(text[]), crossrun_forget_words(uuid[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossrun_words_in_use(text[]), crossrun_forget_words(uuid[], text[]) TO crossrun_app;
