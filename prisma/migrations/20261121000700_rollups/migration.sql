-- Written by hand: sums over calls and runs, kept by triggers in the transaction of whoever writes them, so that no writer
-- can forget it. Questions to many facts are answered from few cells.
--
-- A change of facts adds rows that say what it adds to each cell, and takes away (a deletion adds the same with a minus).
-- So several rows may be of one cell, and every reader sums them up: no writer waits for another one's cell, none locks
-- rows in an order that another could cross. Now and then a writer folds the rows of the cells that grew into one each.
-- All sums are exact, so that what was added and taken away again leaves nothing behind.

-- Cells of usage by month and by year with all that a call is grouped by; by day and by hour with less, because so many
-- cells would be as many as the calls. `started_at` is when the cell begins, null for the facts without a time.
CREATE TABLE x_usage_months (
  organization_id uuid NOT NULL,
  started_at timestamptz(3),
  pipeline_id uuid,
  phase_name text COLLATE "C",
  agent_id uuid,
  model text COLLATE "C",
  prompt_version_id uuid,
  status "StepStatus",
  cost_source "CostSource",
  facts int8 NOT NULL,
  calls int8 NOT NULL,
  rows_of_calls int8 NOT NULL,
  failures int8 NOT NULL,
  priced_calls int8 NOT NULL,
  -- Of the calls that say how many tokens were cached.
  prompt_tokens_of_cached numeric NOT NULL,
  prompt_tokens numeric NOT NULL,
  prompt_tokens_count int8 NOT NULL,
  completion_tokens numeric NOT NULL,
  completion_tokens_count int8 NOT NULL,
  cached_tokens numeric NOT NULL,
  cached_tokens_count int8 NOT NULL,
  total_tokens numeric NOT NULL,
  total_tokens_count int8 NOT NULL,
  cost_usd numeric NOT NULL,
  cost_usd_count int8 NOT NULL,
  duration_seconds numeric NOT NULL,
  duration_seconds_count int8 NOT NULL,
  is_folded boolean NOT NULL DEFAULT false
);
-- By year, for questions that do not ask for less: they would add up dozens of times as many cells.
CREATE TABLE x_usage_years (LIKE x_usage_months INCLUDING DEFAULTS);
CREATE TABLE x_usage_days (LIKE x_usage_months INCLUDING DEFAULTS);
ALTER TABLE x_usage_days DROP COLUMN phase_name, DROP COLUMN prompt_version_id, DROP COLUMN status, DROP COLUMN cost_source;
CREATE TABLE x_usage_days_by_year (LIKE x_usage_days INCLUDING DEFAULTS);
CREATE TABLE x_usage_hours (LIKE x_usage_days INCLUDING DEFAULTS);
ALTER TABLE x_usage_hours DROP COLUMN agent_id, DROP COLUMN model;

-- How many calls of an agent took about as long: a histogram whose classes grow by 2 %, for percentiles within 1 %.
CREATE TABLE x_usage_durations (
  organization_id uuid NOT NULL,
  started_at timestamptz(3),
  pipeline_id uuid,
  agent_id uuid,
  duration_class int NOT NULL,
  facts int8 NOT NULL,
  is_folded boolean NOT NULL DEFAULT false
);
-- The same by year, for questions that do not ask for months: they would add up a dozen times as many cells.
CREATE TABLE x_usage_durations_by_year (LIKE x_usage_durations INCLUDING DEFAULTS);

CREATE TABLE x_run_months (
  organization_id uuid NOT NULL,
  started_at timestamptz(3),
  pipeline_id uuid,
  status "RunStatus",
  -- A FAILED run counts as RUNNING until then: a question judges it by its own time.
  running_until timestamptz(3),
  run_type "RunType",
  facts int8 NOT NULL,
  cost_usd numeric NOT NULL,
  cost_usd_count int8 NOT NULL,
  duration_seconds numeric NOT NULL,
  duration_seconds_count int8 NOT NULL,
  total_tokens numeric NOT NULL,
  total_tokens_count int8 NOT NULL,
  llm_calls numeric NOT NULL,
  llm_calls_count int8 NOT NULL,
  is_folded boolean NOT NULL DEFAULT false
);
CREATE TABLE x_run_hours (LIKE x_run_months INCLUDING DEFAULTS);

