import type { OlderTable } from './record.ts'

/** The tables of the older dumps, and what their columns are called now. */
export const OLDER = {
  projects: { table: 'projects', columns: {} },
  instructionVersions: {
    table: 'instruction_versions',
    columns: {
      project_id: 'campaign_id',
      instructions: 'prompt_text',
      instruction_text: 'prompt_text',
      created_by: 'changed_by',
      accuracy_percentage: 'avg_accuracy',
    },
  },
  batches: {
    table: 'batches',
    columns: {
      project_id: 'campaign_id',
      column_schema: 'schema',
      csv_data: 'data',
      total_sites: 'total_rows',
    },
  },
  executions: {
    table: 'executions',
    columns: {
      project_id: 'campaign_id',
      batch_id: 'dataset_id',
      instruction_version_id: 'instruction_id',
      execution_type: 'run_type',
      total_jobs: 'total_tasks',
      completed_jobs: 'completed_tasks',
      running_jobs: 'running_tasks',
      queued_jobs: 'queued_tasks',
      error_jobs: 'failed_tasks',
      passed_jobs: 'passed_tasks',
      accuracy_percentage: 'accuracy_percent',
    },
  },
  jobs: {
    table: 'jobs',
    columns: {
      project_id: 'campaign_id',
      batch_id: 'dataset_id',
      execution_id: 'run_id',
      input_id: 'row_id',
      csv_row_data: 'row_data',
      fields_extracted: 'extracted_fields',
      fields_missing: 'missing_fields',
      completion_percentage: 'completeness_percent',
      evaluation_result: 'accuracy_result',
      execution_duration_ms: 'duration_ms',
    },
  },
  sessions: {
    table: 'sessions',
    columns: {
      job_id: 'task_id',
      execution_id: 'run_id',
      session_number: 'attempt_number',
      execution_time_ms: 'duration_ms',
    },
  },
} satisfies Record<string, OlderTable>
