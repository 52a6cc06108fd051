-- Written by hand: looking up issues that resemble one.

-- Loads pg_trgm: its settings are unknown, and refused to all but superusers, until the session has called it.
SELECT similarity('', '');

-- Records of issues that have the words of a search, with the share of the search that each of them has (0–1, rare words
-- counting more). A word is met by its English stem; one that no record has, by the words that resemble it (trigram
-- similarity of 0.4 or more), and counts by as much. A record is found when it has at least half of the words that any
-- record has.
--
-- Under row-level security the operators of full text and of trigrams lose their indexes, so this runs as its owner and
-- names the organization itself; without one it finds nothing. Where the owner cannot bypass row-level security, the
-- policy of crossrun_app holds for it as a member: the answer is the same, only slower.
CREATE FUNCTION crossrun_similar_issues(search text) RETURNS TABLE (id uuid, relevance numeric)
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp
  SET pg_trgm.strict_word_similarity_threshold = 0.4
  AS $$
#variable_conflict use_column
DECLARE
  organization uuid := crossrun_organization_id();
BEGIN
  IF organization IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT l.lexeme, (array_agg(w.word ORDER BY w.place))[1] AS word
    FROM regexp_split_to_table(crossrun_words(search), ' ') WITH ORDINALITY AS w (word, place)
      CROSS JOIN LATERAL unnest(to_tsvector('english', w.word)) AS l
    GROUP BY l.lexeme ORDER BY min(w.place) LIMIT 64
  ),
  known AS MATERIALIZED (
    SELECT a.lexeme, i.id
    FROM asked AS a CROSS JOIN LATERAL (
      SELECT r.id FROM issue_resolutions AS r
      WHERE r.organization_id = organization
        AND to_tsvector('english', crossrun_issue_text(r.issue_name, r.symptoms, r.diagnosis, r.action_taken, r.lesson_learned, r.tags))
          @@ to_tsquery('simple', quote_literal(a.lexeme))
      OFFSET 0
    ) AS i
  ),
  unknown AS MATERIALIZED (
    SELECT a.* FROM asked AS a WHERE a.lexeme NOT IN (SELECT k.lexeme FROM known AS k)
  ),
  resembling AS MATERIALIZED (
    SELECT u.lexeme AS asked, s.lexeme, s.likeness
    FROM unknown AS u CROSS JOIN LATERAL (
      SELECT l.lexeme, max(w.likeness)::numeric AS likeness
      FROM (
        SELECT w.word, similarity(u.word, w.word) AS likeness
        FROM (
          -- A thousand records suffice to learn how a word is spelled that many of them have.
          SELECT crossrun_issue_text(r.issue_name, r.symptoms, r.diagnosis, r.action_taken, r.lesson_learned, r.tags) AS text
          FROM issue_resolutions AS r
          WHERE r.organization_id = organization
            AND u.word <<% crossrun_issue_text(r.issue_name, r.symptoms, r.diagnosis, r.action_taken, r.lesson_learned, r.tags)
          LIMIT 1000
        ) AS t CROSS JOIN LATERAL regexp_split_to_table(t.text, ' ') AS w (word)
        GROUP BY w.word
      ) AS w CROSS JOIN LATERAL unnest(to_tsvector('english', w.word)) AS l
      WHERE w.likeness >= 0.4
      GROUP BY l.lexeme ORDER BY likeness DESC, l.lexeme LIMIT 5
    ) AS s
  ),
  found AS MATERIALIZED (
    SELECT k.lexeme AS word, k.id, 1::numeric AS likeness FROM known AS k
    UNION ALL
    SELECT s.asked, i.id, max(s.likeness)
    FROM resembling AS s CROSS JOIN LATERAL (
      SELECT r.id FROM issue_resolutions AS r
      WHERE r.organization_id = organization
        AND to_tsvector('english', crossrun_issue_text(r.issue_name, r.symptoms, r.diagnosis, r.action_taken, r.lesson_learned, r.tags))
          @@ to_tsquery('simple', quote_literal(s.lexeme))
      OFFSET 0
    ) AS i
    GROUP BY s.asked, i.id
  ),
  words AS MATERIALIZED (
    SELECT f.word,
           ln(1 + (SELECT count(*) FROM issue_resolutions AS r WHERE r.organization_id = organization)::numeric / count(*)) AS weight
    FROM found AS f GROUP BY f.word
  )
  SELECT f.id, round(sum(f.likeness * w.weight) / (SELECT sum(weight) FROM words), 6)
  FROM found AS f JOIN words AS w ON w.word = f.word
  GROUP BY f.id
  HAVING 2 * count(*) >= (SELECT count(*) FROM words);
END
$$;

-- Records of issues that have an embedding of as many numbers as this one, with their cosine distance to it (0–2).
-- pgvector computes it where the extension is there; the distances agree within single precision. It needs no index and
-- no rights of its own: the caller's row-level security holds.
CREATE FUNCTION crossrun_near_issues(asked real[]) RETURNS TABLE (id uuid, distance float8)
  LANGUAGE plpgsql STABLE
  AS $$
#variable_conflict use_column
DECLARE
  vector_schema text := (
    SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'vector' AND has_schema_privilege(n.oid, 'USAGE')
  );
BEGIN
  -- pgvector's longest.
  IF vector_schema IS NOT NULL AND cardinality(asked) <= 16000 THEN
    RETURN QUERY EXECUTE format(
      'SELECT n.id, n.distance FROM (
         SELECT r.id, r.embedding::%1$I.vector OPERATOR(%1$I.<=>) $1::%1$I.vector AS distance FROM issue_resolutions AS r
         WHERE r.organization_id = (SELECT crossrun_organization_id()) AND cardinality(r.embedding) = cardinality($1)
       ) AS n WHERE n.distance <> ''NaN''',
      vector_schema
    ) USING asked;
  ELSE
    RETURN QUERY
    SELECT n.id, greatest(1 - n.product / sqrt(n.own * n.other), 0)
    FROM (
      SELECT r.id, s.product, s.own, s.other
      FROM issue_resolutions AS r CROSS JOIN LATERAL (
        SELECT sum(e.a::float8 * e.b) AS product, sum(e.a::float8 * e.a) AS own, sum(e.b::float8 * e.b) AS other
        FROM unnest(r.embedding, asked) AS e (a, b)
      ) AS s
      WHERE r.organization_id = (SELECT crossrun_organization_id()) AND cardinality(r.embedding) = cardinality(asked)
    ) AS n
    -- What is all zeros has no direction.
    WHERE n.own > 0 AND n.other > 0;
  END IF;
END
$$;

REVOKE EXECUTE ON FUNCTION crossrun_similar_issues(text), crossrun_near_issues(real[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossrun_similar_issues(text), crossrun_near_issues(real[]) TO crossrun_app;
