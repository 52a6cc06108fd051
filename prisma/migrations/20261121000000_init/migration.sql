-- CreateEnum
CREATE TYPE "ActorKind" AS ENUM ('API_KEY', 'BI_LOGIN', 'CLI', 'JWT', 'OPEN');

-- CreateEnum
CREATE TYPE "AuditOutcome" AS ENUM ('DENIED', 'FAILED', 'SUCCEEDED');

-- CreateEnum
CREATE TYPE "AccountTier" AS ENUM ('STRATEGIC', 'TIER1', 'TIER2', 'TIER3');

-- CreateEnum
CREATE TYPE "AccountStatus" AS ENUM ('CHURNED', 'CUSTOMER', 'ENGAGED', 'PROSPECTING');

-- CreateEnum
CREATE TYPE "SeniorityLevel" AS ENUM ('C_LEVEL', 'DIRECTOR', 'INDIVIDUAL_CONTRIBUTOR', 'MANAGER', 'VP');

-- CreateEnum
CREATE TYPE "ContactStatus" AS ENUM ('ACTIVE', 'BOUNCED', 'INVALID', 'UNSUBSCRIBED');

-- CreateEnum
CREATE TYPE "RelationshipStrength" AS ENUM ('MEDIUM', 'STRONG', 'WEAK');

-- CreateEnum
CREATE TYPE "ConversationStatus" AS ENUM ('ACTIVE', 'CLOSED', 'LOST', 'NURTURING', 'PAUSED', 'WON');

-- CreateEnum
CREATE TYPE "QualificationTier" AS ENUM ('COLD', 'COOL', 'HOT', 'SCORCHING', 'WARM');

-- CreateEnum
CREATE TYPE "TouchpointChannel" AS ENUM ('CALL', 'EMAIL', 'LINKEDIN', 'MAIL', 'MEETING', 'SMS', 'WHATSAPP');

-- CreateEnum
CREATE TYPE "TouchpointDirection" AS ENUM ('INBOUND', 'OUTBOUND');

-- CreateEnum
CREATE TYPE "CampaignStatus" AS ENUM ('ACTIVE', 'ARCHIVED', 'COMPLETED', 'PAUSED');

-- CreateEnum
CREATE TYPE "DatasetStatus" AS ENUM ('ACTIVE', 'ARCHIVED', 'DRAFT', 'VALIDATED');

-- CreateEnum
CREATE TYPE "RunType" AS ENUM ('PRODUCTION', 'TEST_CUSTOM', 'TEST_SAMPLE');

-- CreateEnum
CREATE TYPE "SampleStrategy" AS ENUM ('ALL', 'CUSTOM', 'FIRST_N', 'RANDOM');

-- CreateEnum
CREATE TYPE "TaskStatus" AS ENUM ('COMPLETED', 'FAILED', 'QUEUED', 'RUNNING', 'SKIPPED');

-- CreateEnum
CREATE TYPE "TaskStatusCategory" AS ENUM ('BLOCKED', 'ERROR', 'PARTIAL', 'SUCCESS');

-- CreateEnum
CREATE TYPE "AccuracyResult" AS ENUM ('FAIL', 'PARTIAL', 'PASS');

-- CreateEnum
CREATE TYPE "FailureCategory" AS ENUM ('BLOCKED', 'EXTRACTION_FAILED', 'PAGE_ERROR', 'TIMEOUT');

-- CreateEnum
CREATE TYPE "AttemptStatus" AS ENUM ('BLOCKED', 'CANCELLED', 'FAILED', 'SUCCESS', 'TIMEOUT');

-- CreateEnum
CREATE TYPE "AttemptTrigger" AS ENUM ('AUTO_RETRY', 'INITIAL', 'MANUAL_RETRY');

-- CreateEnum
CREATE TYPE "InstructionComparisonStatus" AS ENUM ('COMPLETED', 'PENDING', 'RUNNING');

-- CreateEnum
CREATE TYPE "InstructionComparisonWinner" AS ENUM ('A', 'B', 'INCONCLUSIVE', 'TIE');

-- CreateEnum
CREATE TYPE "ImportStatus" AS ENUM ('COMPLETED', 'COMPLETED_WITH_REJECTS', 'FAILED', 'INTERRUPTED', 'RUNNING');

-- CreateEnum
CREATE TYPE "ImportedFileStatus" AS ENUM ('IMPORTED', 'NOTED', 'PARTLY_IMPORTED', 'QUARANTINED', 'UNCHANGED');

-- CreateEnum
CREATE TYPE "RejectSeverity" AS ENUM ('REJECT', 'WARNING');

