/** How many things a generated world has. */
export type Sizes = ReturnType<typeof sizesOf>

/**
 * Factor 1 is a small team's first weeks; the numbers of records grow with the factor, and so do the largest single
 * things: a production run over a long dataset, a briefing that read everything, a big account.
 */
export function sizesOf(factor: number) {
  return {
    vendors: 2 + Math.floor(factor / 10),
    /** Companies that runs and datasets are about; the first of them have an account. */
    companies: 20 * factor,
    accounts: 11 * factor,
    largestAccountContacts: 7 + 2 * factor,
    playbookRuns: 40 * factor,
    playbookDirectories: factor,
    briefingRuns: 7 * factor,
    /** The newest complete ones, so that two of them can be compared. */
    largeBriefingRuns: factor < 10 ? 0 : 2 + Math.floor(factor / 50),
    largestBriefingArticles: 60 + 12 * factor,
    signals: 30 * factor,
    candidates: 40 * factor,
    healthChecks: 150 * factor,
    issueResolutions: 20 * factor,
    campaigns: 2 * factor,
    largestCampaignRuns: 4 + Math.floor(factor / 5),
    largestRunTasks: 32 + 22 * factor,
    legacyProjects: factor,
  }
}
