/**
 * The order of jobs for each folder by itself: those of a paused folder are passed over without being looked at. And copies
 * by the content they bring.
 */
export const jobsByFolder = `
DROP INDEX jobs_next;
CREATE INDEX jobs_next ON jobs (folder_id, is_leased, not_before, job_id);
CREATE INDEX jobs_from_content ON jobs (from_sha1) WHERE from_sha1 IS NOT NULL;
`
