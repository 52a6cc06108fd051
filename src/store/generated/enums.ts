export const ActorKind = {
    API_KEY: "API_KEY",
    BI_LOGIN: "BI_LOGIN",
    CLI: "CLI",
    JWT: "JWT",
    OPEN: "OPEN"
} as const;
export type ActorKind = (typeof ActorKind)[keyof typeof ActorKind];
export const AuditOutcome = {
    DENIED: "DENIED",
    FAILED: "FAILED",
    SUCCEEDED: "SUCCEEDED"
} as const;
export type AuditOutcome = (typeof AuditOutcome)[keyof typeof AuditOutcome];
export const AccountTier = {
    STRATEGIC: "STRATEGIC",
    TIER1: "TIER1",
    TIER2: "TIER2",
    TIER3: "TIER3"
} as const;
export type AccountTier = (typeof AccountTier)[keyof typeof AccountTier];
export const AccountStatus = {
    CHURNED: "CHURNED",
    CUSTOMER: "CUSTOMER",
    ENGAGED: "ENGAGED",
    PROSPECTING: "PROSPECTING"
} as const;
export type AccountStatus = (typeof AccountStatus)[keyof typeof AccountStatus];
export const SeniorityLevel = {
    C_LEVEL: "C_LEVEL",
    DIRECTOR: "DIRECTOR",
    INDIVIDUAL_CONTRIBUTOR: "INDIVIDUAL_CONTRIBUTOR",
    MANAGER: "MANAGER",
    VP: "VP"
} as const;
export type SeniorityLevel = (typeof SeniorityLevel)[keyof typeof SeniorityLevel];
export const ContactStatus = {
    ACTIVE: "ACTIVE",
    BOUNCED: "BOUNCED",
    INVALID: "INVALID",
    UNSUBSCRIBED: "UNSUBSCRIBED"
} as const;
export type ContactStatus = (typeof ContactStatus)[keyof typeof ContactStatus];
export const RelationshipStrength = {
    MEDIUM: "MEDIUM",
    STRONG: "STRONG",
    WEAK: "WEAK"
} as const;
export type RelationshipStrength = (typeof RelationshipStrength)[keyof typeof RelationshipStrength];
export const ConversationStatus = {
    ACTIVE: "ACTIVE",
    CLOSED: "CLOSED",
    LOST: "LOST",
    NURTURING: "NURTURING",
    PAUSED: "PAUSED",
    WON: "WON"
} as const;
export type ConversationStatus = (typeof ConversationStatus)[keyof typeof ConversationStatus];
export const QualificationTier = {
    COLD: "COLD",
    COOL: "COOL",
    HOT: "HOT",
    SCORCHING: "SCORCHING",
    WARM: "WARM"
} as const;
export type QualificationTier = (typeof QualificationTier)[keyof typeof QualificationTier];
export const TouchpointChannel = {
    CALL: "CALL",
    EMAIL: "EMAIL",
    LINKEDIN: "LINKEDIN",
    MAIL: "MAIL",
    MEETING: "MEETING",
    SMS: "SMS",
    WHATSAPP: "WHATSAPP"
} as const;
export type TouchpointChannel = (typeof TouchpointChannel)[keyof typeof TouchpointChannel];
export const TouchpointDirection = {
    INBOUND: "INBOUND",
    OUTBOUND: "OUTBOUND"
} as const;
export type TouchpointDirection = (typeof TouchpointDirection)[keyof typeof TouchpointDirection];
export const CampaignStatus = {
    ACTIVE: "ACTIVE",
    ARCHIVED: "ARCHIVED",
    COMPLETED: "COMPLETED",
    PAUSED: "PAUSED"
} as const;
export type CampaignStatus = (typeof CampaignStatus)[keyof typeof CampaignStatus];
export const DatasetStatus = {
    ACTIVE: "ACTIVE",
    ARCHIVED: "ARCHIVED",
    DRAFT: "DRAFT",
    VALIDATED: "VALIDATED"
} as const;
export type DatasetStatus = (typeof DatasetStatus)[keyof typeof DatasetStatus];
export const RunType = {
    PRODUCTION: "PRODUCTION",
    TEST_CUSTOM: "TEST_CUSTOM",
    TEST_SAMPLE: "TEST_SAMPLE"
} as const;
export type RunType = (typeof RunType)[keyof typeof RunType];
export const SampleStrategy = {
    ALL: "ALL",
    CUSTOM: "CUSTOM",
    FIRST_N: "FIRST_N",
    RANDOM: "RANDOM"
} as const;
export type SampleStrategy = (typeof SampleStrategy)[keyof typeof SampleStrategy];
export const TaskStatus = {
    COMPLETED: "COMPLETED",
    FAILED: "FAILED",
    QUEUED: "QUEUED",
    RUNNING: "RUNNING",
    SKIPPED: "SKIPPED"
} as const;
export type TaskStatus = (typeof TaskStatus)[keyof typeof TaskStatus];
export const TaskStatusCategory = {
    BLOCKED: "BLOCKED",
    ERROR: "ERROR",
    PARTIAL: "PARTIAL",
    SUCCESS: "SUCCESS"
} as const;
export type TaskStatusCategory = (typeof TaskStatusCategory)[keyof typeof TaskStatusCategory];
export const AccuracyResult = {
    FAIL: "FAIL",
    PARTIAL: "PARTIAL",
    PASS: "PASS"
} as const;
export type AccuracyResult = (typeof AccuracyResult)[keyof typeof AccuracyResult];
export const FailureCategory = {
    BLOCKED: "BLOCKED",
    EXTRACTION_FAILED: "EXTRACTION_FAILED",
    PAGE_ERROR: "PAGE_ERROR",
    TIMEOUT: "TIMEOUT"
} as const;
export type FailureCategory = (typeof FailureCategory)[keyof typeof FailureCategory];
export const AttemptStatus = {
    BLOCKED: "BLOCKED",
    CANCELLED: "CANCELLED",
    FAILED: "FAILED",
    SUCCESS: "SUCCESS",
    TIMEOUT: "TIMEOUT"
} as const;
export type AttemptStatus = (typeof AttemptStatus)[keyof typeof AttemptStatus];
export const AttemptTrigger = {
    AUTO_RETRY: "AUTO_RETRY",
    INITIAL: "INITIAL",
    MANUAL_RETRY: "MANUAL_RETRY"
} as const;
export type AttemptTrigger = (typeof AttemptTrigger)[keyof typeof AttemptTrigger];
export const InstructionComparisonStatus = {
    COMPLETED: "COMPLETED",
    PENDING: "PENDING",
    RUNNING: "RUNNING"
} as const;
export type InstructionComparisonStatus = (typeof InstructionComparisonStatus)[keyof typeof InstructionComparisonStatus];
export const InstructionComparisonWinner = {
    A: "A",
    B: "B",
    INCONCLUSIVE: "INCONCLUSIVE",
    TIE: "TIE"
} as const;
export type InstructionComparisonWinner = (typeof InstructionComparisonWinner)[keyof typeof InstructionComparisonWinner];
export const ImportStatus = {
    COMPLETED: "COMPLETED",
    COMPLETED_WITH_REJECTS: "COMPLETED_WITH_REJECTS",
    FAILED: "FAILED",
    INTERRUPTED: "INTERRUPTED",
    RUNNING: "RUNNING"
} as const;
export type ImportStatus = (typeof ImportStatus)[keyof typeof ImportStatus];
export const ImportedFileStatus = {
    IMPORTED: "IMPORTED",
    NOTED: "NOTED",
    PARTLY_IMPORTED: "PARTLY_IMPORTED",
    QUARANTINED: "QUARANTINED",
    UNCHANGED: "UNCHANGED"
} as const;
export type ImportedFileStatus = (typeof ImportedFileStatus)[keyof typeof ImportedFileStatus];
export const RejectSeverity = {
    REJECT: "REJECT",
    WARNING: "WARNING"
} as const;
export type RejectSeverity = (typeof RejectSeverity)[keyof typeof RejectSeverity];
export const ServiceStatus = {
    CRITICAL: "CRITICAL",
    DEGRADED: "DEGRADED",
    HEALTHY: "HEALTHY",
    UNKNOWN: "UNKNOWN"
} as const;
export type ServiceStatus = (typeof ServiceStatus)[keyof typeof ServiceStatus];
export const ResolutionStatus = {
    FAILED: "FAILED",
    PARTIAL: "PARTIAL",
    SKIPPED: "SKIPPED",
    SUCCESS: "SUCCESS"
} as const;
export type ResolutionStatus = (typeof ResolutionStatus)[keyof typeof ResolutionStatus];
export const AlertLevel = {
    CRITICAL: "CRITICAL",
    EMERGENCY: "EMERGENCY",
    INFO: "INFO",
    WARNING: "WARNING"
} as const;
export type AlertLevel = (typeof AlertLevel)[keyof typeof AlertLevel];
export const AlertAction = {
    ALERT_FOUNDER: "ALERT_FOUNDER",
    CRITICAL_ALERT: "CRITICAL_ALERT",
    IMMEDIATE_ALERT: "IMMEDIATE_ALERT",
    LOG_ONLY: "LOG_ONLY"
} as const;
export type AlertAction = (typeof AlertAction)[keyof typeof AlertAction];
export const CompanySide = {
    PROSPECT: "PROSPECT",
    VENDOR: "VENDOR"
} as const;
export type CompanySide = (typeof CompanySide)[keyof typeof CompanySide];
export const PainPointOrigin = {
    ACCOUNT_RESEARCH: "ACCOUNT_RESEARCH",
    BUYER_PERSONA: "BUYER_PERSONA",
    CONVERSATION: "CONVERSATION",
    PROSPECT: "PROSPECT",
    SIGNAL: "SIGNAL",
    VENDOR_PERSONA: "VENDOR_PERSONA"
} as const;
export type PainPointOrigin = (typeof PainPointOrigin)[keyof typeof PainPointOrigin];
export const PainPointCategory = {
    GROWTH: "GROWTH",
    MARKET: "MARKET",
    OPERATIONAL: "OPERATIONAL",
    STRATEGIC: "STRATEGIC",
    TECHNICAL: "TECHNICAL"
} as const;
export type PainPointCategory = (typeof PainPointCategory)[keyof typeof PainPointCategory];
export const Confidence = {
    HIGH: "HIGH",
    LOW: "LOW",
    MEDIUM: "MEDIUM"
} as const;
export type Confidence = (typeof Confidence)[keyof typeof Confidence];
export const BattleCardType = {
    COMPETITIVE_POSITIONING: "COMPETITIVE_POSITIONING",
    OBJECTION_HANDLING: "OBJECTION_HANDLING",
    WHY_WE_WIN: "WHY_WE_WIN"
} as const;
export type BattleCardType = (typeof BattleCardType)[keyof typeof BattleCardType];
export const RunStatus = {
    COMPLETED: "COMPLETED",
    FAILED: "FAILED",
    PARTIAL: "PARTIAL",
    PAUSED: "PAUSED",
    QUEUED: "QUEUED",
    RUNNING: "RUNNING",
    STOPPED: "STOPPED"
} as const;
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus];
export const StepStatus = {
    COMPLETED: "COMPLETED",
    FAILED: "FAILED",
    PARTIAL: "PARTIAL",
    RUNNING: "RUNNING",
    SKIPPED: "SKIPPED"
} as const;
export type StepStatus = (typeof StepStatus)[keyof typeof StepStatus];
export const EventLevel = {
    ERROR: "ERROR",
    INFO: "INFO",
    WARNING: "WARNING"
} as const;
export type EventLevel = (typeof EventLevel)[keyof typeof EventLevel];
export const CostSource = {
    ALLOCATED: "ALLOCATED",
    PRICED: "PRICED",
    REPORTED: "REPORTED",
    UNKNOWN: "UNKNOWN"
} as const;
export type CostSource = (typeof CostSource)[keyof typeof CostSource];
export const PromptVersionStatus = {
    ACTIVE: "ACTIVE",
    DEPRECATED: "DEPRECATED",
    DRAFT: "DRAFT",
    TESTING: "TESTING"
} as const;
export type PromptVersionStatus = (typeof PromptVersionStatus)[keyof typeof PromptVersionStatus];
export const ArtifactKind = {
    JSON: "JSON",
    MARKDOWN: "MARKDOWN",
    TEXT: "TEXT"
} as const;
export type ArtifactKind = (typeof ArtifactKind)[keyof typeof ArtifactKind];
export const Verdict = {
    GO: "GO",
    PASS: "PASS",
    RESEARCH: "RESEARCH"
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];
export const ScoreDimension = {
    COMPETITION: "COMPETITION",
    EMOTIONAL: "EMOTIONAL",
    FEASIBILITY: "FEASIBILITY",
    MARKET: "MARKET",
    SIGNAL_QUALITY: "SIGNAL_QUALITY"
} as const;
export type ScoreDimension = (typeof ScoreDimension)[keyof typeof ScoreDimension];