DO $$
DECLARE
  target text;
BEGIN
  FOREACH target IN ARRAY ARRAY['x_usage_years', 'x_usage_months', 'x_usage_days_by_year', 'x_usage_days', 'x_usage_hours', 'x_usage_durations', 'x_usage_durations_by_year', 'x_run_months', 'x_run_hours'] LOOP
    EXECUTE format('CALL crossrun_protect(%L)', target);
    EXECUTE format('CREATE INDEX %I ON %I (organization_id, started_at)', target || '_time', target);
    EXECUTE format('CREATE INDEX %I ON %I (organization_id) WHERE NOT is_folded', target || '_fresh', target);
  END LOOP;
END
$$;

-- The cell of a time in tables by month, as the time at which it begins. No time zone's month begins more than 14 hours
-- before the month of UTC, or more than 12 hours after it: the hours around it are cells of their own, and what lies
-- between them is one. So the cells make up the months of every time zone whose distance from UTC is whole hours.
CREATE FUNCTION crossrun_month_cell(at timestamptz) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE
    WHEN date_trunc('month', (at AT TIME ZONE 'UTC') - interval '12 hours') = date_trunc('month', (at AT TIME ZONE 'UTC') + interval '14 hours')
    THEN date_trunc('month', at AT TIME ZONE 'UTC') + interval '12 hours'
    ELSE date_trunc('hour', at AT TIME ZONE 'UTC')
  END AT TIME ZONE 'UTC'
$$;

-- The class of a number of seconds; greater numbers have greater classes. Class 100000 + n holds the numbers above
-- 1.02^(n-1) up to 1.02^n, its negative the negative ones, 0 the number 0.
CREATE FUNCTION crossrun_duration_class(seconds float8) RETURNS int
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE
    WHEN seconds = 0 THEN 0
    WHEN seconds > 0 AND seconds < 'Infinity' THEN 100000 + ceil(ln(seconds) / ln(1.02::float8))::int
    WHEN seconds < 0 AND seconds > '-Infinity' THEN -100000 - ceil(ln(-seconds) / ln(1.02::float8))::int
    WHEN seconds < 0 THEN -200000
    ELSE 200000
  END
$$;

-- The number that stands for a class: none in it is further away than 1 % of itself.
CREATE FUNCTION crossrun_class_seconds(class int) RETURNS float8
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE
    WHEN class = 0 THEN 0
    WHEN class = 200000 THEN 'Infinity'
    WHEN class = -200000 THEN '-Infinity'
    ELSE sign(class) * 1.02::float8 ^ (abs(class) - 100000) * (2 / 2.02::float8)
  END
$$;

-- What is summed up of the rows of agent_calls or of runs: a query over `relation`, a table that is made like one of them.
-- What a run reports beyond the costs of its calls is usage too, of no agent.
CREATE FUNCTION crossrun_rollup_facts(subject text, fact_table text, relation text) RETURNS text
  LANGUAGE sql IMMUTABLE
  AS $$
  SELECT format(
    CASE subject || ' ' || fact_table
      WHEN 'USAGE agent_calls' THEN
        'SELECT organization_id, pipeline_id, phase_name, agent_id, model, prompt_version_id, status, cost_source, started_at,
                calls, prompt_tokens, completion_tokens, cached_tokens, total_tokens, cost_usd, duration_seconds
         FROM %s'
      WHEN 'USAGE runs' THEN
        'SELECT organization_id, pipeline_id, NULL::text COLLATE "C" AS phase_name, NULL::uuid AS agent_id,
                NULL::text COLLATE "C" AS model, NULL::uuid AS prompt_version_id, NULL::"StepStatus" AS status,
                NULL::"CostSource" AS cost_source, started_at, 0 AS calls, NULL::int8 AS prompt_tokens,
                NULL::int8 AS completion_tokens, NULL::int8 AS cached_tokens, NULL::int8 AS total_tokens,
                reported_cost_usd - coalesce(calls_cost_usd, 0) AS cost_usd, NULL::float8 AS duration_seconds
         FROM %s WHERE reported_cost_usd <> coalesce(calls_cost_usd, 0)'
      WHEN 'RUNS runs' THEN
        'SELECT organization_id, pipeline_id, status, CASE WHEN status = ''FAILED'' THEN running_until END AS running_until,
                run_type, started_at, cost_usd, duration_seconds, total_tokens, llm_calls
         FROM %s'
    END,
    relation
  )
