-- Written by hand: what searches and `contains` look through. Names start with x_, by which the comparison of schema and
-- migrations knows that Prisma cannot say them.

-- Lower case, without accents: what a search compares. Immutable because the dictionary is named.
CREATE FUNCTION crossrun_fold(text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1 COLLATE "default")) $$;

-- A record's searched texts as one.
CREATE FUNCTION crossrun_issue_text(issue_name text, diagnosis text, action_taken text, lesson_learned text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
    SELECT public.crossrun_fold(
      coalesce(replace(issue_name, '_', ' '), '') || ' ' || coalesce(diagnosis, '') || ' ' || coalesce(action_taken, '') || ' ' || coalesce(lesson_learned, '')
    )
  $$;

GRANT EXECUTE ON FUNCTION crossrun_fold(text), crossrun_issue_text(text, text, text, text) TO crossrun_app;

-- Full text, stemmed for English and as written for every other language.
CREATE INDEX x_pain_points_english ON pain_points USING gin (to_tsvector('english', crossrun_fold(description)));
CREATE INDEX x_pain_points_simple ON pain_points USING gin (to_tsvector('simple', crossrun_fold(description)));
CREATE INDEX x_issue_resolutions_english ON issue_resolutions
  USING gin (to_tsvector('english', crossrun_issue_text(issue_name, diagnosis, action_taken, lesson_learned)));
CREATE INDEX x_signals_english ON signals
  USING gin (to_tsvector('english', crossrun_fold(coalesce(title, '') || ' ' || coalesce(description, '') || ' ' || coalesce(extracted_problem, ''))));

-- Trigrams, for misspellings and for parts of words.
CREATE INDEX x_pain_points_trigram ON pain_points USING gin (crossrun_fold(description) gin_trgm_ops);
CREATE INDEX x_issue_resolutions_trigram ON issue_resolutions
  USING gin (crossrun_issue_text(issue_name, diagnosis, action_taken, lesson_learned) gin_trgm_ops);
CREATE INDEX x_companies_name_trigram ON companies USING gin (crossrun_fold(name) gin_trgm_ops);
CREATE INDEX x_companies_domain_trigram ON companies USING gin (domain gin_trgm_ops);
CREATE INDEX x_contacts_full_name_trigram ON contacts USING gin (crossrun_fold(full_name) gin_trgm_ops);
CREATE INDEX x_contacts_email_trigram ON contacts USING gin (email gin_trgm_ops);
CREATE INDEX x_tasks_site_url_trigram ON tasks USING gin (site_url gin_trgm_ops);
CREATE INDEX x_signals_title_trigram ON signals USING gin (crossrun_fold(title) gin_trgm_ops);
CREATE INDEX x_candidates_title_trigram ON candidates USING gin (crossrun_fold(title) gin_trgm_ops);
CREATE INDEX x_run_items_title_trigram ON run_items USING gin (crossrun_fold(title) gin_trgm_ops);

-- Lists that filters look into.
CREATE INDEX x_runs_tags ON runs USING gin (organization_id, tags);
CREATE INDEX x_signals_tags ON signals USING gin (organization_id, tags);
CREATE INDEX x_candidates_tags ON candidates USING gin (organization_id, tags);
CREATE INDEX x_issue_resolutions_tags ON issue_resolutions USING gin (organization_id, tags);
CREATE INDEX x_campaigns_tags ON campaigns USING gin (organization_id, tags);

-- Rows that a question asks for again and again.
CREATE INDEX x_conversations_follow_up ON conversations (organization_id, next_touchpoint_at, id) WHERE status = 'ACTIVE';
CREATE UNIQUE INDEX x_scoring_configs_default ON scoring_configs (organization_id) WHERE is_default;

-- Payloads come compressed: trying again would only cost time.
ALTER TABLE payload_chunks ALTER COLUMN content SET STORAGE EXTERNAL;
