-- Written by hand: searching pain points by their words.

-- Loads pg_trgm: its settings are unknown, and refused to all but superusers, until the session has called it.
SELECT similarity('', '');

-- English stems, and every other word as it is. Unlike `english` it knows no stop words: what says nothing in English may
-- say something in another language, and a quoted phrase has all of its words.
CREATE TEXT SEARCH DICTIONARY crossrun_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION crossrun_stems (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION crossrun_stems ALTER MAPPING REPLACE english_stem WITH crossrun_stem;

-- Kept in the row, because ranking reads them for every row that is found; cut where an index could not take more.
ALTER TABLE pain_points
  ADD COLUMN x_words text COLLATE "C" GENERATED ALWAYS AS (crossrun_words(left(description, 100000))) STORED,
  ADD COLUMN x_stems tsvector
    GENERATED ALWAYS AS (to_tsvector('public.crossrun_stems', crossrun_words(left(description, 100000)))) STORED;
CREATE INDEX x_pain_points_stems ON pain_points USING gin (organization_id, x_stems);

-- The words of an organization's pain points: at least those that occur, each with a pain point that had it when it was
-- noted. Words are only added, without waiting for others who add the same, so a word may be there twice, and may have
-- gone out of use since: searches look at the pain point.
CREATE TABLE x_pain_point_words (
  organization_id uuid NOT NULL,
  word text COLLATE "C" NOT NULL,
  stem text COLLATE "C" NOT NULL,
  pain_point_id uuid NOT NULL
);
CALL crossrun_protect('x_pain_point_words');
CREATE INDEX x_pain_point_words_word ON x_pain_point_words (organization_id, word);
CREATE INDEX x_pain_point_words_stem ON x_pain_point_words (organization_id, stem);
CREATE INDEX x_pain_point_words_trigram ON x_pain_point_words USING gin (organization_id, word gin_trgm_ops);

CREATE FUNCTION crossrun_note_pain_point_words() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = public, pg_temp
  AS $$
BEGIN
  INSERT INTO x_pain_point_words (organization_id, word, stem, pain_point_id)
  SELECT n.organization_id, n.word, phraseto_tsquery('public.crossrun_stems', n.word)::text, n.id
  FROM (
    SELECT DISTINCT ON (p.organization_id, w.word) p.organization_id, w.word, p.id
    FROM written AS p CROSS JOIN LATERAL string_to_table(p.x_words, ' ') AS w (word)
    -- An index takes no longer ones.
    WHERE w.word <> '' AND octet_length(w.word) <= 1000
    ORDER BY p.organization_id, w.word, p.id
  ) AS n
  WHERE NOT EXISTS (
    SELECT FROM x_pain_point_words AS k WHERE k.organization_id = n.organization_id AND k.word = n.word
  );
  RETURN NULL;
END
$$;

CREATE TRIGGER x_note_words_of_inserted AFTER INSERT ON pain_points
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION crossrun_note_pain_point_words();
CREATE TRIGGER x_note_words_of_updated AFTER UPDATE ON pain_points
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION crossrun_note_pain_point_words();

-- Those of the pain points that are there.
INSERT INTO x_pain_point_words (organization_id, word, stem, pain_point_id)
SELECT DISTINCT ON (p.organization_id, w.word)
  p.organization_id, w.word, phraseto_tsquery('public.crossrun_stems', w.word)::text, p.id
FROM pain_points AS p CROSS JOIN LATERAL string_to_table(p.x_words, ' ') AS w (word)
WHERE w.word <> '' AND octet_length(w.word) <= 1000
ORDER BY p.organization_id, w.word, p.id;

-- The lists of synonyms of the organization: its own, and the shipped ones whose term it has not given a list itself. The
-- term and the words of a list mean the same, whichever of them is asked for. An empty list says that there are none.
CREATE FUNCTION crossrun_synonyms() RETURNS TABLE (key text, term text, synonyms text[], is_shipped boolean)
  LANGUAGE sql STABLE
  AS $$
    WITH own AS (
      SELECT s.key, s.term, s.synonyms FROM synonyms AS s WHERE s.organization_id = (SELECT crossrun_organization_id())
    )
    SELECT o.key, o.term, o.synonyms, false FROM own AS o
    UNION ALL
    SELECT d.term, d.term, d.synonyms, true
    FROM (VALUES ('proof', ARRAY['prove']), ('roi', ARRAY['return on investment'])) AS d (term, synonyms)
    WHERE d.term NOT IN (SELECT o.key FROM own AS o)
  $$;

-- Which of these stems an organization's pain points have.
CREATE FUNCTION crossrun_known_stems(stems text[]) RETURNS TABLE (stem text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp
  -- Whatever the planner thinks of how common a stem is, only these indexes answer for one that is not there.
  SET enable_seqscan = off SET enable_indexscan = off
  AS $$
DECLARE
  organization uuid := crossrun_organization_id();
BEGIN
  RETURN QUERY
  SELECT s.stem FROM (SELECT DISTINCT unnest(stems)) AS s (stem)
  WHERE EXISTS (
    SELECT FROM x_pain_point_words AS w JOIN pain_points AS p ON p.id = w.pain_point_id
    WHERE w.organization_id = organization AND w.stem = s.stem AND p.organization_id = organization AND p.x_stems @@ s.stem::tsquery
  ) OR EXISTS (
    SELECT FROM x_pain_point_words AS w WHERE w.organization_id = organization AND w.stem = s.stem
  ) AND EXISTS (
    SELECT FROM pain_points AS p WHERE p.organization_id = organization AND p.x_stems @@ s.stem::tsquery
  );
END
$$;

-- The words of an organization's pain points that resemble these (trigram similarity of 0.4 or more), the hundred most
-- like it of each; no stop words.
CREATE FUNCTION crossrun_resembling_words(words text[]) RETURNS TABLE (asked text, word text, stem text, likeness float8)
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp
  SET pg_trgm.similarity_threshold = 0.4
  AS $$
DECLARE
  organization uuid := crossrun_organization_id();
BEGIN
  RETURN QUERY
  WITH candidates AS MATERIALIZED (
    SELECT DISTINCT a.asked, w.word, w.stem
    FROM unnest(words) AS a (asked) JOIN x_pain_point_words AS w ON w.organization_id = organization AND w.word % a.asked
    WHERE to_tsvector('english', w.word) <> ''
  ),
  known AS MATERIALIZED (
    SELECT k.stem FROM crossrun_known_stems(ARRAY(SELECT DISTINCT c.stem FROM candidates AS c)) AS k
  )
  SELECT r.asked, r.word, r.stem, r.likeness
  FROM (
    SELECT c.asked, c.word, c.stem, similarity(c.word, c.asked)::float8 AS likeness,
      row_number() OVER (PARTITION BY c.asked ORDER BY similarity(c.word, c.asked) DESC, c.word) AS place
    FROM candidates AS c WHERE c.stem IN (SELECT k.stem FROM known AS k)
  ) AS r
  WHERE r.place <= 100;
END
$$;

-- The pain points that a search finds, with how well they fit it: 0.75–1 for those that say it in its own words, 0.5–0.75
-- for those that have all of its stems, 0.25–0.5 when some of them are synonyms and 0–0.25 when some only resemble words
-- that nobody uses; within each by how near the words stand and how little there is beside them, or how much they resemble.
-- The search is made by src/search/plan-search.ts: alternatives with
--   words     what is looked for, as crossrun_words writes it
--   phrase    that these stand together, by stem
--   stems     that all stems are there
--   meant     that all stems or synonyms of them are there
--   looked    that all stems, synonyms of them or what resembles them are there
--   wanted    the same, and nothing that is excluded
--   likes     what resembles: [{"asked", "stem", "likeness"}]
--
-- Under row-level security @@ loses its index, so this runs as its owner and names the organization itself; without one
-- it finds nothing. Where the owner cannot bypass row-level security, the policy of crossrun_app holds for it as a member:
-- the answer is the same, only slower.
CREATE FUNCTION crossrun_search_pain_points(alternatives jsonb) RETURNS TABLE (id uuid, relevance float8)
  -- As if few: so they are read by their ids.
  LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
  SET search_path = public, pg_temp
  SET enable_seqscan = off
  AS $$
#variable_conflict use_column
DECLARE
  organization uuid := crossrun_organization_id();
BEGIN
  RETURN QUERY
  SELECT f.id, max(round(((f.level + f.rank) / 4)::numeric, 6))::float8
  FROM (
    SELECT p.id, l.level,
      CASE WHEN l.level > 0 THEN r.rank ELSE (1 + r.rank) / 2 * (
        SELECT avg(b.likeness) FROM (
          SELECT max(k.likeness) AS likeness
          FROM jsonb_to_recordset(a.likes) AS k (asked text, stem tsquery, likeness float8)
          WHERE p.x_stems @@ k.stem GROUP BY k.asked
        ) AS b
      ) END AS rank
    FROM jsonb_to_recordset(alternatives)
        AS a (words text, phrase tsquery, stems tsquery, meant tsquery, looked tsquery, wanted tsquery, likes jsonb)
      JOIN pain_points AS p ON p.organization_id = organization AND p.x_stems @@ a.wanted
      CROSS JOIN LATERAL (
        SELECT CASE
          WHEN p.x_stems @@ a.phrase AND position(' ' || a.words || ' ' IN ' ' || p.x_words || ' ') > 0 THEN 3
          WHEN p.x_stems @@ a.stems THEN 2
          WHEN p.x_stems @@ a.meant THEN 1
          ELSE 0
        END AS level
      ) AS l
      CROSS JOIN LATERAL (
        -- Divided by the number of words; between 0 and 1.
        SELECT ts_rank_cd(p.x_stems, a.looked, 2 | 32)::float8 AS rank
      ) AS r
  ) AS f
  GROUP BY f.id;
END
$$;

REVOKE EXECUTE ON FUNCTION crossrun_synonyms(), crossrun_known_stems(text[]), crossrun_resembling_words(text[]), crossrun_search_pain_points(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossrun_synonyms(), crossrun_known_stems(text[]), crossrun_resembling_words(text[]), crossrun_search_pain_points(jsonb) TO crossrun_app;