$$;

-- The cells that rows make: for each table of a subject its columns, and the query that gives their values.
-- `source` is a query of facts (crossrun_rollup_facts) with `sign` before them: 1 for one to add, -1 for one to take away.
-- `coarser` is the table of the same cells by year, which is made of these.
CREATE FUNCTION crossrun_rollup_cells(subject text, source text)
  RETURNS TABLE (target text, coarser text, dimensions text[], measures text[], query text)
  LANGUAGE sql IMMUTABLE
  AS $$
  SELECT t.target, CASE t.target WHEN 'x_usage_months' THEN 'x_usage_years' WHEN 'x_usage_days' THEN 'x_usage_days_by_year' WHEN 'x_usage_durations' THEN 'x_usage_durations_by_year' END, t.dimensions, m.names,
         format(
           'SELECT %s, %s FROM (%s) AS f %s GROUP BY %s',
           (SELECT string_agg(CASE d.name WHEN 'started_at' THEN t.period WHEN 'duration_class' THEN 'crossrun_duration_class(duration_seconds)' ELSE d.name END, ', ' ORDER BY d.place)
            FROM unnest(t.dimensions) WITH ORDINALITY AS d (name, place)),
           m.sums, source, t.condition,
           (SELECT string_agg(place::text, ', ') FROM generate_series(1, cardinality(t.dimensions)) AS place)
         )
  FROM (
    VALUES
      ('USAGE', 'x_usage_years', 'date_trunc(''year'', started_at, ''UTC'')', '', 'usage',
       ARRAY['organization_id', 'started_at', 'pipeline_id', 'phase_name', 'agent_id', 'model', 'prompt_version_id', 'status', 'cost_source']),
      ('USAGE', 'x_usage_months', 'crossrun_month_cell(started_at)', '', 'usage',
       ARRAY['organization_id', 'started_at', 'pipeline_id', 'phase_name', 'agent_id', 'model', 'prompt_version_id', 'status', 'cost_source']),
      ('USAGE', 'x_usage_days_by_year', 'date_trunc(''year'', started_at, ''UTC'')', '', 'usage',
       ARRAY['organization_id', 'started_at', 'pipeline_id', 'agent_id', 'model']),
      ('USAGE', 'x_usage_days', 'date_trunc(''day'', started_at, ''UTC'')', '', 'usage',
       ARRAY['organization_id', 'started_at', 'pipeline_id', 'agent_id', 'model']),
      ('USAGE', 'x_usage_hours', 'date_trunc(''hour'', started_at, ''UTC'')', '', 'usage',
       ARRAY['organization_id', 'started_at', 'pipeline_id']),
      ('USAGE', 'x_usage_durations', 'date_trunc(''month'', started_at, ''UTC'')', 'WHERE duration_seconds IS NOT NULL', 'durations',
       ARRAY['organization_id', 'started_at', 'pipeline_id', 'agent_id', 'duration_class']),
      ('USAGE', 'x_usage_durations_by_year', 'date_trunc(''year'', started_at, ''UTC'')', 'WHERE duration_seconds IS NOT NULL', 'durations',
       ARRAY['organization_id', 'started_at', 'pipeline_id', 'agent_id', 'duration_class']),
      ('RUNS', 'x_run_months', 'crossrun_month_cell(started_at)', '', 'runs',
       ARRAY['organization_id', 'started_at', 'pipeline_id', 'status', 'running_until', 'run_type']),
      ('RUNS', 'x_run_hours', 'date_trunc(''hour'', started_at, ''UTC'')', '', 'runs',
       ARRAY['organization_id', 'started_at', 'pipeline_id', 'status', 'running_until', 'run_type'])
  ) AS t (subject, target, period, condition, measures, dimensions)
  CROSS JOIN LATERAL (
    SELECT array_agg(c.name ORDER BY c.place) AS names, string_agg(c.sum, ', ' ORDER BY c.place) AS sums
    FROM (
      SELECT 1 AS place, 'facts' AS name, 'sum(sign)' AS sum
      UNION ALL
      SELECT 2, * FROM (VALUES
        ('calls', 'sum(sign * calls)'),
        ('rows_of_calls', 'coalesce(sum(sign) FILTER (WHERE status IS NOT NULL), 0)'),
        ('prompt_tokens_of_cached', 'coalesce(sum(sign * prompt_tokens) FILTER (WHERE cached_tokens IS NOT NULL), 0)'),
        ('failures', 'coalesce(sum(sign) FILTER (WHERE status = ''FAILED''), 0)'),
        ('priced_calls', 'coalesce(sum(sign * calls) FILTER (WHERE cost_usd IS NOT NULL), 0)')
      ) AS u WHERE t.measures = 'usage'
      UNION ALL
      SELECT 3 + n.place * 2 + v.count, n.name || CASE v.count WHEN 1 THEN '_count' ELSE '' END,
             CASE v.count
               WHEN 1 THEN format('coalesce(sum(sign) FILTER (WHERE %I IS NOT NULL), 0)', n.name)
               -- The numeric of a binary number is the shortest decimal that it is written as, always the same one.
               ELSE format('coalesce(sum(CASE WHEN sign > 0 THEN %1$I ELSE -%1$I END::numeric), 0)', n.name)
             END
      FROM unnest(CASE t.measures
        WHEN 'usage' THEN ARRAY['prompt_tokens', 'completion_tokens', 'cached_tokens', 'total_tokens', 'cost_usd', 'duration_seconds']
        WHEN 'runs' THEN ARRAY['cost_usd', 'duration_seconds', 'total_tokens', 'llm_calls']
      END) WITH ORDINALITY AS n (name, place) CROSS JOIN (VALUES (0), (1)) AS v (count)
    ) AS c
  ) AS m
  WHERE t.subject = crossrun_rollup_cells.subject
