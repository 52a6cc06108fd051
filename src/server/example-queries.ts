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
