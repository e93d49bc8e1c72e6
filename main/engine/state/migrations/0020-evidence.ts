/**
 * Folder settings, pauses and root identity; local entries with the evidence for losses; copies and deletions as jobs;
 * listings that replace the one before only when they are complete.
 */
export const evidence = `
ALTER TABLE sync_folders ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE sync_folders ADD COLUMN is_paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_folders ADD COLUMN paused_until INTEGER;
-- Identity of the root: null until it was first looked at.
ALTER TABLE sync_folders ADD COLUMN root_dev REAL;
ALTER TABLE sync_folders ADD COLUMN root_ino REAL;
ALTER TABLE sync_folders ADD COLUMN marker_id TEXT;
-- The root changed its identity, so no loss passes the gate without a person.
ALTER TABLE sync_folders ADD COLUMN asks_every_loss INTEGER NOT NULL DEFAULT 0;
-- Held by the safety gate; outlives a restart, so that nothing is sent before the first check.
ALTER TABLE sync_folders ADD COLUMN held_code TEXT;
ALTER TABLE sync_folders ADD COLUMN held_since INTEGER;
-- When the prefix was last listed completely, and the number of the listing that is newest.
ALTER TABLE sync_folders ADD COLUMN listed_at INTEGER;
ALTER TABLE sync_folders ADD COLUMN listing INTEGER NOT NULL DEFAULT 0;

ALTER TABLE base_entries ADD COLUMN is_other_device INTEGER NOT NULL DEFAULT 0;
CREATE INDEX base_by_file ON base_entries (ino);
CREATE INDEX base_by_content ON base_entries (size_bytes, sha1);

ALTER TABLE remote_entries ADD COLUMN is_ours INTEGER NOT NULL DEFAULT 0;
ALTER TABLE remote_entries ADD COLUMN listing INTEGER NOT NULL DEFAULT 0;

-- What the last look found, where it differs from base.
CREATE TABLE local_entries (
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  directory TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('absent', 'emptied', 'skipped', 'blocked', 'kept')),
  -- skipped: why
  reason TEXT,
  -- blocked: why, with facts, since when (Unix milliseconds)
  code TEXT,
  details TEXT NOT NULL DEFAULT '{}',
  since INTEGER,
  -- kept: the content it is about
  stamp TEXT,
  -- absent, emptied: when this run of the engine first saw it (its monotonic clock), whether a second look agreed, and
  -- how it came through the gate
  seen_at REAL,
  is_confirmed INTEGER NOT NULL DEFAULT 0,
  pass TEXT CHECK (pass IN ('counted', 'elsewhere', 'approved')),
  PRIMARY KEY (folder_id, directory, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX local_losses ON local_entries (folder_id, is_confirmed, seen_at) WHERE kind IN ('absent', 'emptied');
CREATE INDEX local_blocked ON local_entries (folder_id, since) WHERE kind = 'blocked';

-- Hides that passed the gate because they were few: one row each, for as long as the gate's window.
CREATE TABLE counted_losses (
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX counted_losses_at ON counted_losses (folder_id, at);

-- Versions in the bucket that did not come from the folder, and that a person lets be replaced.
CREATE TABLE approved_overwrites (
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  path TEXT NOT NULL,
  file_id TEXT NOT NULL,
  PRIMARY KEY (folder_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs_0020 (
  job_id INTEGER PRIMARY KEY AUTOINCREMENT,
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  path TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('upload', 'copy', 'hide', 'delete')),
  size_bytes INTEGER NOT NULL,
  from_folder_id INTEGER,
  from_path TEXT,
  from_file_id TEXT,
  from_sha1 TEXT,
  revision INTEGER NOT NULL DEFAULT 1,
  is_leased INTEGER NOT NULL DEFAULT 0,
  is_uncertain INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  code TEXT,
  details TEXT NOT NULL DEFAULT '{}',
  failing_since INTEGER,
  UNIQUE (folder_id, path)
) STRICT;
INSERT INTO jobs_0020 (job_id, folder_id, path, kind, size_bytes, revision, is_leased, is_uncertain, attempts, not_before,
  code, details, failing_since)
  SELECT job_id, folder_id, path, kind, size_bytes, revision, is_leased, is_uncertain, attempts, not_before, code, details,
    failing_since FROM jobs;
DROP TRIGGER job_added;
DROP TRIGGER job_changed;
DROP TRIGGER job_removed;
DROP TABLE jobs;
ALTER TABLE jobs_0020 RENAME TO jobs;
CREATE INDEX jobs_next ON jobs (is_leased, not_before, job_id);
CREATE INDEX jobs_failing ON jobs (failing_since) WHERE code IS NOT NULL;
CREATE INDEX jobs_from ON jobs (from_path) WHERE from_path IS NOT NULL;
CREATE TRIGGER job_added AFTER INSERT ON jobs BEGIN
  UPDATE folder_totals SET job_files = job_files + 1, job_bytes = job_bytes + NEW.size_bytes WHERE folder_id = NEW.folder_id;
END;
CREATE TRIGGER job_changed AFTER UPDATE OF size_bytes ON jobs BEGIN
  UPDATE folder_totals SET job_bytes = job_bytes + NEW.size_bytes - OLD.size_bytes WHERE folder_id = NEW.folder_id;
END;
CREATE TRIGGER job_removed AFTER DELETE ON jobs BEGIN
  UPDATE folder_totals SET job_files = job_files - 1, job_bytes = job_bytes - OLD.size_bytes WHERE folder_id = OLD.folder_id;
END;

-- Losses that wait, and what is blocked, counted as the other totals are.
ALTER TABLE folder_totals ADD COLUMN loss_files INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder_totals ADD COLUMN blocked_files INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER local_added AFTER INSERT ON local_entries BEGIN
  UPDATE folder_totals SET loss_files = loss_files + (NEW.kind IN ('absent', 'emptied')),
    blocked_files = blocked_files + (NEW.kind = 'blocked') WHERE folder_id = NEW.folder_id;
END;
CREATE TRIGGER local_changed AFTER UPDATE OF kind ON local_entries BEGIN
  UPDATE folder_totals SET
    loss_files = loss_files + (NEW.kind IN ('absent', 'emptied')) - (OLD.kind IN ('absent', 'emptied')),
    blocked_files = blocked_files + (NEW.kind = 'blocked') - (OLD.kind = 'blocked') WHERE folder_id = NEW.folder_id;
END;
CREATE TRIGGER local_removed AFTER DELETE ON local_entries BEGIN
  UPDATE folder_totals SET loss_files = loss_files - (OLD.kind IN ('absent', 'emptied')),
    blocked_files = blocked_files - (OLD.kind = 'blocked') WHERE folder_id = OLD.folder_id;
END;
`