$$;

-- Folds the rows of the cells in which something was added into one row a cell, none when nothing is left.
CREATE FUNCTION crossrun_fold_rollup(target text, dimensions text[], measures text[]) RETURNS void
  LANGUAGE plpgsql
  AS $$
DECLARE
  organization uuid := crossrun_organization_id();
BEGIN
  -- Whoever folds at this moment folds enough.
  IF organization IS NULL OR NOT pg_try_advisory_xact_lock(hashtextextended('crossrun rollups of ' || organization, 0)) THEN
    RETURN;
  END IF;
  EXECUTE format(
    'WITH gone AS (
       DELETE FROM %1$I
       WHERE organization_id = $1 AND (
         started_at = ANY (ARRAY(SELECT DISTINCT started_at FROM %1$I WHERE organization_id = $1 AND NOT is_folded))
         OR (started_at IS NULL AND EXISTS (SELECT FROM %1$I WHERE organization_id = $1 AND NOT is_folded AND started_at IS NULL))
       )
       RETURNING *
     )
     INSERT INTO %1$I (%2$s, %3$s, is_folded)
     SELECT %2$s, %4$s, true FROM gone GROUP BY %2$s HAVING (%4$s) IS DISTINCT FROM (%5$s)',
    target, array_to_string(dimensions, ', '), array_to_string(measures, ', '),
    'sum(' || array_to_string(measures, '), sum(') || ')',
    array_to_string(array_fill('0'::text, ARRAY[cardinality(measures)]), ', ')
  ) USING organization;
END
$$;

-- After so many rows that were added to a table of cells, they are folded: as often, on average, whatever their size. Cells
-- by year are few, and cost little to fold.
CREATE FUNCTION crossrun_roll_up() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
DECLARE
  rows_between_folds CONSTANT float8 := 50000;
  rows_between_folds_by_year CONSTANT float8 := 5000;
  subject text;
  come text;
  gone text;
  source text;
  cells record;
  added int8;
  added_by_year int8;
  is_needed boolean;
