-- Written by hand: what searches and `contains` look through. Names start with x_, by which the comparison of schema and
-- migrations knows that Prisma cannot say them.

-- Functions of indexes are parsed when they are made (RETURN), not when somebody reads the table: who reads a view of BI
-- tools may not name what is in this schema.

-- Lower case, without accents: what a search compares. Immutable because the dictionary is named.
CREATE FUNCTION crossrun_fold(text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN lower(public.unaccent('public.unaccent'::regdictionary, $1 COLLATE "default"));

-- Words that a search compares: folded, with one space for everything between them. Columns are COLLATE "C", which knows no
-- letters beyond ASCII; the database's own collation does.
CREATE FUNCTION crossrun_words(text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN trim(regexp_replace(public.crossrun_fold($1) COLLATE "default", '[^[:alnum:]]+', ' ', 'g'));

-- What symptoms say: their texts, and the names of those that are texts, lists, objects or true. The name of a number
-- says only that it was measured.
CREATE FUNCTION crossrun_symptom_text(symptoms jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$
    SELECT concat_ws(' ',
      (SELECT string_agg(pair ->> 'key', ' ')
       FROM jsonb_path_query(symptoms, 'strict $.** ? (@.type() == "object").keyvalue()') AS pair
       WHERE jsonb_typeof(pair -> 'value') IN ('string', 'array', 'object') OR pair -> 'value' = 'true'),
      (SELECT string_agg(value #>> '{}', ' ') FROM jsonb_path_query(symptoms, 'strict $.** ? (@.type() == "string")') AS value)
    )
  $$;

-- All that a record of an issue says, as words; cut where an index could not take more.
CREATE FUNCTION crossrun_issue_text(
  issue_name text, symptoms jsonb, diagnosis text, action_taken text, lesson_learned text, tags text[]
) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN public.crossrun_words(left(
      concat_ws(' ', issue_name, diagnosis, action_taken, lesson_learned, array_to_string(tags, ' '), public.crossrun_symptom_text(symptoms)),
      100000
    ));

GRANT EXECUTE ON FUNCTION crossrun_fold(text), crossrun_words(text), crossrun_symptom_text(jsonb),
  crossrun_issue_text(text, jsonb, text, text, text, text[]) TO crossrun_app;

-- Full text, stemmed for English and as written for every other language.
CREATE INDEX x_issue_resolutions_english ON issue_resolutions
  USING gin (organization_id, to_tsvector('english', crossrun_issue_text(issue_name, symptoms, diagnosis, action_taken, lesson_learned, tags)));
CREATE INDEX x_signals_english ON signals
  USING gin (to_tsvector('english', crossrun_fold(left(coalesce(title, '') || ' ' || coalesce(description, '') || ' ' || coalesce(extracted_problem, ''), 100000))));

-- Trigrams, for misspellings and for parts of words.
CREATE INDEX x_issue_resolutions_trigram ON issue_resolutions
  USING gin (organization_id, crossrun_issue_text(issue_name, symptoms, diagnosis, action_taken, lesson_learned, tags) gin_trgm_ops);
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
CREATE INDEX x_runs_latest ON runs (organization_id, directory) WHERE is_latest;
CREATE UNIQUE INDEX x_scoring_configs_default ON scoring_configs (organization_id) WHERE is_default;

-- What the measures of an extraction run sum up, read from the index alone.
CREATE INDEX x_tasks_of_run ON tasks (organization_id, run_id)
  INCLUDE (id, status, attempt_count, duration_ms, overall_confidence, is_evaluated, passed, compared_fields, matched_fields, cost_usd);
CREATE INDEX x_task_fields_of_run ON task_fields (organization_id, run_id, name)
  INCLUDE (position, is_compared, is_matched, is_missing, confidence);

-- Payloads come compressed: trying again would only cost time.
ALTER TABLE payload_chunks ALTER COLUMN content SET STORAGE EXTERNAL;

-- References whose parent is not there: few, counted at the end of every import.
CREATE INDEX x_candidates_signal_id_dangling ON candidates (organization_id, source_signal_id) WHERE source_signal_id IS NOT NULL AND signal_id IS NULL;
CREATE INDEX x_contacts_company_id_dangling ON contacts (organization_id, source_company_id) WHERE source_company_id IS NOT NULL AND company_id IS NULL;
CREATE INDEX x_relationships_contact_a_id_dangling ON relationships (organization_id, source_contact_a_id) WHERE source_contact_a_id IS NOT NULL AND contact_a_id IS NULL;
CREATE INDEX x_relationships_contact_b_id_dangling ON relationships (organization_id, source_contact_b_id) WHERE source_contact_b_id IS NOT NULL AND contact_b_id IS NULL;
CREATE INDEX x_conversations_contact_id_dangling ON conversations (organization_id, source_contact_id) WHERE source_contact_id IS NOT NULL AND contact_id IS NULL;
CREATE INDEX x_conversations_company_id_dangling ON conversations (organization_id, source_company_id) WHERE source_company_id IS NOT NULL AND company_id IS NULL;
CREATE INDEX x_touchpoints_conversation_id_dangling ON touchpoints (organization_id, source_conversation_id) WHERE source_conversation_id IS NOT NULL AND conversation_id IS NULL;
CREATE INDEX x_campaigns_current_instruction_id_dangling ON campaigns (organization_id, source_current_instruction_id) WHERE source_current_instruction_id IS NOT NULL AND current_instruction_id IS NULL;
CREATE INDEX x_prompt_versions_campaign_id_dangling ON prompt_versions (organization_id, source_campaign_id) WHERE source_campaign_id IS NOT NULL AND campaign_id IS NULL;
CREATE INDEX x_datasets_campaign_id_dangling ON datasets (organization_id, source_campaign_id) WHERE source_campaign_id IS NOT NULL AND campaign_id IS NULL;
CREATE INDEX x_extraction_runs_campaign_id_dangling ON extraction_runs (organization_id, source_campaign_id) WHERE source_campaign_id IS NOT NULL AND campaign_id IS NULL;
CREATE INDEX x_extraction_runs_dataset_id_dangling ON extraction_runs (organization_id, source_dataset_id) WHERE source_dataset_id IS NOT NULL AND dataset_id IS NULL;
CREATE INDEX x_extraction_runs_prompt_version_id_dangling ON extraction_runs (organization_id, source_instruction_id) WHERE source_instruction_id IS NOT NULL AND prompt_version_id IS NULL;
CREATE INDEX x_extraction_runs_result_id_dangling ON extraction_runs (organization_id, source_result_id) WHERE source_result_id IS NOT NULL AND result_id IS NULL;
CREATE INDEX x_tasks_run_id_dangling ON tasks (organization_id, source_run_id) WHERE source_run_id IS NOT NULL AND run_id IS NULL;
CREATE INDEX x_tasks_campaign_id_dangling ON tasks (organization_id, source_campaign_id) WHERE source_campaign_id IS NOT NULL AND campaign_id IS NULL;
CREATE INDEX x_tasks_dataset_id_dangling ON tasks (organization_id, source_dataset_id) WHERE source_dataset_id IS NOT NULL AND dataset_id IS NULL;
CREATE INDEX x_tasks_last_attempt_id_dangling ON tasks (organization_id, source_last_attempt_id) WHERE source_last_attempt_id IS NOT NULL AND last_attempt_id IS NULL;
CREATE INDEX x_attempts_task_id_dangling ON attempts (organization_id, source_task_id) WHERE source_task_id IS NOT NULL AND task_id IS NULL;
CREATE INDEX x_attempts_run_id_dangling ON attempts (organization_id, source_run_id) WHERE source_run_id IS NOT NULL AND run_id IS NULL;
CREATE INDEX x_extraction_results_run_id_dangling ON extraction_results (organization_id, source_run_id) WHERE source_run_id IS NOT NULL AND run_id IS NULL;
CREATE INDEX x_extraction_results_campaign_id_dangling ON extraction_results (organization_id, source_campaign_id) WHERE source_campaign_id IS NOT NULL AND campaign_id IS NULL;
CREATE INDEX x_extraction_results_dataset_id_dangling ON extraction_results (organization_id, source_dataset_id) WHERE source_dataset_id IS NOT NULL AND dataset_id IS NULL;
CREATE INDEX x_extraction_results_prompt_version_id_dangling ON extraction_results (organization_id, source_instruction_id) WHERE source_instruction_id IS NOT NULL AND prompt_version_id IS NULL;
CREATE INDEX x_instruction_comparisons_campaign_id_dangling ON instruction_comparisons (organization_id, source_campaign_id) WHERE source_campaign_id IS NOT NULL AND campaign_id IS NULL;
CREATE INDEX x_instruction_comparisons_instruction_a_id_dangling ON instruction_comparisons (organization_id, source_instruction_a_id) WHERE source_instruction_a_id IS NOT NULL AND instruction_a_id IS NULL;
CREATE INDEX x_instruction_comparisons_instruction_b_id_dangling ON instruction_comparisons (organization_id, source_instruction_b_id) WHERE source_instruction_b_id IS NOT NULL AND instruction_b_id IS NULL;
CREATE INDEX x_instruction_comparisons_dataset_id_dangling ON instruction_comparisons (organization_id, source_dataset_id) WHERE source_dataset_id IS NOT NULL AND dataset_id IS NULL;
CREATE INDEX x_instruction_comparisons_run_a_id_dangling ON instruction_comparisons (organization_id, source_run_a_id) WHERE source_run_a_id IS NOT NULL AND run_a_id IS NULL;
CREATE INDEX x_instruction_comparisons_run_b_id_dangling ON instruction_comparisons (organization_id, source_run_b_id) WHERE source_run_b_id IS NOT NULL AND run_b_id IS NULL;
