/**
 * Jobs as a person sees them: in the order they go, those apart that only a person can mend, and what fails or was left for
 * later counted as it changes.
 */
export const transferLists = `
-- Why it failed does not pass by itself.
ALTER TABLE jobs ADD COLUMN is_stuck INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_waiting ON jobs (not_before, rank, job_id, folder_id) WHERE is_stuck = 0;
CREATE INDEX jobs_stuck ON jobs (failing_since, job_id, folder_id) WHERE is_stuck = 1;
CREATE INDEX jobs_failing_next ON jobs (folder_id, code, not_before) WHERE code IS NOT NULL;
DROP INDEX jobs_put_off;
CREATE INDEX jobs_put_off ON jobs (folder_id, not_before, size_bytes) WHERE rank = 3 AND code IS NULL;

-- Jobs that do not go now: by the code they fail with, and with an empty one what a person left for later.
CREATE TABLE delayed_totals (
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  code TEXT NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  stuck_files INTEGER NOT NULL,
  PRIMARY KEY (folder_id, code)
) STRICT, WITHOUT ROWID;
INSERT INTO delayed_totals
  SELECT folder_id, coalesce(code, ''), count(*), sum(size_bytes), 0 FROM jobs WHERE code IS NOT NULL OR rank = 3 GROUP BY 1, 2;
CREATE TRIGGER job_delayed AFTER UPDATE OF code, rank, size_bytes, is_stuck ON jobs
  WHEN OLD.code IS NOT NULL OR OLD.rank = 3 OR NEW.code IS NOT NULL OR NEW.rank = 3
BEGIN
  UPDATE delayed_totals SET files = files - 1, bytes = bytes - OLD.size_bytes, stuck_files = stuck_files - OLD.is_stuck
    WHERE (OLD.code IS NOT NULL OR OLD.rank = 3) AND folder_id = OLD.folder_id AND code = coalesce(OLD.code, '');
  INSERT INTO delayed_totals
    SELECT NEW.folder_id, coalesce(NEW.code, ''), 1, NEW.size_bytes, NEW.is_stuck WHERE NEW.code IS NOT NULL OR NEW.rank = 3
    ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes, stuck_files = stuck_files + excluded.stuck_files;
END;
CREATE TRIGGER job_no_longer_delayed AFTER DELETE ON jobs WHEN OLD.code IS NOT NULL OR OLD.rank = 3 BEGIN
  UPDATE delayed_totals SET files = files - 1, bytes = bytes - OLD.size_bytes, stuck_files = stuck_files - OLD.is_stuck
    WHERE folder_id = OLD.folder_id AND code = coalesce(OLD.code, '');
END;
`