BEGIN
  FOREACH subject IN ARRAY CASE TG_TABLE_NAME WHEN 'runs' THEN ARRAY['RUNS', 'USAGE'] ELSE ARRAY['USAGE'] END LOOP
    come := crossrun_rollup_facts(subject, TG_TABLE_NAME, 'come');
    gone := crossrun_rollup_facts(subject, TG_TABLE_NAME, 'gone');
    source := CASE TG_OP
      WHEN 'INSERT' THEN format('SELECT 1 AS sign, i.* FROM (%s) AS i', come)
      WHEN 'DELETE' THEN format('SELECT -1 AS sign, d.* FROM (%s) AS d', gone)
      -- Most updates change nothing that is summed up.
      ELSE format(
        'SELECT 1 AS sign, i.* FROM (%1$s EXCEPT ALL %2$s) AS i UNION ALL SELECT -1, d.* FROM (%2$s EXCEPT ALL %1$s) AS d',
        come, gone)
    END;
    EXECUTE format('SELECT EXISTS (%s)', source) INTO is_needed;
    CONTINUE WHEN NOT is_needed;
    FOR cells IN SELECT * FROM crossrun_rollup_cells(subject, source) LOOP
      -- Made with the finer ones.
      CONTINUE WHEN cells.target IN ('x_usage_years', 'x_usage_days_by_year', 'x_usage_durations_by_year');
      IF cells.coarser IS NULL THEN
        EXECUTE format('INSERT INTO %I (%s) %s', cells.target, array_to_string(cells.dimensions || cells.measures, ', '), cells.query);
        GET DIAGNOSTICS added = ROW_COUNT;
      ELSE
        EXECUTE format(
          'WITH added AS (INSERT INTO %1$I (%3$s) %4$s RETURNING %3$s),
                by_year AS (INSERT INTO %2$I (%3$s) SELECT %5$s FROM added GROUP BY %6$s RETURNING 1)
           SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM by_year)',
          cells.target, cells.coarser, array_to_string(cells.dimensions || cells.measures, ', '), cells.query,
          replace(array_to_string(cells.dimensions, ', '), 'started_at', 'date_trunc(''year'', started_at, ''UTC'')')
            || ', sum(' || array_to_string(cells.measures, '), sum(') || ')',
          (SELECT string_agg(place::text, ', ') FROM generate_series(1, cardinality(cells.dimensions)) AS place)
        ) INTO added, added_by_year;
        IF random() < added_by_year / rows_between_folds_by_year THEN
          PERFORM crossrun_fold_rollup(cells.coarser, cells.dimensions, cells.measures);
        END IF;
      END IF;
      IF random() < added / rows_between_folds THEN
        PERFORM crossrun_fold_rollup(cells.target, cells.dimensions, cells.measures);
      END IF;
    END LOOP;
  END LOOP;
  RETURN NULL;
END
$$;

CREATE TRIGGER x_roll_up_inserted AFTER INSERT ON agent_calls
  REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION crossrun_roll_up();
CREATE TRIGGER x_roll_up_updated AFTER UPDATE ON agent_calls
  REFERENCING NEW TABLE AS come OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION crossrun_roll_up();
CREATE TRIGGER x_roll_up_deleted AFTER DELETE ON agent_calls
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION crossrun_roll_up();
CREATE TRIGGER x_roll_up_inserted AFTER INSERT ON runs
  REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION crossrun_roll_up();
CREATE TRIGGER x_roll_up_updated AFTER UPDATE ON runs
  REFERENCING NEW TABLE AS come OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION crossrun_roll_up();
CREATE TRIGGER x_roll_up_deleted AFTER DELETE ON runs
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION crossrun_roll_up();

-- What was there before.
DO $$
DECLARE
  facts CONSTANT jsonb := '{"USAGE": ["agent_calls", "runs"], "RUNS": ["runs"]}';
  subject text;
  cells record;
BEGIN
  FOR subject IN SELECT jsonb_object_keys(facts) LOOP
    FOR cells IN
      SELECT c.* FROM crossrun_rollup_cells(
        subject,
        (SELECT string_agg(format('SELECT 1 AS sign, b.* FROM (%s) AS b', crossrun_rollup_facts(subject, name, name)), ' UNION ALL ')
         FROM jsonb_array_elements_text(facts -> subject) AS name)
      ) AS c
    LOOP
      EXECUTE format('INSERT INTO %I (%s, is_folded) SELECT *, true FROM (%s) AS c', cells.target,
        array_to_string(cells.dimensions || cells.measures, ', '), cells.query);
    END LOOP;
  END LOOP;
END
$$;

-- The runs whose reported cost is usage of its own, which every question about usage looks for.
CREATE INDEX x_runs_beyond_calls ON runs (organization_id, started_at) WHERE reported_cost_usd <> coalesce(calls_cost_usd, 0);
