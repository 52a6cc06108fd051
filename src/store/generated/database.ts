import type { ColumnType } from "kysely";
export type Generated<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;
export type Timestamp = ColumnType<Date, Date | string, Date | string>;

import type { ActorKind, AuditOutcome, AccountTier, AccountStatus, SeniorityLevel, ContactStatus, RelationshipStrength, ConversationStatus, QualificationTier, TouchpointChannel, TouchpointDirection, CampaignStatus, DatasetStatus, RunType, SampleStrategy, TaskStatus, TaskStatusCategory, AccuracyResult, FailureCategory, AttemptStatus, AttemptTrigger, InstructionComparisonStatus, InstructionComparisonWinner, ImportStatus, ImportedFileStatus, RejectSeverity, ServiceStatus, ResolutionStatus, AlertLevel, AlertAction, CompanySide, PainPointOrigin, PainPointCategory, Confidence, BattleCardType, RunStatus, StepStatus, EventLevel, CostSource, PromptVersionStatus, ArtifactKind, Verdict, ScoreDimension } from "./enums.ts";

export type Agent = {
    id: string;
    organization_id: string;
    name: string;
};
export type AgentCall = {
    id: string;
    organization_id: string;
    run_id: string;
    /**
     * Its run's, kept here too so that calls are counted by pipeline without their runs.
     */
    pipeline_id: string | null;
    phase_id: string | null;
    /**
     * Its phase's, kept here too so that calls are counted by phase without their phases.
     */
    phase_name: string | null;
    step_id: string | null;
    agent_id: string;
    prompt_version_id: string | null;
    attempt_id: string | null;
    position: number;
    model: string | null;
    status: StepStatus;
    /**
     * How many calls the row stands for; 1 unless a phase reports a number.
     */
    calls: Generated<number>;
    prompt_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    completion_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    /**
     * Part of promptTokens.
     */
    cached_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    total_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    cost_usd: string | null;
    cost_source: CostSource;
    /**
     * Which price was taken, for PRICED costs.
     */
    price_reference: string | null;
    started_at: Timestamp | null;
    duration_seconds: number | null;
    error: string | null;
    /**
     * The agent's answer as it was.
     */
    output: string | null;
    extra: Generated<unknown>;
};
export type Alert = {
    id: string;
    organization_id: string;
    level: AlertLevel;
    title: string | null;
    message: string | null;
    service: string | null;
    details: unknown | null;
    action: AlertAction | null;
    /**
     * The record's own timestamp.
     */
    raised_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type ApiKey = {
    id: string;
    organization_id: string;
    name: string;
    /**
     * The last characters of the secret, for people to tell keys apart.
     */
    fragment: string;
    salt: Uint8Array;
    /**
     * SHA-256 of the salt and the secret.
     */
    secret_sha256: Uint8Array;
    /**
     * What its holder may do: ADMIN, IMPORT, READ, WRITE.
     */
    scopes: string[];
    created_at: Timestamp;
    created_by: string;
    expires_at: Timestamp | null;
    /**
     * To the minute.
     */
    last_used_at: Timestamp | null;
    revoked_at: Timestamp | null;
};
export type Artifact = {
    id: string;
    organization_id: string;
    run_id: string;
    phase_number: number | null;
    phase_name: string | null;
    position: number;
    name: string;
    kind: ArtifactKind;
    path: string;
    pointer: string;
    payload_id: string | null;
    /**
     * Of the file it came from.
     */
    sha256: string;
    /**
     * Of the file it came from.
     */
    bytes: ColumnType<bigint, bigint | number | string, bigint | number | string>;
};
export type Attempt = {
    id: string;
    organization_id: string;
    source_id: string;
    source_task_id: string | null;
    task_id: string | null;
    source_run_id: string | null;
    /**
     * In older dumps the newest execution of its job's batch that started before it.
     */
    run_id: string | null;
    /**
     * 1 is the first try.
     */
    attempt_number: number | null;
    trigger: AttemptTrigger | null;
    status: AttemptStatus;
    extracted_data: unknown | null;
    partial_data: Generated<boolean>;
    raw_output: string | null;
    /**
     * A list of {step, action, result, timestamp}, as written.
     */
    reasoning: unknown | null;
    /**
     * A list of {timestamp, url, title}, as written.
     */
    screenshots: Generated<unknown>;
    streaming_url: string | null;
    final_screenshot_url: string | null;
    error_message: string | null;
    error_stack: string | null;
    failure_category: FailureCategory | null;
    failure_reason: string | null;
    started_at: Timestamp | null;
    completed_at: Timestamp | null;
    /**
     * Milliseconds.
     */
    duration_ms: number | null;
    model: string | null;
    prompt_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    completion_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    /**
     * Part of promptTokens.
     */
    cached_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    total_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    /**
     * Its tokens at the price of its model, when it reports no cost.
     */
    priced_cost_usd: string | null;
    price_reference: string | null;
    reported_cost_usd: string | null;
    source_created_at: Timestamp | null;
    /**
     * The older table that it was imported from: sessions.
     */
    deprecated_name: string | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type AuditEvent = {
    id: string;
    organization_id: string;
    occurred_at: Timestamp;
    actor_kind: ActorKind;
    /**
     * A key's id, a token's subject, a login.
     */
    actor_id: string | null;
    actor_name: string;
    /**
     * Such as `key.created`, `import.finished`, `run.deleted`.
     */
    action: string;
    outcome: AuditOutcome;
    target_type: string | null;
    target_id: string | null;
    request_id: string | null;
    details: Generated<unknown>;
};
export type BattleCard = {
    id: string;
    organization_id: string;
    run_id: string;
    playbook_id: string;
    position: number;
    title: string | null;
    card_type: BattleCardType | null;
    persona_focus: string | null;
    key_differentiators: Generated<string[]>;
    proof_points: Generated<string[]>;
    /**
     * [{objection, category, response_framework, talk_track, proof_points[]}]
     */
    objection_responses: Generated<unknown>;
    extra: Generated<unknown>;
};
export type BuyerPersona = {
    id: string;
    organization_id: string;
    run_id: string;
    company_id: string | null;
    position: number;
    persona_title: string | null;
    department: string | null;
    why_they_care: string | null;
    goals: Generated<string[]>;
    suggested_talking_points: Generated<string[]>;
    /**
     * 1–10.
     */
    priority_score: number | null;
    extra: Generated<unknown>;
};
export type Campaign = {
    id: string;
    organization_id: string;
    source_id: string;
    source_organization_id: string | null;
    name: string;
    description: string | null;
    /**
     * The business goal.
     */
    purpose: string | null;
    status: CampaignStatus | null;
    source_current_instruction_id: string | null;
    current_instruction_id: string | null;
    schedule_enabled: Generated<boolean>;
    /**
     * Cron.
     */
    schedule_expression: string | null;
    schedule_time_zone: string | null;
    alerts_enabled: Generated<boolean>;
    alert_channels: unknown | null;
    owner_id: string | null;
    team_members: Generated<string[]>;
    tags: Generated<string[]>;
    created_by: string | null;
    archived_at: Timestamp | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    /**
     * The older table that it was imported from: projects.
     */
    deprecated_name: string | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type Candidate = {
    id: string;
    organization_id: string;
    external_id: string;
    source_signal_id: string | null;
    /**
     * Null while the signal is not known.
     */
    signal_id: string | null;
    title: string | null;
    description: string | null;
    /**
     * 0–100, as reported.
     */
    overall_score: string | null;
    /**
     * The scores again, 0–100, null when unknown: what filters and rescoring read without a row a score.
     */
    market_score: string | null;
    competition_score: string | null;
    emotional_score: string | null;
    feasibility_score: string | null;
    signal_quality_score: string | null;
    /**
     * As reported.
     */
    verdict: Verdict | null;
    analysis: unknown | null;
    recommendations: Generated<string[]>;
    source: string | null;
    source_url: string | null;
    category: string | null;
    tags: Generated<string[]>;
    /**
     * The record's own timestamp: when it was scored.
     */
    scored_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type CandidateScore = {
    id: string;
    organization_id: string;
    candidate_id: string;
    dimension: ScoreDimension;
    /**
     * 0–100; null when the artifact has no number for it.
     */
    score: string | null;
    reasoning: string | null;
};
export type CaseStudy = {
    id: string;
    organization_id: string;
    run_id: string;
    position: number;
    customer_name: string | null;
    industry: string | null;
    company_size: string | null;
    challenge: string | null;
    solution: string | null;
    results: Generated<string[]>;
    metrics: Generated<string[]>;
    extra: Generated<unknown>;
};
export type Company = {
    id: string;
    organization_id: string;
    /**
     * The normalized domain, else the source id: what makes two mentions the same company.
     */
    key: string;
    /**
     * Lower case, without scheme, www., path and port.
     */
    domain: string | null;
    /**
     * From the account when it has one, else from the newest run's company profile.
     */
    name: string | null;
    /**
     * From the account when it has one, else from the newest run's company profile.
     */
    industry: string | null;
    /**
     * Whether the accounts data has a record of it.
     */
    in_accounts: Generated<boolean>;
    source_id: string | null;
    /**
     * The domain as the account's record writes it.
     */
    source_domain: string | null;
    account_name: string | null;
    account_industry: string | null;
    profile_name: string | null;
    profile_industry: string | null;
    /**
     * As its home page names it; shown when neither an account nor a profile has a name.
     */
    site_name: string | null;
    /**
     * When the run started that the profile comes from.
     */
    profiled_at: Timestamp | null;
    /**
     * The run that the profile comes from.
     */
    profile_run_id: string | null;
    /**
     * Head count or a range of it, as written.
     */
    size: string | null;
    description: string | null;
    headquarters_location: string | null;
    country: string | null;
    research_data: unknown | null;
    account_tier: AccountTier | null;
    account_status: AccountStatus | null;
    /**
     * The source's own counter; the API counts rows.
     */
    reported_total_contacts: number | null;
    /**
     * The source's own counter; the API counts rows.
     */
    reported_active_conversations: number | null;
    last_researched_at: Timestamp | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    /**
     * Of the account's record; null while only runs name the company.
     */
    record_sha256: string | null;
};
export type CompanyProfile = {
    id: string;
    organization_id: string;
    run_id: string;
    company_name: string | null;
    industry: string | null;
    company_size: string | null;
    what_they_do: string | null;
    target_market: string | null;
    extra: Generated<unknown>;
};
export type CompetitivePositioning = {
    id: string;
    organization_id: string;
    run_id: string;
    battle_card_id: string;
    position: number;
    /**
     * Trimmed, as written.
     */
    competitor_name: string | null;
    /**
     * Trimmed and case-folded: what makes two spellings one competitor.
     */
    competitor_key: string | null;
    when_to_engage: Generated<string[]>;
    when_not_to_engage: Generated<string[]>;
    our_advantages: Generated<string[]>;
    their_advantages: Generated<string[]>;
    trap_setting_questions: Generated<string[]>;
    landmines_to_lay: Generated<string[]>;
    extra: Generated<unknown>;
};
export type Contact = {
    id: string;
    organization_id: string;
    source_id: string;
    source_company_id: string | null;
    company_id: string | null;
    first_name: string | null;
    last_name: string | null;
    /**
     * First and last name, with a space between.
     */
    full_name: string | null;
    email: string | null;
    /**
     * Lower case, by which the contact is looked up.
     */
    email_key: string | null;
    phone: string | null;
    title: string | null;
    role: string | null;
    department: string | null;
    seniority_level: SeniorityLevel | null;
    linkedin_url: string | null;
    twitter_url: string | null;
    personal_website: string | null;
    interests: Generated<string[]>;
    communication_preferences: unknown | null;
    research_data: unknown | null;
    /**
     * 0–100.
     */
    engagement_score: number | null;
    last_engaged_at: Timestamp | null;
    /**
     * The source's own counter; the API counts rows.
     */
    reported_total_touchpoints: number | null;
    status: ContactStatus | null;
    is_primary_contact: Generated<boolean>;
    is_decision_maker: Generated<boolean>;
    is_champion: Generated<boolean>;
    last_researched_at: Timestamp | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type Conversation = {
    id: string;
    organization_id: string;
    source_id: string;
    source_contact_id: string | null;
    contact_id: string | null;
    source_company_id: string | null;
    company_id: string | null;
    status: ConversationStatus;
    qualification_tier: QualificationTier | null;
    last_touchpoint_at: Timestamp | null;
    /**
     * When the next touchpoint is due.
     */
    next_touchpoint_at: Timestamp | null;
    /**
     * The source's own counter; the API counts rows.
     */
    reported_touchpoint_count: number | null;
    last_response_at: Timestamp | null;
    /**
     * The source's own counter; the API counts rows.
     */
    reported_response_count: number | null;
    /**
     * Mean hours until the contact answers, as reported.
     */
    average_response_time_hours: number | null;
    /**
     * Topics, pain points, objections, interests, next steps, quotes, sentiment, as written.
     */
    context: unknown | null;
    /**
     * The outreach campaign's id in the source; not an extraction campaign.
     */
    outreach_campaign_id: string | null;
    outreach_campaign_name: string | null;
    sequence_step: number | null;
    outcome: string | null;
    outcome_at: Timestamp | null;
    outcome_notes: string | null;
    /**
     * USD.
     */
    estimated_value: string | null;
    /**
     * USD.
     */
    actual_value: string | null;
    metadata: unknown | null;
    started_at: Timestamp | null;
    closed_at: Timestamp | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type Dataset = {
    id: string;
    organization_id: string;
    source_id: string;
    source_campaign_id: string | null;
    campaign_id: string | null;
    source_organization_id: string | null;
    name: string;
    description: string | null;
    version: Generated<number>;
    status: DatasetStatus | null;
    /**
     * The columns: a list of {name, type, isRequired, isUrl, isGroundTruth, validation}.
     */
    schema: Generated<unknown>;
    /**
     * Rows it holds, else as reported when its rows were left out.
     */
    total_rows: number | null;
    reported_total_rows: number | null;
    has_ground_truth: Generated<boolean>;
    ground_truth_columns: Generated<string[]>;
    /**
     * Rows with any ground-truth value.
     */
    ground_truth_rows: number | null;
    /**
     * Rows with any ground-truth value, 0–100.
     */
    ground_truth_coverage_percent: number | null;
    reported_ground_truth_coverage_percent: number | null;
    /**
     * A list of {row, column, error}, as written.
     */
    validation_errors: Generated<unknown>;
    /**
     * Rows equal in every column to a row before them; null when its rows were left out.
     */
    duplicate_rows: number | null;
    /**
     * Rows that its validation found fault with.
     */
    invalid_rows: number | null;
    reported_duplicate_rows: number | null;
    reported_invalid_rows: number | null;
    /**
     * csv_upload, api_sync, manual.
     */
    source_type: string | null;
    source_metadata: unknown | null;
    created_by: string | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    /**
     * The older table that it was imported from: batches.
     */
    deprecated_name: string | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type DatasetRow = {
    id: string;
    organization_id: string;
    dataset_id: string;
    /**
     * The row's own id, else its number from 1; a later duplicate gets its number appended.
     */
    row_id: string;
    /**
     * Place in the dataset, from 0.
     */
    position: number;
    /**
     * The row as written.
     */
    data: unknown;
    site_url: string | null;
    /**
     * The site's normalized domain.
     */
    site_domain: string | null;
    site_name: string | null;
    /**
     * Values of the ground-truth columns.
     */
    ground_truth: unknown | null;
    /**
     * Whether any ground-truth column has a value.
     */
    has_ground_truth: Generated<boolean>;
    /**
     * Equal in every column to a row before it.
     */
    is_duplicate: Generated<boolean>;
    /**
     * What the dataset's validation said of the row, as written.
     */
    errors: Generated<unknown>;
};
export type Diagnosis = {
    id: string;
    organization_id: string;
    /**
     * Names the service.
     */
    issue_name: string;
    confidence: Confidence | null;
    summary: string | null;
    root_cause: string | null;
    suggested_action: string | null;
    reasoning: string | null;
    /**
     * A list of {issue_name, score}, as written.
     */
    similar_issues: Generated<unknown>;
    /**
     * The record's own timestamp.
     */
    diagnosed_at: Timestamp | null;
    /**
     * The health check of the same service nearest before it.
     */
    health_check_id: string | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type Differentiator = {
    id: string;
    organization_id: string;
    run_id: string;
    position: number;
    category: string | null;
    statement: string | null;
    vs_alternative: string | null;
    evidence: Generated<string[]>;
    extra: Generated<unknown>;
};
export type EmailSequence = {
    id: string;
    organization_id: string;
    run_id: string;
    playbook_id: string;
    position: number;
    persona_title: string | null;
    sequence_name: string | null;
    total_days: number | null;
    /**
     * As reported, else the number of touches.
     */
    total_touches: number | null;
    objective: string | null;
    best_practices: Generated<string[]>;
    /**
     * Mean length of the subjects, in characters.
     */
    average_subject_length: number | null;
    /**
     * Mean number of words of the bodies.
     */
    average_body_words: number | null;
    /**
     * Number of {{…}} in subjects and bodies.
     */
    personalization_tokens: number;
    extra: Generated<unknown>;
};
export type EmailTouch = {
    id: string;
    organization_id: string;
    run_id: string;
    email_sequence_id: string;
    position: number;
    touch_number: number | null;
    day: number | null;
    subject: string | null;
    body: string | null;
    personalization_notes: Generated<string[]>;
    call_to_action: string | null;
    /**
     * Characters.
     */
    subject_length: number;
    body_words: number;
    personalization_tokens: number;
    extra: Generated<unknown>;
};
export type ExtractionResult = {
    id: string;
    organization_id: string;
    source_id: string;
    source_run_id: string | null;
    run_id: string | null;
    source_campaign_id: string | null;
    campaign_id: string | null;
    source_dataset_id: string | null;
    dataset_id: string | null;
    source_instruction_id: string | null;
    prompt_version_id: string | null;
    source_organization_id: string | null;
    /**
     * Counters as the snapshot has them.
     */
    total_tasks: number | null;
    successful_tasks: number | null;
    failed_tasks: number | null;
    partial_tasks: number | null;
    /**
     * 0–100.
     */
    overall_quality_score: number | null;
    /**
     * 0–1.
     */
    average_confidence: number | null;
    average_completeness: number | null;
    /**
     * 0–100.
     */
    reported_accuracy_percent: number | null;
    reported_pass_rate: number | null;
    reported_field_accuracies: unknown | null;
    /**
     * A list of {taskId, siteUrl, status, extractedData, confidence, accuracy}, as written.
     */
    task_results: unknown | null;
    /**
     * URLs of the ready-made exports by format, as written.
     */
    exports: unknown | null;
    permalink_token: string | null;
    is_public: Generated<boolean>;
    expires_at: Timestamp | null;
    created_by: string | null;
    source_created_at: Timestamp | null;
    /**
     * Of the canonical JSON of what may not change: summary, quality, accuracy, task results.
     */
    content_sha256: string;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type ExtractionRun = {
    id: string;
    organization_id: string;
    source_id: string;
    source_campaign_id: string | null;
    campaign_id: string | null;
    source_dataset_id: string | null;
    dataset_id: string | null;
    source_instruction_id: string | null;
    prompt_version_id: string | null;
    source_organization_id: string | null;
    run_type: RunType | null;
    sample_strategy: SampleStrategy | null;
    sample_size: number | null;
    sample_row_ids: Generated<string[]>;
    /**
     * Agents at work at a time.
     */
    concurrency: number | null;
    use_agent_ql: boolean | null;
    retry_enabled: boolean | null;
    max_retries: number | null;
    /**
     * The source's own counters; the API counts tasks.
     */
    reported_total_tasks: number | null;
    reported_completed_tasks: number | null;
    reported_running_tasks: number | null;
    reported_queued_tasks: number | null;
    reported_failed_tasks: number | null;
    reported_passed_tasks: number | null;
    reported_failed_validation: number | null;
    reported_partial_extractions: number | null;
    /**
     * 0–100.
     */
    reported_accuracy_percent: number | null;
    /**
     * As written by the source: 0–1, or 0–100 in older dumps.
     */
    reported_pass_rate: number | null;
    /**
     * 0–100.
     */
    reported_health_score: number | null;
    reported_health_factors: unknown | null;
    /**
     * An estimate, never a cost.
     */
    estimated_cost_usd: string | null;
    /**
     * The run's own reported cost.
     */
    actual_cost_usd: string | null;
    paused_at: Timestamp | null;
    stopped_at: Timestamp | null;
    stop_reason: string | null;
    source_result_id: string | null;
    result_id: string | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    /**
     * The older table that it was imported from: executions.
     */
    deprecated_name: string | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type HealthCheck = {
    id: string;
    organization_id: string;
    service: string;
    status: ServiceStatus;
    message: string | null;
    details: unknown | null;
    /**
     * The record's own timestamp.
     */
    checked_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type Import = {
    id: string;
    organization_id: string;
    status: ImportStatus;
    roots: Generated<string[]>;
    importer_version: string;
    options: Generated<unknown>;
    started_at: Timestamp;
    finished_at: Timestamp | null;
    files_read: Generated<number>;
    files_unchanged: Generated<number>;
    files_quarantined: Generated<number>;
    bytes_read: Generated<ColumnType<bigint, bigint | number | string, bigint | number | string>>;
    records_read: Generated<number>;
    records_inserted: Generated<number>;
    records_updated: Generated<number>;
    records_unchanged: Generated<number>;
    records_quarantined: Generated<number>;
    warnings: Generated<number>;
    error: string | null;
};
export type ImportedFile = {
    id: string;
    organization_id: string;
    import_id: string;
    path: string;
    format: string | null;
    status: ImportedFileStatus;
    sha256: string | null;
    bytes: ColumnType<bigint, bigint | number | string, bigint | number | string>;
    importer_version: string;
    options_hash: string;
    records_read: number;
    records_inserted: number;
    records_updated: number;
    records_unchanged: number;
    records_quarantined: number;
    imported_at: Timestamp;
    payload_id: string | null;
};
export type InstructionComparison = {
    id: string;
    organization_id: string;
    source_id: string;
    source_campaign_id: string | null;
    campaign_id: string | null;
    name: string | null;
    description: string | null;
    source_instruction_a_id: string | null;
    instruction_a_id: string | null;
    source_instruction_b_id: string | null;
    instruction_b_id: string | null;
    source_dataset_id: string | null;
    dataset_id: string | null;
    sample_size: number | null;
    source_run_a_id: string | null;
    run_a_id: string | null;
    source_run_b_id: string | null;
    run_b_id: string | null;
    status: InstructionComparisonStatus | null;
    winner: InstructionComparisonWinner | null;
    winner_reason: string | null;
    created_by: string | null;
    source_created_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type IssueResolution = {
    id: string;
    organization_id: string;
    source_id: string | null;
    issue_name: string;
    symptoms: unknown | null;
    diagnosis: string | null;
    action_taken: string | null;
    resolution_status: ResolutionStatus | null;
    lesson_learned: string | null;
    tags: Generated<string[]>;
    /**
     * The source's embedding of the issue; empty when it has none.
     */
    embedding: Generated<number[]>;
    /**
     * The record's own timestamp.
     */
    recorded_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type LatestLink = {
    id: string;
    organization_id: string;
    /**
     * Path of the directory that holds it.
     */
    directory: string;
    /**
     * Path of the run directory that it points to.
     */
    target: string;
};
export type ModelPrice = {
    id: string;
    organization_id: string;
    /**
     * A model's name in lower case; `*` stands for any characters, `?` for one.
     */
    pattern: string;
    input_usd_per_million: string;
    /**
     * Null when cached tokens cost what others do.
     */
    cached_input_usd_per_million: string | null;
    output_usd_per_million: string;
    /**
     * Of calls from this moment on; of all when null.
     */
    effective_from: Timestamp | null;
};
export type Offering = {
    id: string;
    organization_id: string;
    run_id: string;
    position: number;
    name: string | null;
    description: string | null;
    features: Generated<string[]>;
    pricing_indicators: string | null;
    target_audience: string | null;
    extra: Generated<unknown>;
};
export type OpsAgentStatus = {
    id: string;
    organization_id: string;
    running: boolean | null;
    started_at: Timestamp | null;
    last_check_at: Timestamp | null;
    total_checks: number | null;
    issues_detected: number | null;
    auto_resolutions: number | null;
    escalations: number | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type Organization = {
    id: string;
    slug: string;
    name: string;
    created_at: Generated<Timestamp>;
};
export type PainPoint = {
    id: string;
    organization_id: string;
    origin: PainPointOrigin;
    description: string;
    /**
     * Case-folded, with every run of characters that are not letters or digits made one space, trimmed.
     */
    theme: string;
    category: PainPointCategory | null;
    confidence: Confidence | null;
    evidence: string | null;
    affected_personas: Generated<string[]>;
    position: number;
    occurred_at: Timestamp | null;
    run_id: string | null;
    company_id: string | null;
    buyer_persona_id: string | null;
    vendor_persona_id: string | null;
    conversation_id: string | null;
    signal_id: string | null;
    extra: Generated<unknown>;
};
export type Payload = {
    id: string;
    organization_id: string;
    sha256: string;
    bytes: ColumnType<bigint, bigint | number | string, bigint | number | string>;
    stored_bytes: ColumnType<bigint, bigint | number | string, bigint | number | string>;
    encoding: string;
    created_at: Timestamp;
};
export type PayloadChunk = {
    organization_id: string;
    payload_id: string;
    sequence: number;
    content: Uint8Array;
};
export type Pipeline = {
    id: string;
    organization_id: string;
    name: string;
};
export type Playbook = {
    id: string;
    organization_id: string;
    run_id: string;
    vendor_name: string | null;
    prospect_name: string | null;
    generated_on: Timestamp | null;
    executive_summary: string | null;
    priority_personas: Generated<string[]>;
    quick_wins: Generated<string[]>;
    success_metrics: unknown | null;
    /**
     * 0–100; see docs/architecture.md for the rules.
     */
    quality_score: number;
    /**
     * The points of each rule, in the rules' order.
     */
    quality_points: number[];
    extra: Generated<unknown>;
};
export type PrioritizedUrl = {
    id: string;
    organization_id: string;
    run_id: string;
    site_research_id: string;
    position: number;
    url: string;
    category: string | null;
    /**
     * 0–10.
     */
    priority_score: number | null;
    reasoning: string | null;
    scraped: boolean;
    extra: Generated<unknown>;
};
export type PromptVersion = {
    id: string;
    organization_id: string;
    agent_id: string | null;
    campaign_id: string | null;
    source_campaign_id: string | null;
    source_id: string | null;
    version: string;
    version_number: number | null;
    prompt_text: string | null;
    change_description: string | null;
    changed_by: string | null;
    status: PromptVersionStatus | null;
    parent_id: string | null;
    activated_at: Timestamp | null;
    deprecated_at: Timestamp | null;
    source_created_at: Timestamp | null;
    reported_total_runs: number | null;
    reported_accuracy_percent: number | null;
    reported_pass_rate: number | null;
    reported_average_duration: number | null;
    deprecated_name: string | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string | null;
};
export type ProofPoint = {
    id: string;
    organization_id: string;
    run_id: string;
    position: number;
    type: string | null;
    content: string | null;
    source_attribution: string | null;
    extra: Generated<unknown>;
};
export type ReferenceCustomer = {
    id: string;
    organization_id: string;
    run_id: string;
    position: number;
    name: string | null;
    logo_url: string | null;
    industry: string | null;
    company_size: string | null;
    relationship: string | null;
    extra: Generated<unknown>;
};
export type RejectedRecord = {
    id: string;
    organization_id: string;
    import_id: string;
    /**
     * The ledger row of the file.
     */
    file_id: string;
    severity: RejectSeverity;
    /**
     * As named when it was imported.
     */
    file: string;
    line: number | null;
    byte_offset: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    pointer: string | null;
    code: string;
    message: string;
    snippet: string | null;
    rejected_at: Timestamp;
};
export type Relationship = {
    id: string;
    organization_id: string;
    /**
     * The record's own id; of the newest record when several merged.
     */
    source_id: string | null;
    /**
     * Both contacts' source ids as a JSON list, the smaller by code point first.
     */
    pair_key: string;
    source_contact_a_id: string;
    source_contact_b_id: string;
    /**
     * The contact whose source id is the smaller by code point.
     */
    contact_a_id: string | null;
    contact_b_id: string | null;
    /**
     * The record names B before A: for types that have a direction (reports_to).
     */
    is_reversed: Generated<boolean>;
    /**
     * In lower case with `_`: colleagues, reports_to, …
     */
    type: string;
    strength: RelationshipStrength | null;
    /**
     * 1 weak, 2 medium, 3 strong, 0 unknown.
     */
    strength_rank: Generated<number>;
    context: string | null;
    metadata: unknown | null;
    is_verified: Generated<boolean>;
    /**
     * 0–1.
     */
    confidence_score: number | null;
    discovered_at: Timestamp | null;
    last_verified_at: Timestamp | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type Resolution = {
    id: string;
    organization_id: string;
    issue_name: string;
    status: ResolutionStatus;
    steps_completed: Generated<string[]>;
    steps_failed: Generated<string[]>;
    message: string | null;
    details: unknown | null;
    /**
     * The record's own timestamp.
     */
    resolved_at: Timestamp | null;
    /**
     * The diagnosis of the same issue nearest before it.
     */
    diagnosis_id: string | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type RetentionRule = {
    id: string;
    organization_id: string;
    pipeline: string;
    /**
     * The newest so many runs stay as they were stored.
     */
    keep_whole: number;
    /**
     * Runs after these, up to this rank, are packed more tightly; so are younger ones behind them.
     */
    compress_until: number;
    /**
     * Runs behind that rank lose their payloads at this age; never when null.
     */
    drop_after_days: number | null;
    updated_at: Timestamp;
};
export type Run = {
    id: string;
    organization_id: string;
    pipeline_id: string;
    external_id: string;
    status: RunStatus;
    /**
     * Until this moment a FAILED run counts as RUNNING: its newest phase is that fresh.
     */
    running_until: Timestamp | null;
    started_at: Timestamp | null;
    finished_at: Timestamp | null;
    duration_seconds: number | null;
    /**
     * Reported by the run, else the sum of its calls' known costs.
     */
    cost_usd: string | null;
    reported_cost_usd: string | null;
    /**
     * Sum of the known costs of its calls.
     */
    calls_cost_usd: string | null;
    total_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    reported_total_tokens: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    reported_api_calls: number | null;
    llm_calls: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    vendor_id: string | null;
    prospect_id: string | null;
    vendor_domain: string | null;
    prospect_domain: string | null;
    workflow_name: string | null;
    /**
     * Of an extraction run.
     */
    run_type: RunType | null;
    campaign_id: string | null;
    dataset_id: string | null;
    /**
     * The instruction that an extraction run was made with.
     */
    instruction_id: string | null;
    created_by: string | null;
    created_via: string | null;
    notes: string | null;
    tags: Generated<string[]>;
    prompt_versions: unknown | null;
    /**
     * Path of the directory that its phase artifacts lie in; null for runs of other formats.
     */
    directory: string | null;
    is_latest: Generated<boolean>;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type RunEvent = {
    id: string;
    organization_id: string;
    run_id: string;
    position: number;
    level: EventLevel;
    phase: string | null;
    step: string | null;
    message: string;
    error_type: string | null;
    occurred_at: Timestamp | null;
    extra: Generated<unknown>;
};
export type RunItem = {
    id: string;
    organization_id: string;
    run_id: string;
    /**
     * The item's url, else its id: what makes it the same item in another phase or run.
     */
    item_key: string;
    source_id: string | null;
    url: string | null;
    title: string | null;
    /**
     * Who published it.
     */
    source: string | null;
    /**
     * As written.
     */
    published_date: string | null;
    /**
     * The published date as a moment, when it can be read as one.
     */
    published_at: Timestamp | null;
    /**
     * Place in the ranking, 1 is best.
     */
    rank: number | null;
    weighted_score: number | null;
    tier1_score: number | null;
    tier2_score: number | null;
    /**
     * The five-dimension scores, and any further ones, as written.
     */
    scores: unknown | null;
    market_impact: number | null;
    competitive_impact: number | null;
    strategic_relevance: number | null;
    operational_relevance: number | null;
    credibility: number | null;
    content: string | null;
    paraphrased_content: string | null;
    /**
     * Names and things found in the content, as written.
     */
    entities: unknown | null;
    /**
     * The outcome of the validation phase, as written.
     */
    validation: unknown | null;
    /**
     * Number of the last phase that still has the item.
     */
    last_phase_number: number;
    last_phase_name: string;
    last_phase_id: string | null;
    extra: Generated<unknown>;
};
export type RunItemPhase = {
    id: string;
    organization_id: string;
    run_id: string;
    item_id: string;
    /**
     * That of the item: two runs are compared by it.
     */
    item_key: string;
    phase_id: string | null;
    phase_number: number;
    /**
     * Place in the phase's list, from 0.
     */
    position: number;
    /**
     * Place in the ranking, 1 is best.
     */
    rank: number | null;
    weighted_score: number | null;
    tier1_score: number | null;
    tier2_score: number | null;
    /**
     * The five-dimension scores, and any further ones, as written.
     */
    scores: unknown | null;
    market_impact: number | null;
    competitive_impact: number | null;
    strategic_relevance: number | null;
    operational_relevance: number | null;
    credibility: number | null;
    /**
     * The item as the phase wrote it.
     */
    payload: unknown;
};
export type RunPhase = {
    id: string;
    organization_id: string;
    run_id: string;
    number: number;
    name: string;
    status: StepStatus;
    started_at: Timestamp | null;
    finished_at: Timestamp | null;
    duration_seconds: number | null;
    input_count: number | null;
    output_count: number | null;
    llm_calls: number | null;
    /**
     * Reported by the phase, else the sum of its calls' known costs.
     */
    cost_usd: string | null;
    reported_cost_usd: string | null;
    error: string | null;
    extra: Generated<unknown>;
};
export type SavedView = {
    id: string;
    organization_id: string;
    name: string;
    description: string | null;
    query: unknown;
    created_at: Timestamp;
    updated_at: Timestamp;
};
export type ScoringConfig = {
    id: string;
    organization_id: string;
    name: string;
    /**
     * Used when a question names none; at most one of an organization.
     */
    is_default: Generated<boolean>;
    /**
     * Share of the overall score, 0–1; the five add up to 1.
     */
    market_weight: Generated<string>;
    competition_weight: Generated<string>;
    emotional_weight: Generated<string>;
    feasibility_weight: Generated<string>;
    signal_quality_weight: Generated<string>;
    /**
     * The emotional score that GO needs, 0–100.
     */
    emotional_threshold: Generated<string>;
    /**
     * The overall score that GO needs, 0–100.
     */
    go_threshold: Generated<string>;
    /**
     * The overall score that RESEARCH needs, 0–100.
     */
    research_threshold: Generated<string>;
    created_at: Timestamp;
    updated_at: Timestamp;
};
export type ScrapedPage = {
    id: string;
    organization_id: string;
    run_id: string;
    site_research_id: string;
    position: number;
    url: string;
    markdown: string;
    chars: number;
};
export type Signal = {
    id: string;
    organization_id: string;
    external_id: string;
    /**
     * The record's own timestamp: when the signal was found.
     */
    detected_at: Timestamp | null;
    /**
     * Where it was found (reddit, app_store_reviews, …).
     */
    source: string | null;
    source_url: string | null;
    title: string | null;
    description: string | null;
    /**
     * The problem read out of the text; becomes a pain point of origin SIGNAL.
     */
    extracted_problem: string | null;
    category: string | null;
    tags: Generated<string[]>;
    /**
     * Counts by name (upvotes, views, …), as written.
     */
    engagement: unknown | null;
    /**
     * Sum of the engagement counts.
     */
    engagement_total: ColumnType<bigint, bigint | number | string, bigint | number | string> | null;
    author: string | null;
    extracted_at: Timestamp | null;
    raw_content: string | null;
    /**
     * A list of texts or objects, as written.
     */
    comments: Generated<unknown>;
    brain_enrichment: unknown | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type SiteResearch = {
    id: string;
    organization_id: string;
    run_id: string;
    side: CompanySide;
    domain: string | null;
    urls_discovered: Generated<string[]>;
    url_count: number | null;
    mapped_at: Timestamp | null;
    validation_status: string | null;
    validation_error: string | null;
    homepage_url: string | null;
    homepage_markdown: string | null;
    homepage_chars: number | null;
    homepage_words: number | null;
    homepage_scraped_at: Timestamp | null;
    homepage_metadata: unknown | null;
    company_name: string | null;
    tagline: string | null;
    primary_offering: string | null;
    key_offerings: Generated<string[]>;
    calls_to_action: Generated<string[]>;
    analyzed_at: Timestamp | null;
    urls_evaluated: number | null;
    urls_selected: number | null;
    /**
     * The smallest priority score among the selected URLs, 0–10.
     */
    lowest_selected_score: number | null;
    prioritized_at: Timestamp | null;
    pages_scraped: number | null;
    scraped_chars: number | null;
    scraped_words: number | null;
    scraped_at: Timestamp | null;
    failed_urls: Generated<string[]>;
    extra: Generated<unknown>;
};
export type SourceAlias = {
    id: string;
    organization_id: string;
    kind: string;
    source_id: string;
    target_id: string | null;
};
export type SourceOrganization = {
    id: string;
    organization_id: string;
    source_id: string;
    name: string | null;
    slug: string | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type SourceReference = {
    id: string;
    organization_id: string;
    run_id: string;
    owner_id: string;
    position: number;
    url: string | null;
    page_type: string | null;
    excerpt: string | null;
    extra: Generated<unknown>;
};
export type Step = {
    id: string;
    organization_id: string;
    run_id: string;
    phase_id: string;
    position: number;
    name: string;
    status: StepStatus;
    started_at: Timestamp | null;
    duration_seconds: number | null;
    error: string | null;
};
export type Synonym = {
    id: string;
    organization_id: string;
    /**
     * The term without case, accents and signs.
     */
    key: string;
    term: string;
    synonyms: Generated<string[]>;
};
export type TalkScript = {
    id: string;
    organization_id: string;
    run_id: string;
    talk_track_id: string;
    position: number;
    /**
     * The key it stands under: cold_call_script or discovery_script.
     */
    slot: string;
    script_type: string | null;
    persona_title: string | null;
    opening: string | null;
    value_proposition: string | null;
    /**
     * [{question, purpose, follow_up_questions[]}]
     */
    discovery_questions: Generated<unknown>;
    /**
     * {objection: response}
     */
    objection_responses: Generated<unknown>;
    closing: string | null;
    next_steps: Generated<string[]>;
    extra: Generated<unknown>;
};
export type TalkTrack = {
    id: string;
    organization_id: string;
    run_id: string;
    playbook_id: string;
    position: number;
    persona_title: string | null;
    elevator_pitch: string | null;
    demo_talking_points: Generated<string[]>;
    value_mapping: unknown | null;
    extra: Generated<unknown>;
};
export type Task = {
    id: string;
    organization_id: string;
    source_id: string;
    source_run_id: string | null;
    /**
     * In older dumps the execution of its latest session.
     */
    run_id: string | null;
    source_campaign_id: string | null;
    campaign_id: string | null;
    source_dataset_id: string | null;
    dataset_id: string | null;
    source_organization_id: string | null;
    /**
     * The dataset row's id, as given.
     */
    row_id: string | null;
    dataset_row_id: string | null;
    /**
     * The dataset row as the task got it.
     */
    row_data: unknown | null;
    site_url: string | null;
    /**
     * The site's normalized domain.
     */
    site_domain: string | null;
    site_name: string | null;
    /**
     * The company of that domain.
     */
    company_id: string | null;
    goal: string | null;
    status: TaskStatus;
    status_category: TaskStatusCategory | null;
    /**
     * The older tables' finer status, as written.
     */
    detailed_status: string | null;
    extracted_data: unknown | null;
    extracted_fields: Generated<string[]>;
    missing_fields: Generated<string[]>;
    /**
     * Share of the expected fields that were extracted, 0–100.
     */
    completeness_percent: number | null;
    /**
     * Whether extractedData are those of its latest attempt: older tasks have none of their own.
     */
    extracted_from_attempt: Generated<boolean>;
    /**
     * 0–1.
     */
    overall_confidence: number | null;
    /**
     * Confidence by field, 0–1, as written.
     */
    field_confidences: unknown | null;
    ground_truth_data: unknown | null;
    has_ground_truth: Generated<boolean>;
    /**
     * Whether groundTruthData are those of its dataset row: it has none of its own.
     */
    ground_truth_from_dataset: Generated<boolean>;
    /**
     * Whether it counts for accuracy: it has ground truth and is COMPLETED, or FAILED with extracted data.
     */
    is_evaluated: Generated<boolean>;
    /**
     * Fields with a ground-truth value; null when it does not count for accuracy.
     */
    compared_fields: number | null;
    matched_fields: number | null;
    /**
     * Matched ÷ compared fields, 0–1.
     */
    field_accuracy: number | null;
    /**
     * Whether all its compared fields match.
     */
    passed: boolean | null;
    /**
     * The source's own judgement.
     */
    reported_accuracy: AccuracyResult | null;
    /**
     * The source's own judgement by field, as written.
     */
    reported_field_accuracies: unknown | null;
    failure_category: FailureCategory | null;
    failure_reason: string | null;
    /**
     * captcha, login_required, paywall, geo_blocked.
     */
    blocked_reason: string | null;
    /**
     * Number of its attempts.
     */
    attempt_count: Generated<number>;
    /**
     * Known costs of its attempts.
     */
    cost_usd: string | null;
    /**
     * The source's own counter.
     */
    reported_attempt_count: number | null;
    /**
     * The older tables' own counter of further tries.
     */
    reported_retry_count: number | null;
    source_last_attempt_id: string | null;
    last_attempt_id: string | null;
    started_at: Timestamp | null;
    completed_at: Timestamp | null;
    /**
     * Milliseconds.
     */
    duration_ms: number | null;
    current_step: string | null;
    current_url: string | null;
    progress_percent: number | null;
    /**
     * The task's own cost; its attempts' known costs are what is counted.
     */
    reported_cost_usd: string | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    /**
     * The older table that it was imported from: jobs.
     */
    deprecated_name: string | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type TaskField = {
    id: string;
    organization_id: string;
    task_id: string;
    /**
     * Its task's.
     */
    run_id: string | null;
    name: string;
    /**
     * Place among the task's fields, from 0.
     */
    position: number;
    /**
     * The extracted value as text; objects and lists as JSON.
     */
    extracted_text: string | null;
    /**
     * The ground-truth value as text; objects and lists as JSON.
     */
    ground_truth_text: string | null;
    /**
     * 0–1.
     */
    confidence: number | null;
    /**
     * The task counts for accuracy and the field has a ground-truth value.
     */
    is_compared: Generated<boolean>;
    /**
     * Compared, and equal after NFKC, trim, case-fold and white-space collapse (numbers by value).
     */
    is_matched: Generated<boolean>;
    /**
     * Compared, and the extraction is absent or empty.
     */
    is_missing: Generated<boolean>;
    /**
     * The source's own judgement.
     */
    reported_matched: boolean | null;
};
export type Touchpoint = {
    id: string;
    organization_id: string;
    source_id: string;
    source_conversation_id: string | null;
    conversation_id: string | null;
    channel: TouchpointChannel;
    direction: TouchpointDirection | null;
    subject: string | null;
    content: string | null;
    response: string | null;
    sent_at: Timestamp | null;
    delivered_at: Timestamp | null;
    opened_at: Timestamp | null;
    clicked_at: Timestamp | null;
    replied_at: Timestamp | null;
    bounced_at: Timestamp | null;
    /**
     * As reported, else the furthest of replied, clicked, opened, bounced, delivered, sent that has a time.
     */
    outcome: string | null;
    reported_outcome: string | null;
    outcome_details: unknown | null;
    call_duration_seconds: number | null;
    call_recording_url: string | null;
    call_transcript: string | null;
    call_sentiment: string | null;
    email_thread_id: string | null;
    email_message_id: string | null;
    metadata: unknown | null;
    created_by_user_id: string | null;
    created_by_automation: boolean | null;
    source_created_at: Timestamp | null;
    source_updated_at: Timestamp | null;
    extra: Generated<unknown>;
    record_at: Timestamp | null;
    record_sha256: string;
};
export type UseCase = {
    id: string;
    organization_id: string;
    run_id: string;
    position: number;
    title: string | null;
    description: string | null;
    target_persona: string | null;
    target_industry: string | null;
    problems_solved: Generated<string[]>;
    key_features_used: Generated<string[]>;
    extra: Generated<unknown>;
};
export type ValueProposition = {
    id: string;
    organization_id: string;
    run_id: string;
    position: number;
    statement: string | null;
    benefits: Generated<string[]>;
    differentiation: string | null;
    target_persona: string | null;
    extra: Generated<unknown>;
};
export type VendorPersona = {
    id: string;
    organization_id: string;
    run_id: string;
    position: number;
    title: string | null;
    department: string | null;
    responsibilities: Generated<string[]>;
    extra: Generated<unknown>;
};
export type DB = {
    agent_calls: AgentCall;
    agents: Agent;
    alerts: Alert;
    api_keys: ApiKey;
    artifacts: Artifact;
    attempts: Attempt;
    audit_events: AuditEvent;
    battle_cards: BattleCard;
    buyer_personas: BuyerPersona;
    campaigns: Campaign;
    candidate_scores: CandidateScore;
    candidates: Candidate;
    case_studies: CaseStudy;
    companies: Company;
    company_profiles: CompanyProfile;
    competitive_positionings: CompetitivePositioning;
    contacts: Contact;
    conversations: Conversation;
    dataset_rows: DatasetRow;
    datasets: Dataset;
    diagnoses: Diagnosis;
    differentiators: Differentiator;
    email_sequences: EmailSequence;
    email_touches: EmailTouch;
    extraction_results: ExtractionResult;
    extraction_runs: ExtractionRun;
    health_checks: HealthCheck;
    imported_files: ImportedFile;
    imports: Import;
    instruction_comparisons: InstructionComparison;
    issue_resolutions: IssueResolution;
    latest_links: LatestLink;
    model_prices: ModelPrice;
    offerings: Offering;
    ops_agent_statuses: OpsAgentStatus;
    organizations: Organization;
    pain_points: PainPoint;
    payload_chunks: PayloadChunk;
    payloads: Payload;
    pipelines: Pipeline;
    playbooks: Playbook;
    prioritized_urls: PrioritizedUrl;
    prompt_versions: PromptVersion;
    proof_points: ProofPoint;
    reference_customers: ReferenceCustomer;
    rejected_records: RejectedRecord;
    relationships: Relationship;
    resolutions: Resolution;
    retention_rules: RetentionRule;
    run_events: RunEvent;
    run_item_phases: RunItemPhase;
    run_items: RunItem;
    run_phases: RunPhase;
    runs: Run;
    saved_views: SavedView;
    scoring_configs: ScoringConfig;
    scraped_pages: ScrapedPage;
    signals: Signal;
    site_researches: SiteResearch;
    source_aliases: SourceAlias;
    source_organizations: SourceOrganization;
    source_references: SourceReference;
    steps: Step;
    synonyms: Synonym;
    talk_scripts: TalkScript;
    talk_tracks: TalkTrack;
    task_fields: TaskField;
    tasks: Task;
    touchpoints: Touchpoint;
    use_cases: UseCase;
    value_propositions: ValueProposition;
    vendor_personas: VendorPersona;
};
