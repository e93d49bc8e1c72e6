/** Jobs by lane, and in each by rank; see `model/job.ts`. */
export const lanes = `
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT 'small' CHECK (lane IN ('small', 'large', 'server'));
ALTER TABLE jobs ADD COLUMN rank INTEGER NOT NULL DEFAULT 1;
UPDATE jobs SET rank = iif(size_bytes > 1000000 OR kind IN ('hide', 'delete'), 2, 1),
  lane = CASE WHEN kind = 'copy' THEN 'server' WHEN size_bytes >= 50000000 THEN 'large' ELSE 'small' END;
DROP INDEX jobs_next;
CREATE INDEX jobs_next ON jobs (folder_id, is_leased, lane, not_before, rank, job_id);
CREATE INDEX jobs_put_off ON jobs (folder_id, not_before) WHERE rank = 3;
`
