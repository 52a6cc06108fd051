/** Queries that GraphiQL opens with; each runs as it stands on any data. */
export const EXAMPLE_QUERIES = [
  `# The newest runs of all pipelines.
query Runs {
  runs(first: 20, orderBy: [{ startedAt: DESC }]) {
    totalCount
    nodes {
      externalId
      pipeline { name }
      status
      startedAt
      durationSeconds
      costUsd
      vendor { domain }
      prospect { domain name industry }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
  `# What happened in a run, step by step, and which agent failed?
query RunInDetail {
  runs(first: 1, where: { pipeline: { name: { equals: "playbook" } } }) {
    nodes {
      externalId
      status
      durationSeconds
      costUsd
      phases {
        number
        name
        status
        costUsd
        steps {
          name
          status
          agentCalls { agent { name } model status totalTokens costUsd costSource durationSeconds error }
        }
      }
      events { level phase step message }
    }
  }
}
`,
  `# What each agent cost in the most expensive run.
query CostPerAgent {
  runs(first: 1, orderBy: [{ costUsd: DESC }]) {
    nodes {
      externalId
      costUsd
      agentCalls(first: 50, orderBy: [{ costUsd: DESC }]) {
        nodes { agent { name } model totalTokens costUsd costSource }
      }
    }
  }
}
`,
  `# Which playbooks should a person look at?
query PlaybooksBelowScore($below: Float = 80) {
  playbooks(where: { qualityScore: { lt: $below } }, orderBy: [{ qualityScore: ASC }]) {
    totalCount
    nodes {
      vendorName
      prospectName
      qualityScore
      qualityBreakdown { rule points of }
      run { externalId }
    }
  }
}
`,
  `# Which competitors turn up most in battle cards?
query Competitors {
  competitors(first: 20) {
    totalCount
    nodes { name battleCards runs prospects }
  }
}
`,
  `# One account across all sources: runs, people, pain points, tasks.
query Accounts {
  companies(first: 5, where: { inAccounts: { equals: true } }, orderBy: [{ accountTier: ASC }, { name: ASC }]) {
    totalCount
    nodes {
      name
      domain
      accountTier
      accountStatus
      runs(first: 5) { totalCount nodes { externalId pipeline { name } status costUsd } }
      runCostUsd
      contacts(first: 5, orderBy: [{ engagementScore: DESC }]) { totalCount nodes { fullName title engagementScore isDecisionMaker } }
      painPoints(first: 10) { totalCount nodes { description origin } }
      tasks(first: 5) { totalCount nodes { siteUrl status extractedData } }
      health { score status recommendations }
    }
  }
}
`,
  `# Whom should we write to next, and what were they told last?
query Conversations {
  conversations(first: 20, where: { status: { equals: ACTIVE } }, orderBy: [{ nextTouchpointAt: ASC }]) {
    totalCount
    nodes {
      contact { fullName title email }
      company { name }
      qualificationTier
      nextTouchpointAt
      context
      engagement { touchpoints emailsSent openRate replyRate }
      touchpoints(first: 1, orderBy: [{ sentAt: DESC }]) { nodes { channel direction subject outcome sentAt } }
    }
  }
}
`,
  `# Where do articles get lost in the newest briefings, and where can a broken one resume?
query Briefings {
  runs(first: 3, where: { pipeline: { name: { equals: "briefing" } } }, orderBy: [{ startedAt: DESC }]) {
    nodes {
      externalId
      status
      isLatest
      durationSeconds
      costUsd
      funnel { phase name status inputCount outputCount dropped durationSeconds llmCalls costUsd }
      resumePlan { resumable nextPhase { number name } spentUsd spentSeconds }
      items(first: 5, orderBy: [{ rank: ASC }]) { totalCount nodes { rank title weightedScore lastPhase { name } } }
    }
  }
}
`,
  `# The best candidates, how their scores add up, and the signal they came from.
query Candidates {
  candidates(first: 10, orderBy: [{ overallScore: DESC }]) {
    totalCount
    nodes {
      externalId
      title
      verdict
      overallScore
      scores { dimension score weight contribution reasoning }
      recommendations
      signal { title source engagementTotal }
    }
  }
}
`,
  `# From a failing health check to its diagnosis and what was done.
query Incidents {
  healthChecks(first: 20, where: { status: { in: [DEGRADED, CRITICAL] } }, orderBy: [{ checkedAt: DESC }]) {
    totalCount
    nodes {
      checkedAt
      service
      status
      message
      diagnosis {
        confidence
        rootCause
        suggestedAction
        resolution { status message stepsCompleted stepsFailed }
      }
    }
  }
}
`,
  `# Did the newer instruction pay? Accuracy, cost and failures of every version and run.
query Campaigns {
  campaigns(first: 5, orderBy: [{ sourceCreatedAt: DESC }]) {
    nodes {
      name
      purpose
      instructions { version status changeDescription runs accuracyPercent passRate costPerTaskUsd }
      runs(first: 5, orderBy: [{ startedAt: DESC }]) {
        nodes {
          externalId
          runType
          instruction { version }
          health { score factors { factor value weight points } }
          fieldAccuracy { field compared matched missing accuracyPercent }
          failures { category reason tasks examples }
        }
      }
    }
  }
}
`,
  `# What was imported, and what was set aside?
query Imports {
  imports(first: 5) {
    nodes { startedAt status files { read unchanged quarantined } records { read inserted updated unchanged quarantined } }
  }
  rejectedRecords(first: 50, orderBy: [{ file: ASC }, { line: ASC }]) {
    totalCount
    nodes { file line pointer code message }
  }
}
`,
]
