/** The schema with the views that BI tools read. */
export const ANALYTICS = 'analytics'
