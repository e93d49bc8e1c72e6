/** The order of jobs for each folder by itself: those of a paused folder are passed over without being looked at. */
export const jobsByFolder = `
DROP INDEX jobs_next;
CREATE INDEX jobs_next ON jobs (folder_id, is_leased, not_before, job_id);
`