-- CreateEnum
CREATE TYPE "ServiceStatus" AS ENUM ('CRITICAL', 'DEGRADED', 'HEALTHY', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "ResolutionStatus" AS ENUM ('FAILED', 'PARTIAL', 'SKIPPED', 'SUCCESS');

-- CreateEnum
CREATE TYPE "AlertLevel" AS ENUM ('CRITICAL', 'EMERGENCY', 'INFO', 'WARNING');

-- CreateEnum
CREATE TYPE "AlertAction" AS ENUM ('ALERT_FOUNDER', 'CRITICAL_ALERT', 'IMMEDIATE_ALERT', 'LOG_ONLY');

-- CreateEnum
CREATE TYPE "CompanySide" AS ENUM ('PROSPECT', 'VENDOR');

-- CreateEnum
CREATE TYPE "PainPointOrigin" AS ENUM ('ACCOUNT_RESEARCH', 'BUYER_PERSONA', 'CONVERSATION', 'PROSPECT', 'SIGNAL', 'VENDOR_PERSONA');

-- CreateEnum
CREATE TYPE "PainPointCategory" AS ENUM ('GROWTH', 'MARKET', 'OPERATIONAL', 'STRATEGIC', 'TECHNICAL');

-- CreateEnum
CREATE TYPE "Confidence" AS ENUM ('HIGH', 'LOW', 'MEDIUM');

-- CreateEnum
CREATE TYPE "BattleCardType" AS ENUM ('COMPETITIVE_POSITIONING', 'OBJECTION_HANDLING', 'WHY_WE_WIN');

-- CreateEnum
CREATE TYPE "RunStatus" AS ENUM ('COMPLETED', 'FAILED', 'PARTIAL', 'PAUSED', 'QUEUED', 'RUNNING', 'STOPPED');

-- CreateEnum
CREATE TYPE "StepStatus" AS ENUM ('COMPLETED', 'FAILED', 'PARTIAL', 'RUNNING', 'SKIPPED');

-- CreateEnum
CREATE TYPE "EventLevel" AS ENUM ('ERROR', 'INFO', 'WARNING');

-- CreateEnum
CREATE TYPE "CostSource" AS ENUM ('ALLOCATED', 'PRICED', 'REPORTED', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "PromptVersionStatus" AS ENUM ('ACTIVE', 'DEPRECATED', 'DRAFT', 'TESTING');

-- CreateEnum
CREATE TYPE "ArtifactKind" AS ENUM ('JSON', 'MARKDOWN', 'TEXT');

-- CreateEnum
CREATE TYPE "Verdict" AS ENUM ('GO', 'PASS', 'RESEARCH');

-- CreateEnum
CREATE TYPE "ScoreDimension" AS ENUM ('COMPETITION', 'EMOTIONAL', 'FEASIBILITY', 'MARKET', 'SIGNAL_QUALITY');

-- CreateTable
CREATE TABLE "organizations" (
    "id" UUID NOT NULL,
    "slug" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "fragment" TEXT COLLATE "C" NOT NULL,
    "salt" BYTEA NOT NULL,
    "secret_sha256" BYTEA NOT NULL,
    "scopes" TEXT[] COLLATE "C",
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT COLLATE "C" NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" "ActorKind" NOT NULL,
    "actor_id" TEXT COLLATE "C",
    "actor_name" TEXT COLLATE "C" NOT NULL,
    "action" TEXT COLLATE "C" NOT NULL,
    "outcome" "AuditOutcome" NOT NULL,
    "target_type" TEXT COLLATE "C",
    "target_id" TEXT COLLATE "C",
    "request_id" TEXT COLLATE "C",
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "companies" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "domain" TEXT COLLATE "C",
    "name" TEXT COLLATE "C",
    "industry" TEXT COLLATE "C",
    "in_accounts" BOOLEAN NOT NULL DEFAULT false,
    "source_id" TEXT COLLATE "C",
    "source_domain" TEXT COLLATE "C",
    "account_name" TEXT COLLATE "C",
    "account_industry" TEXT COLLATE "C",
    "profile_name" TEXT COLLATE "C",
    "profile_industry" TEXT COLLATE "C",
    "site_name" TEXT COLLATE "C",
    "profiled_at" TIMESTAMPTZ(3),
    "profile_run_id" UUID,
    "size" TEXT COLLATE "C",
    "description" TEXT COLLATE "C",
    "headquarters_location" TEXT COLLATE "C",
    "country" TEXT COLLATE "C",
    "research_data" JSONB,
    "account_tier" "AccountTier",
    "account_status" "AccountStatus",
    "reported_total_contacts" INTEGER,
    "reported_active_conversations" INTEGER,
    "last_researched_at" TIMESTAMPTZ(3),
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C",

    CONSTRAINT "companies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contacts" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_company_id" TEXT COLLATE "C",
    "company_id" UUID,
    "first_name" TEXT COLLATE "C",
    "last_name" TEXT COLLATE "C",
    "full_name" TEXT COLLATE "C",
    "email" TEXT COLLATE "C",
    "email_key" TEXT COLLATE "C",
    "phone" TEXT COLLATE "C",
    "title" TEXT COLLATE "C",
    "role" TEXT COLLATE "C",
    "department" TEXT COLLATE "C",
    "seniority_level" "SeniorityLevel",
    "linkedin_url" TEXT COLLATE "C",
    "twitter_url" TEXT COLLATE "C",
    "personal_website" TEXT COLLATE "C",
    "interests" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "communication_preferences" JSONB,
    "research_data" JSONB,
    "engagement_score" DOUBLE PRECISION,
    "last_engaged_at" TIMESTAMPTZ(3),
    "reported_total_touchpoints" INTEGER,
    "status" "ContactStatus",
    "is_primary_contact" BOOLEAN NOT NULL DEFAULT false,
    "is_decision_maker" BOOLEAN NOT NULL DEFAULT false,
    "is_champion" BOOLEAN NOT NULL DEFAULT false,
    "last_researched_at" TIMESTAMPTZ(3),
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relationships" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C",
    "pair_key" TEXT COLLATE "C" NOT NULL,
    "source_contact_a_id" TEXT COLLATE "C" NOT NULL,
    "source_contact_b_id" TEXT COLLATE "C" NOT NULL,
    "contact_a_id" UUID,
    "contact_b_id" UUID,
    "is_reversed" BOOLEAN NOT NULL DEFAULT false,
    "type" TEXT COLLATE "C" NOT NULL,
    "strength" "RelationshipStrength",
    "strength_rank" INTEGER NOT NULL DEFAULT 0,
    "context" TEXT COLLATE "C",
    "metadata" JSONB,
    "is_verified" BOOLEAN NOT NULL DEFAULT false,
    "confidence_score" DOUBLE PRECISION,
    "discovered_at" TIMESTAMPTZ(3),
    "last_verified_at" TIMESTAMPTZ(3),
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "relationships_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "conversations" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_contact_id" TEXT COLLATE "C",
    "contact_id" UUID,
    "source_company_id" TEXT COLLATE "C",
    "company_id" UUID,
    "status" "ConversationStatus" NOT NULL,
    "qualification_tier" "QualificationTier",
    "last_touchpoint_at" TIMESTAMPTZ(3),
    "next_touchpoint_at" TIMESTAMPTZ(3),
    "reported_touchpoint_count" INTEGER,
    "last_response_at" TIMESTAMPTZ(3),
    "reported_response_count" INTEGER,
    "average_response_time_hours" DOUBLE PRECISION,
    "context" JSONB,
    "outreach_campaign_id" TEXT COLLATE "C",
    "outreach_campaign_name" TEXT COLLATE "C",
    "sequence_step" INTEGER,
    "outcome" TEXT COLLATE "C",
    "outcome_at" TIMESTAMPTZ(3),
    "outcome_notes" TEXT COLLATE "C",
    "estimated_value" DECIMAL(18,6),
    "actual_value" DECIMAL(18,6),
    "metadata" JSONB,
    "started_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "conversations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "touchpoints" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_conversation_id" TEXT COLLATE "C",
    "conversation_id" UUID,
    "channel" "TouchpointChannel" NOT NULL,
    "direction" "TouchpointDirection",
    "subject" TEXT COLLATE "C",
    "content" TEXT COLLATE "C",
    "response" TEXT COLLATE "C",
    "sent_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3),
    "clicked_at" TIMESTAMPTZ(3),
    "replied_at" TIMESTAMPTZ(3),
    "bounced_at" TIMESTAMPTZ(3),
    "outcome" TEXT COLLATE "C",
    "reported_outcome" TEXT COLLATE "C",
    "outcome_details" JSONB,
    "call_duration_seconds" DOUBLE PRECISION,
    "call_recording_url" TEXT COLLATE "C",
    "call_transcript" TEXT COLLATE "C",
    "call_sentiment" TEXT COLLATE "C",
    "email_thread_id" TEXT COLLATE "C",
    "email_message_id" TEXT COLLATE "C",
    "metadata" JSONB,
    "created_by_user_id" TEXT COLLATE "C",
    "created_by_automation" BOOLEAN,
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "touchpoints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_items" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "item_key" TEXT COLLATE "C" NOT NULL,
    "source_id" TEXT COLLATE "C",
    "url" TEXT COLLATE "C",
    "title" TEXT COLLATE "C",
    "source" TEXT COLLATE "C",
    "published_date" TEXT COLLATE "C",
    "published_at" TIMESTAMPTZ(3),
    "rank" INTEGER,
    "weighted_score" DOUBLE PRECISION,
    "tier1_score" DOUBLE PRECISION,
    "tier2_score" DOUBLE PRECISION,
    "scores" JSONB,
    "market_impact" DOUBLE PRECISION,
    "competitive_impact" DOUBLE PRECISION,
    "strategic_relevance" DOUBLE PRECISION,
    "operational_relevance" DOUBLE PRECISION,
    "credibility" DOUBLE PRECISION,
    "content" TEXT COLLATE "C",
    "paraphrased_content" TEXT COLLATE "C",
    "entities" JSONB,
    "validation" JSONB,
    "last_phase_number" INTEGER NOT NULL,
    "last_phase_name" TEXT COLLATE "C" NOT NULL,
    "last_phase_id" UUID,
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "run_items_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_item_phases" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "item_key" TEXT COLLATE "C" NOT NULL,
    "phase_id" UUID,
    "phase_number" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "rank" INTEGER,
    "weighted_score" DOUBLE PRECISION,
    "tier1_score" DOUBLE PRECISION,
    "tier2_score" DOUBLE PRECISION,
    "scores" JSONB,
    "market_impact" DOUBLE PRECISION,
    "competitive_impact" DOUBLE PRECISION,
    "strategic_relevance" DOUBLE PRECISION,
    "operational_relevance" DOUBLE PRECISION,
    "credibility" DOUBLE PRECISION,
    "payload" JSONB NOT NULL,

    CONSTRAINT "run_item_phases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "latest_links" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "directory" TEXT COLLATE "C" NOT NULL,
    "target" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "latest_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_organizations" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C",
    "slug" TEXT COLLATE "C",
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "source_organizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaigns" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_organization_id" TEXT COLLATE "C",
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C",
    "purpose" TEXT COLLATE "C",
    "status" "CampaignStatus",
    "source_current_instruction_id" TEXT COLLATE "C",
    "current_instruction_id" UUID,
    "schedule_enabled" BOOLEAN NOT NULL DEFAULT false,
    "schedule_expression" TEXT COLLATE "C",
    "schedule_time_zone" TEXT COLLATE "C",
    "alerts_enabled" BOOLEAN NOT NULL DEFAULT false,
    "alert_channels" JSONB,
    "owner_id" TEXT COLLATE "C",
    "team_members" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "tags" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "created_by" TEXT COLLATE "C",
    "archived_at" TIMESTAMPTZ(3),
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "deprecated_name" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "datasets" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_campaign_id" TEXT COLLATE "C",
    "campaign_id" UUID,
    "source_organization_id" TEXT COLLATE "C",
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C",
    "version" INTEGER NOT NULL DEFAULT 1,
    "status" "DatasetStatus",
    "schema" JSONB NOT NULL DEFAULT '[]',
    "total_rows" INTEGER,
    "reported_total_rows" INTEGER,
    "has_ground_truth" BOOLEAN NOT NULL DEFAULT false,
    "ground_truth_columns" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "ground_truth_rows" INTEGER,
    "ground_truth_coverage_percent" DOUBLE PRECISION,
    "reported_ground_truth_coverage_percent" DOUBLE PRECISION,
    "validation_errors" JSONB NOT NULL DEFAULT '[]',
    "duplicate_rows" INTEGER,
    "invalid_rows" INTEGER,
    "reported_duplicate_rows" INTEGER,
    "reported_invalid_rows" INTEGER,
    "source_type" TEXT COLLATE "C",
    "source_metadata" JSONB,
    "created_by" TEXT COLLATE "C",
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "deprecated_name" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "datasets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_rows" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "row_id" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "data" JSONB NOT NULL,
    "site_url" TEXT COLLATE "C",
    "site_domain" TEXT COLLATE "C",
    "site_name" TEXT COLLATE "C",
    "ground_truth" JSONB,
    "has_ground_truth" BOOLEAN NOT NULL DEFAULT false,
    "is_duplicate" BOOLEAN NOT NULL DEFAULT false,
    "errors" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "dataset_rows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "extraction_runs" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_campaign_id" TEXT COLLATE "C",
    "campaign_id" UUID,
    "source_dataset_id" TEXT COLLATE "C",
    "dataset_id" UUID,
    "source_instruction_id" TEXT COLLATE "C",
    "prompt_version_id" UUID,
    "source_organization_id" TEXT COLLATE "C",
    "run_type" "RunType",
    "sample_strategy" "SampleStrategy",
    "sample_size" INTEGER,
    "sample_row_ids" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "concurrency" INTEGER,
    "use_agent_ql" BOOLEAN,
    "retry_enabled" BOOLEAN,
    "max_retries" INTEGER,
    "reported_total_tasks" INTEGER,
    "reported_completed_tasks" INTEGER,
    "reported_running_tasks" INTEGER,
    "reported_queued_tasks" INTEGER,
    "reported_failed_tasks" INTEGER,
    "reported_passed_tasks" INTEGER,
    "reported_failed_validation" INTEGER,
    "reported_partial_extractions" INTEGER,
    "reported_accuracy_percent" DOUBLE PRECISION,
    "reported_pass_rate" DOUBLE PRECISION,
    "reported_health_score" DOUBLE PRECISION,
    "reported_health_factors" JSONB,
    "estimated_cost_usd" DECIMAL(24,12),
    "actual_cost_usd" DECIMAL(24,12),
    "paused_at" TIMESTAMPTZ(3),
    "stopped_at" TIMESTAMPTZ(3),
    "stop_reason" TEXT COLLATE "C",
    "source_result_id" TEXT COLLATE "C",
    "result_id" UUID,
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "deprecated_name" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "extraction_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tasks" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_run_id" TEXT COLLATE "C",
    "run_id" UUID,
    "source_campaign_id" TEXT COLLATE "C",
    "campaign_id" UUID,
    "source_dataset_id" TEXT COLLATE "C",
    "dataset_id" UUID,
    "source_organization_id" TEXT COLLATE "C",
    "row_id" TEXT COLLATE "C",
    "dataset_row_id" UUID,
    "row_data" JSONB,
    "site_url" TEXT COLLATE "C",
    "site_domain" TEXT COLLATE "C",
    "site_name" TEXT COLLATE "C",
    "company_id" UUID,
    "goal" TEXT COLLATE "C",
    "status" "TaskStatus" NOT NULL,
    "status_category" "TaskStatusCategory",
    "detailed_status" TEXT COLLATE "C",
    "extracted_data" JSONB,
    "extracted_fields" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "missing_fields" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "completeness_percent" DOUBLE PRECISION,
    "extracted_from_attempt" BOOLEAN NOT NULL DEFAULT false,
    "overall_confidence" DOUBLE PRECISION,
    "field_confidences" JSONB,
    "ground_truth_data" JSONB,
    "has_ground_truth" BOOLEAN NOT NULL DEFAULT false,
    "ground_truth_from_dataset" BOOLEAN NOT NULL DEFAULT false,
    "is_evaluated" BOOLEAN NOT NULL DEFAULT false,
    "compared_fields" INTEGER,
    "matched_fields" INTEGER,
    "field_accuracy" DOUBLE PRECISION,
    "passed" BOOLEAN,
    "reported_accuracy" "AccuracyResult",
    "reported_field_accuracies" JSONB,
    "failure_category" "FailureCategory",
    "failure_reason" TEXT COLLATE "C",
    "blocked_reason" TEXT COLLATE "C",
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "cost_usd" DECIMAL(24,12),
    "reported_attempt_count" INTEGER,
    "reported_retry_count" INTEGER,
    "source_last_attempt_id" TEXT COLLATE "C",
    "last_attempt_id" UUID,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "duration_ms" INTEGER,
    "current_step" TEXT COLLATE "C",
    "current_url" TEXT COLLATE "C",
    "progress_percent" DOUBLE PRECISION,
    "reported_cost_usd" DECIMAL(24,12),
    "source_created_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "deprecated_name" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_fields" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "run_id" UUID,
    "name" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "extracted_text" TEXT COLLATE "C",
    "ground_truth_text" TEXT COLLATE "C",
    "confidence" DOUBLE PRECISION,
    "is_compared" BOOLEAN NOT NULL DEFAULT false,
    "is_matched" BOOLEAN NOT NULL DEFAULT false,
    "is_missing" BOOLEAN NOT NULL DEFAULT false,
    "reported_matched" BOOLEAN,

    CONSTRAINT "task_fields_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_task_id" TEXT COLLATE "C",
    "task_id" UUID,
    "source_run_id" TEXT COLLATE "C",
    "run_id" UUID,
    "attempt_number" INTEGER,
    "trigger" "AttemptTrigger",
    "status" "AttemptStatus" NOT NULL,
    "extracted_data" JSONB,
    "partial_data" BOOLEAN NOT NULL DEFAULT false,
    "raw_output" TEXT COLLATE "C",
    "reasoning" JSONB,
    "screenshots" JSONB NOT NULL DEFAULT '[]',
    "streaming_url" TEXT COLLATE "C",
    "final_screenshot_url" TEXT COLLATE "C",
    "error_message" TEXT COLLATE "C",
    "error_stack" TEXT COLLATE "C",
    "failure_category" "FailureCategory",
    "failure_reason" TEXT COLLATE "C",
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "duration_ms" INTEGER,
    "model" TEXT COLLATE "C",
    "prompt_tokens" BIGINT,
    "completion_tokens" BIGINT,
    "cached_tokens" BIGINT,
    "total_tokens" BIGINT,
    "priced_cost_usd" DECIMAL(24,12),
    "price_reference" TEXT COLLATE "C",
    "reported_cost_usd" DECIMAL(24,12),
    "source_created_at" TIMESTAMPTZ(3),
    "deprecated_name" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "extraction_results" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_run_id" TEXT COLLATE "C",
    "run_id" UUID,
    "source_campaign_id" TEXT COLLATE "C",
    "campaign_id" UUID,
    "source_dataset_id" TEXT COLLATE "C",
    "dataset_id" UUID,
    "source_instruction_id" TEXT COLLATE "C",
    "prompt_version_id" UUID,
    "source_organization_id" TEXT COLLATE "C",
    "total_tasks" INTEGER,
    "successful_tasks" INTEGER,
    "failed_tasks" INTEGER,
    "partial_tasks" INTEGER,
    "overall_quality_score" DOUBLE PRECISION,
    "average_confidence" DOUBLE PRECISION,
    "average_completeness" DOUBLE PRECISION,
    "reported_accuracy_percent" DOUBLE PRECISION,
    "reported_pass_rate" DOUBLE PRECISION,
    "reported_field_accuracies" JSONB,
    "task_results" JSONB,
    "exports" JSONB,
    "permalink_token" TEXT COLLATE "C",
    "is_public" BOOLEAN NOT NULL DEFAULT false,
    "expires_at" TIMESTAMPTZ(3),
    "created_by" TEXT COLLATE "C",
    "source_created_at" TIMESTAMPTZ(3),
    "content_sha256" TEXT COLLATE "C" NOT NULL,
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "extraction_results_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instruction_comparisons" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "source_campaign_id" TEXT COLLATE "C",
    "campaign_id" UUID,
    "name" TEXT COLLATE "C",
    "description" TEXT COLLATE "C",
    "source_instruction_a_id" TEXT COLLATE "C",
    "instruction_a_id" UUID,
    "source_instruction_b_id" TEXT COLLATE "C",
    "instruction_b_id" UUID,
    "source_dataset_id" TEXT COLLATE "C",
    "dataset_id" UUID,
    "sample_size" INTEGER,
    "source_run_a_id" TEXT COLLATE "C",
    "run_a_id" UUID,
    "source_run_b_id" TEXT COLLATE "C",
    "run_b_id" UUID,
    "status" "InstructionComparisonStatus",
    "winner" "InstructionComparisonWinner",
    "winner_reason" TEXT COLLATE "C",
    "created_by" TEXT COLLATE "C",
    "source_created_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "instruction_comparisons_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imports" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "status" "ImportStatus" NOT NULL,
    "roots" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "importer_version" TEXT COLLATE "C" NOT NULL,
    "options" JSONB NOT NULL DEFAULT '{}',
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "files_read" INTEGER NOT NULL DEFAULT 0,
    "files_unchanged" INTEGER NOT NULL DEFAULT 0,
    "files_quarantined" INTEGER NOT NULL DEFAULT 0,
    "bytes_read" BIGINT NOT NULL DEFAULT 0,
    "records_read" INTEGER NOT NULL DEFAULT 0,
    "records_inserted" INTEGER NOT NULL DEFAULT 0,
    "records_updated" INTEGER NOT NULL DEFAULT 0,
    "records_unchanged" INTEGER NOT NULL DEFAULT 0,
    "records_quarantined" INTEGER NOT NULL DEFAULT 0,
    "warnings" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT COLLATE "C",

    CONSTRAINT "imports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imported_files" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "import_id" UUID NOT NULL,
    "path" TEXT COLLATE "C" NOT NULL,
    "format" TEXT COLLATE "C",
    "status" "ImportedFileStatus" NOT NULL,
    "sha256" TEXT COLLATE "C",
    "bytes" BIGINT NOT NULL,
    "importer_version" TEXT COLLATE "C" NOT NULL,
    "options_hash" TEXT COLLATE "C" NOT NULL,
    "records_read" INTEGER NOT NULL,
    "records_inserted" INTEGER NOT NULL,
    "records_updated" INTEGER NOT NULL,
    "records_unchanged" INTEGER NOT NULL,
    "records_quarantined" INTEGER NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,
    "payload_id" UUID,

    CONSTRAINT "imported_files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payloads" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "sha256" TEXT COLLATE "C" NOT NULL,
    "bytes" BIGINT NOT NULL,
    "stored_bytes" BIGINT NOT NULL,
    "encoding" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payloads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payload_chunks" (
    "organization_id" UUID NOT NULL,
    "payload_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,

    CONSTRAINT "payload_chunks_pkey" PRIMARY KEY ("payload_id","sequence")
);

-- CreateTable
CREATE TABLE "rejected_records" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "import_id" UUID NOT NULL,
    "file_id" UUID NOT NULL,
    "severity" "RejectSeverity" NOT NULL,
    "file" TEXT COLLATE "C" NOT NULL,
    "line" INTEGER,
    "byte_offset" BIGINT,
    "pointer" TEXT COLLATE "C",
    "code" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,
    "snippet" TEXT COLLATE "C",
    "rejected_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rejected_records_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_aliases" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "source_id" TEXT COLLATE "C" NOT NULL,
    "target_id" UUID,

    CONSTRAINT "source_aliases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retention_rules" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "pipeline" TEXT COLLATE "C" NOT NULL,
    "keep_whole" INTEGER NOT NULL,
    "compress_until" INTEGER NOT NULL,
    "drop_after_days" INTEGER,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "retention_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "health_checks" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "service" TEXT COLLATE "C" NOT NULL,
    "status" "ServiceStatus" NOT NULL,
    "message" TEXT COLLATE "C",
    "details" JSONB,
    "checked_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "health_checks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "diagnoses" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "issue_name" TEXT COLLATE "C" NOT NULL,
    "confidence" "Confidence",
    "summary" TEXT COLLATE "C",
    "root_cause" TEXT COLLATE "C",
    "suggested_action" TEXT COLLATE "C",
    "reasoning" TEXT COLLATE "C",
    "similar_issues" JSONB NOT NULL DEFAULT '[]',
    "diagnosed_at" TIMESTAMPTZ(3),
    "health_check_id" UUID,
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "diagnoses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "resolutions" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "issue_name" TEXT COLLATE "C" NOT NULL,
    "status" "ResolutionStatus" NOT NULL,
    "steps_completed" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "steps_failed" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "message" TEXT COLLATE "C",
    "details" JSONB,
    "resolved_at" TIMESTAMPTZ(3),
    "diagnosis_id" UUID,
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "resolutions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alerts" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "level" "AlertLevel" NOT NULL,
    "title" TEXT COLLATE "C",
    "message" TEXT COLLATE "C",
    "service" TEXT COLLATE "C",
    "details" JSONB,
    "action" "AlertAction",
    "raised_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "issue_resolutions" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "source_id" TEXT COLLATE "C",
    "issue_name" TEXT COLLATE "C" NOT NULL,
    "symptoms" JSONB,
    "diagnosis" TEXT COLLATE "C",
    "action_taken" TEXT COLLATE "C",
    "resolution_status" "ResolutionStatus",
    "lesson_learned" TEXT COLLATE "C",
    "tags" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "embedding" REAL[] DEFAULT ARRAY[]::REAL[],
    "recorded_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "issue_resolutions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ops_agent_statuses" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "running" BOOLEAN,
    "started_at" TIMESTAMPTZ(3),
    "last_check_at" TIMESTAMPTZ(3),
    "total_checks" INTEGER,
    "issues_detected" INTEGER,
    "auto_resolutions" INTEGER,
    "escalations" INTEGER,
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "ops_agent_statuses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "site_researches" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "side" "CompanySide" NOT NULL,
    "domain" TEXT COLLATE "C",
    "urls_discovered" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "url_count" INTEGER,
    "mapped_at" TIMESTAMPTZ(3),
    "validation_status" TEXT COLLATE "C",
    "validation_error" TEXT COLLATE "C",
    "homepage_url" TEXT COLLATE "C",
    "homepage_markdown" TEXT COLLATE "C",
    "homepage_chars" INTEGER,
    "homepage_words" INTEGER,
    "homepage_scraped_at" TIMESTAMPTZ(3),
    "homepage_metadata" JSONB,
    "company_name" TEXT COLLATE "C",
    "tagline" TEXT COLLATE "C",
    "primary_offering" TEXT COLLATE "C",
    "key_offerings" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "calls_to_action" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "analyzed_at" TIMESTAMPTZ(3),
    "urls_evaluated" INTEGER,
    "urls_selected" INTEGER,
    "lowest_selected_score" DOUBLE PRECISION,
    "prioritized_at" TIMESTAMPTZ(3),
    "pages_scraped" INTEGER,
    "scraped_chars" INTEGER,
    "scraped_words" INTEGER,
    "scraped_at" TIMESTAMPTZ(3),
    "failed_urls" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "site_researches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prioritized_urls" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "site_research_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "url" TEXT COLLATE "C" NOT NULL,
    "category" TEXT COLLATE "C",
    "priority_score" DOUBLE PRECISION,
    "reasoning" TEXT COLLATE "C",
    "scraped" BOOLEAN NOT NULL,
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "prioritized_urls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scraped_pages" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "site_research_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "url" TEXT COLLATE "C" NOT NULL,
    "markdown" TEXT COLLATE "C" NOT NULL,
    "chars" INTEGER NOT NULL,

    CONSTRAINT "scraped_pages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_references" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "url" TEXT COLLATE "C",
    "page_type" TEXT COLLATE "C",
    "excerpt" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "source_references_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "offerings" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT COLLATE "C",
    "description" TEXT COLLATE "C",
    "features" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "pricing_indicators" TEXT COLLATE "C",
    "target_audience" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "offerings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_studies" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "customer_name" TEXT COLLATE "C",
    "industry" TEXT COLLATE "C",
    "company_size" TEXT COLLATE "C",
    "challenge" TEXT COLLATE "C",
    "solution" TEXT COLLATE "C",
    "results" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "metrics" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "case_studies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "proof_points" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "type" TEXT COLLATE "C",
    "content" TEXT COLLATE "C",
    "source_attribution" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "proof_points_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "value_propositions" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "statement" TEXT COLLATE "C",
    "benefits" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "differentiation" TEXT COLLATE "C",
    "target_persona" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "value_propositions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reference_customers" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT COLLATE "C",
    "logo_url" TEXT COLLATE "C",
    "industry" TEXT COLLATE "C",
    "company_size" TEXT COLLATE "C",
    "relationship" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "reference_customers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "use_cases" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "title" TEXT COLLATE "C",
    "description" TEXT COLLATE "C",
    "target_persona" TEXT COLLATE "C",
    "target_industry" TEXT COLLATE "C",
    "problems_solved" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "key_features_used" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "use_cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vendor_personas" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "title" TEXT COLLATE "C",
    "department" TEXT COLLATE "C",
    "responsibilities" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "vendor_personas_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "differentiators" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "category" TEXT COLLATE "C",
    "statement" TEXT COLLATE "C",
    "vs_alternative" TEXT COLLATE "C",
    "evidence" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "differentiators_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "company_profiles" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "company_name" TEXT COLLATE "C",
    "industry" TEXT COLLATE "C",
    "company_size" TEXT COLLATE "C",
    "what_they_do" TEXT COLLATE "C",
    "target_market" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "company_profiles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pain_points" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "origin" "PainPointOrigin" NOT NULL,
    "description" TEXT COLLATE "C" NOT NULL,
    "theme" TEXT COLLATE "C" NOT NULL,
    "category" "PainPointCategory",
    "confidence" "Confidence",
    "evidence" TEXT COLLATE "C",
    "affected_personas" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "position" INTEGER NOT NULL,
    "occurred_at" TIMESTAMPTZ(3),
    "run_id" UUID,
    "company_id" UUID,
    "buyer_persona_id" UUID,
    "vendor_persona_id" UUID,
    "conversation_id" UUID,
    "signal_id" UUID,
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "pain_points_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "buyer_personas" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "company_id" UUID,
    "position" INTEGER NOT NULL,
    "persona_title" TEXT COLLATE "C",
    "department" TEXT COLLATE "C",
    "why_they_care" TEXT COLLATE "C",
    "goals" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "suggested_talking_points" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "priority_score" DOUBLE PRECISION,
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "buyer_personas_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "playbooks" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "vendor_name" TEXT COLLATE "C",
    "prospect_name" TEXT COLLATE "C",
    "generated_on" DATE,
    "executive_summary" TEXT COLLATE "C",
    "priority_personas" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "quick_wins" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "success_metrics" JSONB,
    "quality_score" INTEGER NOT NULL,
    "quality_points" INTEGER[],
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "playbooks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "email_sequences" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "playbook_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "persona_title" TEXT COLLATE "C",
    "sequence_name" TEXT COLLATE "C",
    "total_days" INTEGER,
    "total_touches" INTEGER,
    "objective" TEXT COLLATE "C",
    "best_practices" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "average_subject_length" DOUBLE PRECISION,
    "average_body_words" DOUBLE PRECISION,
    "personalization_tokens" INTEGER NOT NULL,
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "email_sequences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "email_touches" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "email_sequence_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "touch_number" INTEGER,
    "day" INTEGER,
    "subject" TEXT COLLATE "C",
    "body" TEXT COLLATE "C",
    "personalization_notes" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "call_to_action" TEXT COLLATE "C",
    "subject_length" INTEGER NOT NULL,
    "body_words" INTEGER NOT NULL,
    "personalization_tokens" INTEGER NOT NULL,
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "email_touches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "talk_tracks" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "playbook_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "persona_title" TEXT COLLATE "C",
    "elevator_pitch" TEXT COLLATE "C",
    "demo_talking_points" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "value_mapping" JSONB,
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "talk_tracks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "talk_scripts" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "talk_track_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "slot" TEXT COLLATE "C" NOT NULL,
    "script_type" TEXT COLLATE "C",
    "persona_title" TEXT COLLATE "C",
    "opening" TEXT COLLATE "C",
    "value_proposition" TEXT COLLATE "C",
    "discovery_questions" JSONB NOT NULL DEFAULT '[]',
    "objection_responses" JSONB NOT NULL DEFAULT '{}',
    "closing" TEXT COLLATE "C",
    "next_steps" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "talk_scripts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "battle_cards" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "playbook_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "title" TEXT COLLATE "C",
    "card_type" "BattleCardType",
    "persona_focus" TEXT COLLATE "C",
    "key_differentiators" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "proof_points" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "objection_responses" JSONB NOT NULL DEFAULT '[]',
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "battle_cards_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "competitive_positionings" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "battle_card_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "competitor_name" TEXT COLLATE "C",
    "competitor_key" TEXT COLLATE "C",
    "when_to_engage" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "when_not_to_engage" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "our_advantages" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "their_advantages" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "trap_setting_questions" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "landmines_to_lay" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "competitive_positionings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_prices" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "pattern" TEXT COLLATE "C" NOT NULL,
    "input_usd_per_million" DECIMAL(24,12) NOT NULL,
    "cached_input_usd_per_million" DECIMAL(24,12),
    "output_usd_per_million" DECIMAL(24,12) NOT NULL,
    "effective_from" TIMESTAMPTZ(3),

    CONSTRAINT "model_prices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pipelines" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "pipelines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "pipeline_id" UUID NOT NULL,
    "external_id" TEXT COLLATE "C" NOT NULL,
    "status" "RunStatus" NOT NULL,
    "running_until" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "duration_seconds" DOUBLE PRECISION,
    "cost_usd" DECIMAL(24,12),
    "reported_cost_usd" DECIMAL(24,12),
    "calls_cost_usd" DECIMAL(24,12),
    "total_tokens" BIGINT,
    "reported_total_tokens" BIGINT,
    "reported_api_calls" INTEGER,
    "llm_calls" BIGINT,
    "vendor_id" UUID,
    "prospect_id" UUID,
    "vendor_domain" TEXT COLLATE "C",
    "prospect_domain" TEXT COLLATE "C",
    "workflow_name" TEXT COLLATE "C",
    "run_type" "RunType",
    "campaign_id" UUID,
    "dataset_id" UUID,
    "instruction_id" UUID,
    "created_by" TEXT COLLATE "C",
    "created_via" TEXT COLLATE "C",
    "notes" TEXT COLLATE "C",
    "tags" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "prompt_versions" JSONB,
    "directory" TEXT COLLATE "C",
    "is_latest" BOOLEAN NOT NULL DEFAULT false,
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_phases" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "status" "StepStatus" NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "duration_seconds" DOUBLE PRECISION,
    "input_count" INTEGER,
    "output_count" INTEGER,
    "llm_calls" INTEGER,
    "cost_usd" DECIMAL(24,12),
    "reported_cost_usd" DECIMAL(24,12),
    "error" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "run_phases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "steps" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "phase_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "status" "StepStatus" NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "duration_seconds" DOUBLE PRECISION,
    "error" TEXT COLLATE "C",

    CONSTRAINT "steps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agents" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "agents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prompt_versions" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "agent_id" UUID,
    "campaign_id" UUID,
    "source_campaign_id" TEXT COLLATE "C",
    "source_id" TEXT COLLATE "C",
    "version" TEXT COLLATE "C" NOT NULL,
    "version_number" INTEGER,
    "prompt_text" TEXT COLLATE "C",
    "change_description" TEXT COLLATE "C",
    "changed_by" TEXT COLLATE "C",
    "status" "PromptVersionStatus",
    "parent_id" UUID,
    "activated_at" TIMESTAMPTZ(3),
    "deprecated_at" TIMESTAMPTZ(3),
    "source_created_at" TIMESTAMPTZ(3),
    "reported_total_runs" INTEGER,
    "reported_accuracy_percent" DOUBLE PRECISION,
    "reported_pass_rate" DOUBLE PRECISION,
    "reported_average_duration" DOUBLE PRECISION,
    "deprecated_name" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C",

    CONSTRAINT "prompt_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent_calls" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "pipeline_id" UUID,
    "phase_id" UUID,
    "phase_name" TEXT COLLATE "C",
    "step_id" UUID,
    "agent_id" UUID NOT NULL,
    "prompt_version_id" UUID,
    "attempt_id" UUID,
    "position" INTEGER NOT NULL,
    "model" TEXT COLLATE "C",
    "status" "StepStatus" NOT NULL,
    "calls" INTEGER NOT NULL DEFAULT 1,
    "prompt_tokens" BIGINT,
    "completion_tokens" BIGINT,
    "cached_tokens" BIGINT,
    "total_tokens" BIGINT,
    "cost_usd" DECIMAL(24,12),
    "cost_source" "CostSource" NOT NULL,
    "price_reference" TEXT COLLATE "C",
    "started_at" TIMESTAMPTZ(3),
    "duration_seconds" DOUBLE PRECISION,
    "error" TEXT COLLATE "C",
    "output" TEXT COLLATE "C",
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "agent_calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_events" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "level" "EventLevel" NOT NULL,
    "phase" TEXT COLLATE "C",
    "step" TEXT COLLATE "C",
    "message" TEXT COLLATE "C" NOT NULL,
    "error_type" TEXT COLLATE "C",
    "occurred_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "run_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "phase_number" INTEGER,
    "phase_name" TEXT COLLATE "C",
    "position" INTEGER NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "kind" "ArtifactKind" NOT NULL,
    "path" TEXT COLLATE "C" NOT NULL,
    "pointer" TEXT COLLATE "C" NOT NULL,
    "payload_id" UUID,
    "sha256" TEXT COLLATE "C" NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signals" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "external_id" TEXT COLLATE "C" NOT NULL,
    "detected_at" TIMESTAMPTZ(3),
    "source" TEXT COLLATE "C",
    "source_url" TEXT COLLATE "C",
    "title" TEXT COLLATE "C",
    "description" TEXT COLLATE "C",
    "extracted_problem" TEXT COLLATE "C",
    "category" TEXT COLLATE "C",
    "tags" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "engagement" JSONB,
    "engagement_total" BIGINT,
    "author" TEXT COLLATE "C",
    "extracted_at" TIMESTAMPTZ(3),
    "raw_content" TEXT COLLATE "C",
    "comments" JSONB NOT NULL DEFAULT '[]',
    "brain_enrichment" JSONB,
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "signals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "candidates" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "external_id" TEXT COLLATE "C" NOT NULL,
    "source_signal_id" TEXT COLLATE "C",
    "signal_id" UUID,
    "title" TEXT COLLATE "C",
    "description" TEXT COLLATE "C",
    "overall_score" DECIMAL(20,15),
    "market_score" DECIMAL(20,15),
    "competition_score" DECIMAL(20,15),
    "emotional_score" DECIMAL(20,15),
    "feasibility_score" DECIMAL(20,15),
    "signal_quality_score" DECIMAL(20,15),
    "verdict" "Verdict",
    "analysis" JSONB,
    "recommendations" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "source" TEXT COLLATE "C",
    "source_url" TEXT COLLATE "C",
    "category" TEXT COLLATE "C",
    "tags" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],
    "scored_at" TIMESTAMPTZ(3),
    "extra" JSONB NOT NULL DEFAULT '{}',
    "record_at" TIMESTAMPTZ(3),
    "record_sha256" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "candidates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "candidate_scores" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "candidate_id" UUID NOT NULL,
    "dimension" "ScoreDimension" NOT NULL,
    "score" DECIMAL(20,15),
    "reasoning" TEXT COLLATE "C",

    CONSTRAINT "candidate_scores_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scoring_configs" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "market_weight" DECIMAL(9,6) NOT NULL DEFAULT 0.25,
    "competition_weight" DECIMAL(9,6) NOT NULL DEFAULT 0.20,
    "emotional_weight" DECIMAL(9,6) NOT NULL DEFAULT 0.30,
    "feasibility_weight" DECIMAL(9,6) NOT NULL DEFAULT 0.15,
    "signal_quality_weight" DECIMAL(9,6) NOT NULL DEFAULT 0.10,
    "emotional_threshold" DECIMAL(9,4) NOT NULL DEFAULT 96,
    "go_threshold" DECIMAL(9,4) NOT NULL DEFAULT 85,
    "research_threshold" DECIMAL(9,4) NOT NULL DEFAULT 70,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scoring_configs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "synonyms" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "term" TEXT COLLATE "C" NOT NULL,
    "synonyms" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "synonyms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_views" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C",
    "query" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_views_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "organizations_slug_key" ON "organizations"("slug");

-- CreateIndex
CREATE INDEX "api_keys_organization_id_created_at_id_idx" ON "api_keys"("organization_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "audit_events_organization_id_occurred_at_id_idx" ON "audit_events"("organization_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "audit_events_organization_id_action_occurred_at_id_idx" ON "audit_events"("organization_id", "action", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "companies_organization_id_domain_id_idx" ON "companies"("organization_id", "domain", "id");

-- CreateIndex
CREATE INDEX "companies_organization_id_source_id_idx" ON "companies"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "companies_organization_id_name_id_idx" ON "companies"("organization_id", "name", "id");

-- CreateIndex
CREATE INDEX "companies_organization_id_industry_name_id_idx" ON "companies"("organization_id", "industry", "name", "id");

-- CreateIndex
CREATE INDEX "companies_organization_id_account_tier_name_id_idx" ON "companies"("organization_id", "account_tier", "name", "id");

-- CreateIndex
CREATE INDEX "companies_organization_id_account_status_name_id_idx" ON "companies"("organization_id", "account_status", "name", "id");

-- CreateIndex
CREATE INDEX "companies_organization_id_in_accounts_name_id_idx" ON "companies"("organization_id", "in_accounts", "name", "id");

-- CreateIndex
CREATE INDEX "companies_organization_id_last_researched_at_id_idx" ON "companies"("organization_id", "last_researched_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "companies_organization_id_key_key" ON "companies"("organization_id", "key");

-- CreateIndex
CREATE INDEX "contacts_organization_id_email_id_idx" ON "contacts"("organization_id", "email", "id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_email_key_idx" ON "contacts"("organization_id", "email_key");

-- CreateIndex
CREATE INDEX "contacts_organization_id_last_name_first_name_id_idx" ON "contacts"("organization_id", "last_name", "first_name", "id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_company_id_last_name_first_name_id_idx" ON "contacts"("organization_id", "company_id", "last_name", "first_name", "id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_company_id_engagement_score_id_idx" ON "contacts"("organization_id", "company_id", "engagement_score", "id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_company_id_is_decision_maker_idx" ON "contacts"("organization_id", "company_id", "is_decision_maker");

-- CreateIndex
CREATE INDEX "contacts_organization_id_source_company_id_idx" ON "contacts"("organization_id", "source_company_id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_engagement_score_id_idx" ON "contacts"("organization_id", "engagement_score", "id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_status_last_name_first_name_id_idx" ON "contacts"("organization_id", "status", "last_name", "first_name", "id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_seniority_level_last_name_first_na_idx" ON "contacts"("organization_id", "seniority_level", "last_name", "first_name", "id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_last_engaged_at_id_idx" ON "contacts"("organization_id", "last_engaged_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "contacts_organization_id_source_id_key" ON "contacts"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "relationships_organization_id_source_id_idx" ON "relationships"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "relationships_organization_id_contact_a_id_type_strength_ra_idx" ON "relationships"("organization_id", "contact_a_id", "type", "strength_rank", "id");

-- CreateIndex
CREATE INDEX "relationships_organization_id_contact_b_id_type_strength_ra_idx" ON "relationships"("organization_id", "contact_b_id", "type", "strength_rank", "id");

-- CreateIndex
CREATE INDEX "relationships_organization_id_source_contact_a_id_idx" ON "relationships"("organization_id", "source_contact_a_id");

-- CreateIndex
CREATE INDEX "relationships_organization_id_source_contact_b_id_idx" ON "relationships"("organization_id", "source_contact_b_id");

-- CreateIndex
CREATE INDEX "relationships_organization_id_type_strength_rank_id_idx" ON "relationships"("organization_id", "type", "strength_rank", "id");

-- CreateIndex
CREATE INDEX "relationships_organization_id_strength_rank_id_idx" ON "relationships"("organization_id", "strength_rank", "id");

-- CreateIndex
CREATE INDEX "relationships_organization_id_discovered_at_id_idx" ON "relationships"("organization_id", "discovered_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "relationships_organization_id_pair_key_type_key" ON "relationships"("organization_id", "pair_key", "type");

-- CreateIndex
CREATE INDEX "conversations_organization_id_started_at_id_idx" ON "conversations"("organization_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_status_next_touchpoint_at_id_idx" ON "conversations"("organization_id", "status", "next_touchpoint_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_next_touchpoint_at_id_idx" ON "conversations"("organization_id", "next_touchpoint_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_status_last_touchpoint_at_id_idx" ON "conversations"("organization_id", "status", "last_touchpoint_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_last_touchpoint_at_id_idx" ON "conversations"("organization_id", "last_touchpoint_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_contact_id_started_at_id_idx" ON "conversations"("organization_id", "contact_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_contact_id_status_last_touchp_idx" ON "conversations"("organization_id", "contact_id", "status", "last_touchpoint_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_company_id_started_at_id_idx" ON "conversations"("organization_id", "company_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_company_id_status_started_at__idx" ON "conversations"("organization_id", "company_id", "status", "started_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_qualification_tier_started_at_idx" ON "conversations"("organization_id", "qualification_tier", "started_at", "id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_source_contact_id_idx" ON "conversations"("organization_id", "source_contact_id");

-- CreateIndex
CREATE INDEX "conversations_organization_id_source_company_id_idx" ON "conversations"("organization_id", "source_company_id");

-- CreateIndex
CREATE UNIQUE INDEX "conversations_organization_id_source_id_key" ON "conversations"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "touchpoints_organization_id_sent_at_id_idx" ON "touchpoints"("organization_id", "sent_at", "id");

-- CreateIndex
CREATE INDEX "touchpoints_organization_id_conversation_id_sent_at_id_idx" ON "touchpoints"("organization_id", "conversation_id", "sent_at", "id");

-- CreateIndex
CREATE INDEX "touchpoints_organization_id_source_conversation_id_idx" ON "touchpoints"("organization_id", "source_conversation_id");

-- CreateIndex
CREATE INDEX "touchpoints_organization_id_channel_direction_sent_at_id_idx" ON "touchpoints"("organization_id", "channel", "direction", "sent_at", "id");

-- CreateIndex
CREATE INDEX "touchpoints_organization_id_direction_sent_at_id_idx" ON "touchpoints"("organization_id", "direction", "sent_at", "id");

-- CreateIndex
CREATE INDEX "touchpoints_organization_id_outcome_sent_at_id_idx" ON "touchpoints"("organization_id", "outcome", "sent_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "touchpoints_organization_id_source_id_key" ON "touchpoints"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "run_items_organization_id_rank_id_idx" ON "run_items"("organization_id", "rank", "id");

-- CreateIndex
CREATE INDEX "run_items_organization_id_run_id_rank_id_idx" ON "run_items"("organization_id", "run_id", "rank", "id");

-- CreateIndex
CREATE INDEX "run_items_organization_id_run_id_weighted_score_id_idx" ON "run_items"("organization_id", "run_id", "weighted_score", "id");

-- CreateIndex
CREATE INDEX "run_items_organization_id_run_id_title_id_idx" ON "run_items"("organization_id", "run_id", "title", "id");

-- CreateIndex
CREATE INDEX "run_items_organization_id_last_phase_id_id_idx" ON "run_items"("organization_id", "last_phase_id", "id");

-- CreateIndex
CREATE INDEX "run_items_organization_id_item_key_id_idx" ON "run_items"("organization_id", "item_key", "id");

-- CreateIndex
CREATE INDEX "run_items_organization_id_source_id_idx" ON "run_items"("organization_id", "source", "id");

-- CreateIndex
CREATE INDEX "run_items_organization_id_published_at_id_idx" ON "run_items"("organization_id", "published_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "run_items_organization_id_run_id_item_key_key" ON "run_items"("organization_id", "run_id", "item_key");

-- CreateIndex
CREATE INDEX "run_item_phases_organization_id_run_id_phase_number_rank_id_idx" ON "run_item_phases"("organization_id", "run_id", "phase_number", "rank", "id");

-- CreateIndex
CREATE INDEX "run_item_phases_organization_id_phase_id_position_id_idx" ON "run_item_phases"("organization_id", "phase_id", "position", "id");

-- CreateIndex
CREATE UNIQUE INDEX "run_item_phases_organization_id_item_id_phase_number_key" ON "run_item_phases"("organization_id", "item_id", "phase_number");

-- CreateIndex
CREATE INDEX "latest_links_organization_id_target_idx" ON "latest_links"("organization_id", "target");

-- CreateIndex
CREATE UNIQUE INDEX "latest_links_organization_id_directory_key" ON "latest_links"("organization_id", "directory");

-- CreateIndex
CREATE INDEX "source_organizations_organization_id_name_id_idx" ON "source_organizations"("organization_id", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "source_organizations_organization_id_source_id_key" ON "source_organizations"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "campaigns_organization_id_name_id_idx" ON "campaigns"("organization_id", "name", "id");

-- CreateIndex
CREATE INDEX "campaigns_organization_id_status_name_id_idx" ON "campaigns"("organization_id", "status", "name", "id");

-- CreateIndex
CREATE INDEX "campaigns_organization_id_current_instruction_id_idx" ON "campaigns"("organization_id", "current_instruction_id");

-- CreateIndex
CREATE INDEX "campaigns_organization_id_source_current_instruction_id_idx" ON "campaigns"("organization_id", "source_current_instruction_id");

-- CreateIndex
CREATE INDEX "campaigns_organization_id_source_created_at_id_idx" ON "campaigns"("organization_id", "source_created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "campaigns_organization_id_source_id_key" ON "campaigns"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "datasets_organization_id_campaign_id_name_version_id_idx" ON "datasets"("organization_id", "campaign_id", "name", "version", "id");

-- CreateIndex
CREATE INDEX "datasets_organization_id_source_campaign_id_idx" ON "datasets"("organization_id", "source_campaign_id");

-- CreateIndex
CREATE INDEX "datasets_organization_id_name_version_id_idx" ON "datasets"("organization_id", "name", "version", "id");

-- CreateIndex
CREATE INDEX "datasets_organization_id_status_name_id_idx" ON "datasets"("organization_id", "status", "name", "id");

-- CreateIndex
CREATE INDEX "datasets_organization_id_source_created_at_id_idx" ON "datasets"("organization_id", "source_created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "datasets_organization_id_source_id_key" ON "datasets"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "dataset_rows_organization_id_dataset_id_position_id_idx" ON "dataset_rows"("organization_id", "dataset_id", "position", "id");

-- CreateIndex
CREATE INDEX "dataset_rows_organization_id_site_domain_id_idx" ON "dataset_rows"("organization_id", "site_domain", "id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_rows_organization_id_dataset_id_row_id_key" ON "dataset_rows"("organization_id", "dataset_id", "row_id");

-- CreateIndex
CREATE INDEX "extraction_runs_organization_id_campaign_id_id_idx" ON "extraction_runs"("organization_id", "campaign_id", "id");

-- CreateIndex
CREATE INDEX "extraction_runs_organization_id_dataset_id_id_idx" ON "extraction_runs"("organization_id", "dataset_id", "id");

-- CreateIndex
CREATE INDEX "extraction_runs_organization_id_prompt_version_id_id_idx" ON "extraction_runs"("organization_id", "prompt_version_id", "id");

-- CreateIndex
CREATE INDEX "extraction_runs_organization_id_run_type_id_idx" ON "extraction_runs"("organization_id", "run_type", "id");

-- CreateIndex
CREATE INDEX "extraction_runs_organization_id_result_id_idx" ON "extraction_runs"("organization_id", "result_id");

-- CreateIndex
CREATE INDEX "extraction_runs_organization_id_source_campaign_id_idx" ON "extraction_runs"("organization_id", "source_campaign_id");

-- CreateIndex
CREATE INDEX "extraction_runs_organization_id_source_dataset_id_idx" ON "extraction_runs"("organization_id", "source_dataset_id");

-- CreateIndex
CREATE INDEX "extraction_runs_organization_id_source_instruction_id_idx" ON "extraction_runs"("organization_id", "source_instruction_id");

-- CreateIndex
CREATE INDEX "extraction_runs_organization_id_source_result_id_idx" ON "extraction_runs"("organization_id", "source_result_id");

-- CreateIndex
CREATE UNIQUE INDEX "extraction_runs_organization_id_source_id_key" ON "extraction_runs"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_run_id_site_url_id_idx" ON "tasks"("organization_id", "run_id", "site_url", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_run_id_status_site_url_id_idx" ON "tasks"("organization_id", "run_id", "status", "site_url", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_site_url_id_idx" ON "tasks"("organization_id", "site_url", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_started_at_id_idx" ON "tasks"("organization_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_status_started_at_id_idx" ON "tasks"("organization_id", "status", "started_at", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_failure_category_started_at_id_idx" ON "tasks"("organization_id", "failure_category", "started_at", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_duration_ms_id_idx" ON "tasks"("organization_id", "duration_ms", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_cost_usd_id_idx" ON "tasks"("organization_id", "cost_usd", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_attempt_count_id_idx" ON "tasks"("organization_id", "attempt_count", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_company_id_site_url_id_idx" ON "tasks"("organization_id", "company_id", "site_url", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_site_domain_id_idx" ON "tasks"("organization_id", "site_domain", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_campaign_id_site_url_id_idx" ON "tasks"("organization_id", "campaign_id", "site_url", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_dataset_id_row_id_id_idx" ON "tasks"("organization_id", "dataset_id", "row_id", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_dataset_row_id_id_idx" ON "tasks"("organization_id", "dataset_row_id", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_last_attempt_id_idx" ON "tasks"("organization_id", "last_attempt_id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_source_run_id_idx" ON "tasks"("organization_id", "source_run_id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_source_campaign_id_idx" ON "tasks"("organization_id", "source_campaign_id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_source_dataset_id_idx" ON "tasks"("organization_id", "source_dataset_id");

-- CreateIndex
CREATE UNIQUE INDEX "tasks_organization_id_source_id_key" ON "tasks"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "task_fields_organization_id_name_id_idx" ON "task_fields"("organization_id", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "task_fields_organization_id_task_id_name_key" ON "task_fields"("organization_id", "task_id", "name");

-- CreateIndex
CREATE INDEX "attempts_organization_id_task_id_attempt_number_id_idx" ON "attempts"("organization_id", "task_id", "attempt_number", "id");

-- CreateIndex
CREATE INDEX "attempts_organization_id_run_id_started_at_id_idx" ON "attempts"("organization_id", "run_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "attempts_organization_id_started_at_id_idx" ON "attempts"("organization_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "attempts_organization_id_status_started_at_id_idx" ON "attempts"("organization_id", "status", "started_at", "id");

-- CreateIndex
CREATE INDEX "attempts_organization_id_failure_category_started_at_id_idx" ON "attempts"("organization_id", "failure_category", "started_at", "id");

-- CreateIndex
CREATE INDEX "attempts_organization_id_source_task_id_idx" ON "attempts"("organization_id", "source_task_id");

-- CreateIndex
CREATE INDEX "attempts_organization_id_source_run_id_idx" ON "attempts"("organization_id", "source_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "attempts_organization_id_source_id_key" ON "attempts"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "extraction_results_organization_id_run_id_source_created_at_idx" ON "extraction_results"("organization_id", "run_id", "source_created_at", "id");

-- CreateIndex
CREATE INDEX "extraction_results_organization_id_campaign_id_source_creat_idx" ON "extraction_results"("organization_id", "campaign_id", "source_created_at", "id");

-- CreateIndex
CREATE INDEX "extraction_results_organization_id_dataset_id_id_idx" ON "extraction_results"("organization_id", "dataset_id", "id");

-- CreateIndex
CREATE INDEX "extraction_results_organization_id_prompt_version_id_id_idx" ON "extraction_results"("organization_id", "prompt_version_id", "id");

-- CreateIndex
CREATE INDEX "extraction_results_organization_id_source_created_at_id_idx" ON "extraction_results"("organization_id", "source_created_at", "id");

-- CreateIndex
CREATE INDEX "extraction_results_organization_id_source_run_id_idx" ON "extraction_results"("organization_id", "source_run_id");

-- CreateIndex
CREATE INDEX "extraction_results_organization_id_permalink_token_idx" ON "extraction_results"("organization_id", "permalink_token");

-- CreateIndex
CREATE UNIQUE INDEX "extraction_results_organization_id_source_id_key" ON "extraction_results"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "instruction_comparisons_organization_id_campaign_id_source__idx" ON "instruction_comparisons"("organization_id", "campaign_id", "source_created_at", "id");

-- CreateIndex
CREATE INDEX "instruction_comparisons_organization_id_source_created_at_i_idx" ON "instruction_comparisons"("organization_id", "source_created_at", "id");

-- CreateIndex
CREATE INDEX "instruction_comparisons_organization_id_instruction_a_id_idx" ON "instruction_comparisons"("organization_id", "instruction_a_id");

-- CreateIndex
CREATE INDEX "instruction_comparisons_organization_id_instruction_b_id_idx" ON "instruction_comparisons"("organization_id", "instruction_b_id");

-- CreateIndex
CREATE INDEX "instruction_comparisons_organization_id_dataset_id_idx" ON "instruction_comparisons"("organization_id", "dataset_id");

-- CreateIndex
CREATE INDEX "instruction_comparisons_organization_id_run_a_id_idx" ON "instruction_comparisons"("organization_id", "run_a_id");

-- CreateIndex
CREATE INDEX "instruction_comparisons_organization_id_run_b_id_idx" ON "instruction_comparisons"("organization_id", "run_b_id");

-- CreateIndex
CREATE INDEX "instruction_comparisons_organization_id_source_campaign_id_idx" ON "instruction_comparisons"("organization_id", "source_campaign_id");

-- CreateIndex
CREATE UNIQUE INDEX "instruction_comparisons_organization_id_source_id_key" ON "instruction_comparisons"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "imports_organization_id_started_at_id_idx" ON "imports"("organization_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "imported_files_organization_id_import_id_path_id_idx" ON "imported_files"("organization_id", "import_id", "path", "id");

-- CreateIndex
CREATE INDEX "imported_files_organization_id_imported_at_id_idx" ON "imported_files"("organization_id", "imported_at", "id");

-- CreateIndex
CREATE INDEX "imported_files_organization_id_sha256_idx" ON "imported_files"("organization_id", "sha256");

-- CreateIndex
CREATE UNIQUE INDEX "imported_files_organization_id_path_key" ON "imported_files"("organization_id", "path");

-- CreateIndex
CREATE UNIQUE INDEX "payloads_organization_id_sha256_key" ON "payloads"("organization_id", "sha256");

-- CreateIndex
CREATE INDEX "payload_chunks_organization_id_idx" ON "payload_chunks"("organization_id");

-- CreateIndex
CREATE INDEX "rejected_records_organization_id_file_line_id_idx" ON "rejected_records"("organization_id", "file", "line", "id");

-- CreateIndex
CREATE INDEX "rejected_records_organization_id_rejected_at_id_idx" ON "rejected_records"("organization_id", "rejected_at", "id");

-- CreateIndex
CREATE INDEX "rejected_records_organization_id_import_id_id_idx" ON "rejected_records"("organization_id", "import_id", "id");

-- CreateIndex
CREATE INDEX "rejected_records_organization_id_file_id_idx" ON "rejected_records"("organization_id", "file_id");

-- CreateIndex
CREATE UNIQUE INDEX "source_aliases_organization_id_kind_source_id_key" ON "source_aliases"("organization_id", "kind", "source_id");

-- CreateIndex
CREATE UNIQUE INDEX "retention_rules_organization_id_pipeline_key" ON "retention_rules"("organization_id", "pipeline");

-- CreateIndex
CREATE INDEX "health_checks_organization_id_checked_at_id_idx" ON "health_checks"("organization_id", "checked_at", "id");

-- CreateIndex
CREATE INDEX "health_checks_organization_id_service_checked_at_id_idx" ON "health_checks"("organization_id", "service", "checked_at", "id");

-- CreateIndex
CREATE INDEX "health_checks_organization_id_status_checked_at_id_idx" ON "health_checks"("organization_id", "status", "checked_at", "id");

-- CreateIndex
CREATE INDEX "health_checks_organization_id_service_status_checked_at_id_idx" ON "health_checks"("organization_id", "service", "status", "checked_at", "id");

-- CreateIndex
CREATE INDEX "diagnoses_organization_id_diagnosed_at_id_idx" ON "diagnoses"("organization_id", "diagnosed_at", "id");

-- CreateIndex
CREATE INDEX "diagnoses_organization_id_issue_name_diagnosed_at_id_idx" ON "diagnoses"("organization_id", "issue_name", "diagnosed_at", "id");

-- CreateIndex
CREATE INDEX "diagnoses_organization_id_confidence_diagnosed_at_id_idx" ON "diagnoses"("organization_id", "confidence", "diagnosed_at", "id");

-- CreateIndex
CREATE INDEX "diagnoses_organization_id_health_check_id_diagnosed_at_id_idx" ON "diagnoses"("organization_id", "health_check_id", "diagnosed_at", "id");

-- CreateIndex
CREATE INDEX "resolutions_organization_id_resolved_at_id_idx" ON "resolutions"("organization_id", "resolved_at", "id");

-- CreateIndex
CREATE INDEX "resolutions_organization_id_issue_name_resolved_at_id_idx" ON "resolutions"("organization_id", "issue_name", "resolved_at", "id");

-- CreateIndex
CREATE INDEX "resolutions_organization_id_status_resolved_at_id_idx" ON "resolutions"("organization_id", "status", "resolved_at", "id");

-- CreateIndex
CREATE INDEX "resolutions_organization_id_diagnosis_id_resolved_at_id_idx" ON "resolutions"("organization_id", "diagnosis_id", "resolved_at", "id");

-- CreateIndex
CREATE INDEX "alerts_organization_id_raised_at_id_idx" ON "alerts"("organization_id", "raised_at", "id");

-- CreateIndex
CREATE INDEX "alerts_organization_id_service_raised_at_id_idx" ON "alerts"("organization_id", "service", "raised_at", "id");

-- CreateIndex
CREATE INDEX "alerts_organization_id_level_raised_at_id_idx" ON "alerts"("organization_id", "level", "raised_at", "id");

-- CreateIndex
CREATE INDEX "issue_resolutions_organization_id_recorded_at_id_idx" ON "issue_resolutions"("organization_id", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "issue_resolutions_organization_id_issue_name_recorded_at_id_idx" ON "issue_resolutions"("organization_id", "issue_name", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "issue_resolutions_organization_id_resolution_status_recorde_idx" ON "issue_resolutions"("organization_id", "resolution_status", "recorded_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "issue_resolutions_organization_id_source_id_key" ON "issue_resolutions"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "ops_agent_statuses_organization_id_last_check_at_id_idx" ON "ops_agent_statuses"("organization_id", "last_check_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "site_researches_organization_id_run_id_side_key" ON "site_researches"("organization_id", "run_id", "side");

-- CreateIndex
CREATE INDEX "prioritized_urls_organization_id_run_id_id_idx" ON "prioritized_urls"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "prioritized_urls_organization_id_site_research_id_position__idx" ON "prioritized_urls"("organization_id", "site_research_id", "position", "id");

-- CreateIndex
CREATE INDEX "scraped_pages_organization_id_run_id_id_idx" ON "scraped_pages"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "scraped_pages_organization_id_site_research_id_position_id_idx" ON "scraped_pages"("organization_id", "site_research_id", "position", "id");

-- CreateIndex
CREATE INDEX "source_references_organization_id_run_id_id_idx" ON "source_references"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "source_references_organization_id_owner_id_position_id_idx" ON "source_references"("organization_id", "owner_id", "position", "id");

-- CreateIndex
CREATE INDEX "offerings_organization_id_run_id_position_id_idx" ON "offerings"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "case_studies_organization_id_run_id_position_id_idx" ON "case_studies"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "proof_points_organization_id_run_id_position_id_idx" ON "proof_points"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "value_propositions_organization_id_run_id_position_id_idx" ON "value_propositions"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "reference_customers_organization_id_run_id_position_id_idx" ON "reference_customers"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "use_cases_organization_id_run_id_position_id_idx" ON "use_cases"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "vendor_personas_organization_id_run_id_position_id_idx" ON "vendor_personas"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "differentiators_organization_id_run_id_position_id_idx" ON "differentiators"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE UNIQUE INDEX "company_profiles_run_id_key" ON "company_profiles"("run_id");

-- CreateIndex
CREATE INDEX "company_profiles_organization_id_run_id_id_idx" ON "company_profiles"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "pain_points_organization_id_run_id_position_id_idx" ON "pain_points"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "pain_points_organization_id_company_id_id_idx" ON "pain_points"("organization_id", "company_id", "id");

-- CreateIndex
CREATE INDEX "pain_points_organization_id_buyer_persona_id_idx" ON "pain_points"("organization_id", "buyer_persona_id");

-- CreateIndex
CREATE INDEX "pain_points_organization_id_vendor_persona_id_idx" ON "pain_points"("organization_id", "vendor_persona_id");

-- CreateIndex
CREATE INDEX "pain_points_organization_id_conversation_id_idx" ON "pain_points"("organization_id", "conversation_id");

-- CreateIndex
CREATE INDEX "pain_points_organization_id_signal_id_idx" ON "pain_points"("organization_id", "signal_id");

-- CreateIndex
CREATE INDEX "pain_points_organization_id_theme_id_idx" ON "pain_points"("organization_id", "theme", "id");

-- CreateIndex
CREATE INDEX "pain_points_organization_id_occurred_at_id_idx" ON "pain_points"("organization_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "buyer_personas_organization_id_run_id_position_id_idx" ON "buyer_personas"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "buyer_personas_organization_id_company_id_id_idx" ON "buyer_personas"("organization_id", "company_id", "id");

-- CreateIndex
CREATE INDEX "buyer_personas_organization_id_priority_score_id_idx" ON "buyer_personas"("organization_id", "priority_score", "id");

-- CreateIndex
CREATE UNIQUE INDEX "playbooks_run_id_key" ON "playbooks"("run_id");

-- CreateIndex
CREATE INDEX "playbooks_organization_id_run_id_id_idx" ON "playbooks"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "playbooks_organization_id_quality_score_generated_on_id_idx" ON "playbooks"("organization_id", "quality_score", "generated_on", "id");

-- CreateIndex
CREATE INDEX "playbooks_organization_id_generated_on_id_idx" ON "playbooks"("organization_id", "generated_on", "id");

-- CreateIndex
CREATE INDEX "email_sequences_organization_id_run_id_id_idx" ON "email_sequences"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "email_sequences_organization_id_playbook_id_position_id_idx" ON "email_sequences"("organization_id", "playbook_id", "position", "id");

-- CreateIndex
CREATE INDEX "email_touches_organization_id_run_id_id_idx" ON "email_touches"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "email_touches_organization_id_email_sequence_id_position_id_idx" ON "email_touches"("organization_id", "email_sequence_id", "position", "id");

-- CreateIndex
CREATE INDEX "talk_tracks_organization_id_run_id_id_idx" ON "talk_tracks"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "talk_tracks_organization_id_playbook_id_position_id_idx" ON "talk_tracks"("organization_id", "playbook_id", "position", "id");

-- CreateIndex
CREATE INDEX "talk_scripts_organization_id_run_id_id_idx" ON "talk_scripts"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "talk_scripts_organization_id_talk_track_id_position_id_idx" ON "talk_scripts"("organization_id", "talk_track_id", "position", "id");

-- CreateIndex
CREATE INDEX "battle_cards_organization_id_run_id_id_idx" ON "battle_cards"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "battle_cards_organization_id_playbook_id_position_id_idx" ON "battle_cards"("organization_id", "playbook_id", "position", "id");

-- CreateIndex
CREATE INDEX "competitive_positionings_organization_id_run_id_id_idx" ON "competitive_positionings"("organization_id", "run_id", "id");

-- CreateIndex
CREATE INDEX "competitive_positionings_organization_id_battle_card_id_pos_idx" ON "competitive_positionings"("organization_id", "battle_card_id", "position", "id");

-- CreateIndex
CREATE INDEX "competitive_positionings_organization_id_competitor_key_id_idx" ON "competitive_positionings"("organization_id", "competitor_key", "id");

-- CreateIndex
CREATE UNIQUE INDEX "model_prices_organization_id_pattern_effective_from_key" ON "model_prices"("organization_id", "pattern", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "pipelines_organization_id_name_key" ON "pipelines"("organization_id", "name");

-- CreateIndex
CREATE INDEX "runs_organization_id_external_id_idx" ON "runs"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "runs_organization_id_started_at_id_idx" ON "runs"("organization_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_pipeline_id_started_at_id_idx" ON "runs"("organization_id", "pipeline_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_prospect_id_started_at_id_idx" ON "runs"("organization_id", "prospect_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_vendor_id_started_at_id_idx" ON "runs"("organization_id", "vendor_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_status_started_at_id_idx" ON "runs"("organization_id", "status", "started_at", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_finished_at_id_idx" ON "runs"("organization_id", "finished_at", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_cost_usd_id_idx" ON "runs"("organization_id", "cost_usd", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_duration_seconds_id_idx" ON "runs"("organization_id", "duration_seconds", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_total_tokens_id_idx" ON "runs"("organization_id", "total_tokens", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_run_type_started_at_id_idx" ON "runs"("organization_id", "run_type", "started_at", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_campaign_id_started_at_id_idx" ON "runs"("organization_id", "campaign_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_dataset_id_started_at_id_idx" ON "runs"("organization_id", "dataset_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "runs_organization_id_instruction_id_started_at_id_idx" ON "runs"("organization_id", "instruction_id", "started_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "runs_organization_id_pipeline_id_external_id_key" ON "runs"("organization_id", "pipeline_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "run_phases_organization_id_run_id_number_key" ON "run_phases"("organization_id", "run_id", "number");

-- CreateIndex
CREATE INDEX "steps_organization_id_run_id_position_id_idx" ON "steps"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "steps_organization_id_phase_id_position_id_idx" ON "steps"("organization_id", "phase_id", "position", "id");

-- CreateIndex
CREATE UNIQUE INDEX "agents_organization_id_name_key" ON "agents"("organization_id", "name");

-- CreateIndex
CREATE INDEX "prompt_versions_organization_id_agent_id_version_id_idx" ON "prompt_versions"("organization_id", "agent_id", "version", "id");

-- CreateIndex
CREATE INDEX "prompt_versions_organization_id_campaign_id_version_number__idx" ON "prompt_versions"("organization_id", "campaign_id", "version_number", "id");

-- CreateIndex
CREATE INDEX "prompt_versions_organization_id_source_id_idx" ON "prompt_versions"("organization_id", "source_id");

-- CreateIndex
CREATE INDEX "prompt_versions_organization_id_parent_id_idx" ON "prompt_versions"("organization_id", "parent_id");

-- CreateIndex
CREATE INDEX "prompt_versions_organization_id_source_campaign_id_idx" ON "prompt_versions"("organization_id", "source_campaign_id");

-- CreateIndex
CREATE INDEX "agent_calls_organization_id_run_id_position_id_idx" ON "agent_calls"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "agent_calls_organization_id_step_id_position_id_idx" ON "agent_calls"("organization_id", "step_id", "position", "id");

-- CreateIndex
CREATE INDEX "agent_calls_organization_id_agent_id_started_at_id_idx" ON "agent_calls"("organization_id", "agent_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "agent_calls_organization_id_prompt_version_id_started_at_id_idx" ON "agent_calls"("organization_id", "prompt_version_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "agent_calls_organization_id_started_at_id_idx" ON "agent_calls"("organization_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "agent_calls_organization_id_attempt_id_idx" ON "agent_calls"("organization_id", "attempt_id");

-- CreateIndex
CREATE INDEX "run_events_organization_id_run_id_position_id_idx" ON "run_events"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "run_events_organization_id_level_occurred_at_id_idx" ON "run_events"("organization_id", "level", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "artifacts_organization_id_run_id_position_id_idx" ON "artifacts"("organization_id", "run_id", "position", "id");

-- CreateIndex
CREATE INDEX "artifacts_organization_id_payload_id_idx" ON "artifacts"("organization_id", "payload_id");

-- CreateIndex
CREATE INDEX "signals_organization_id_detected_at_id_idx" ON "signals"("organization_id", "detected_at", "id");

-- CreateIndex
CREATE INDEX "signals_organization_id_engagement_total_id_idx" ON "signals"("organization_id", "engagement_total", "id");

-- CreateIndex
CREATE INDEX "signals_organization_id_source_detected_at_id_idx" ON "signals"("organization_id", "source", "detected_at", "id");

-- CreateIndex
CREATE INDEX "signals_organization_id_category_detected_at_id_idx" ON "signals"("organization_id", "category", "detected_at", "id");

-- CreateIndex
CREATE INDEX "signals_organization_id_title_id_idx" ON "signals"("organization_id", "title", "id");

-- CreateIndex
CREATE UNIQUE INDEX "signals_organization_id_external_id_key" ON "signals"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "candidates_organization_id_overall_score_external_id_id_idx" ON "candidates"("organization_id", "overall_score", "external_id", "id");

-- CreateIndex
CREATE INDEX "candidates_organization_id_verdict_overall_score_external_i_idx" ON "candidates"("organization_id", "verdict", "overall_score", "external_id", "id");

-- CreateIndex
CREATE INDEX "candidates_organization_id_signal_id_overall_score_external_idx" ON "candidates"("organization_id", "signal_id", "overall_score", "external_id", "id");

-- CreateIndex
CREATE INDEX "candidates_organization_id_source_signal_id_idx" ON "candidates"("organization_id", "source_signal_id");

-- CreateIndex
CREATE INDEX "candidates_organization_id_scored_at_id_idx" ON "candidates"("organization_id", "scored_at", "id");

-- CreateIndex
CREATE INDEX "candidates_organization_id_source_scored_at_id_idx" ON "candidates"("organization_id", "source", "scored_at", "id");

-- CreateIndex
CREATE INDEX "candidates_organization_id_category_scored_at_id_idx" ON "candidates"("organization_id", "category", "scored_at", "id");

-- CreateIndex
CREATE INDEX "candidates_organization_id_title_id_idx" ON "candidates"("organization_id", "title", "id");

-- CreateIndex
CREATE UNIQUE INDEX "candidates_organization_id_external_id_key" ON "candidates"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "candidate_scores_organization_id_dimension_score_id_idx" ON "candidate_scores"("organization_id", "dimension", "score", "id");

-- CreateIndex
CREATE UNIQUE INDEX "candidate_scores_organization_id_candidate_id_dimension_key" ON "candidate_scores"("organization_id", "candidate_id", "dimension");

-- CreateIndex
CREATE UNIQUE INDEX "scoring_configs_organization_id_name_key" ON "scoring_configs"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "synonyms_organization_id_key_key" ON "synonyms"("organization_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "saved_views_organization_id_name_key" ON "saved_views"("organization_id", "name");
