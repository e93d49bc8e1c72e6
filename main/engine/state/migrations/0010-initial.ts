/** Account, settings, sync folders, base and remote entries, jobs, activity, and the totals that triggers keep. */
export const initial = `
CREATE TABLE account (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  realm TEXT NOT NULL,
  application_key_id TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_folders (
  folder_id INTEGER PRIMARY KEY AUTOINCREMENT,
  root TEXT NOT NULL,
  bucket_id TEXT NOT NULL,
  bucket_name TEXT NOT NULL,
  bucket_type TEXT NOT NULL,
  prefix TEXT NOT NULL,
  UNIQUE (bucket_id, prefix)
) STRICT;

-- What both sides last agreed on. Split into directory and name so that one directory is one range of the key.
CREATE TABLE base_entries (
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  directory TEXT NOT NULL,
  name TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  ctime_ms REAL NOT NULL,
  -- REAL: file ids of some file systems do not fit a safe integer, and only equality matters.
  ino REAL NOT NULL,
  sha1 TEXT NOT NULL,
  file_id TEXT NOT NULL,
  PRIMARY KEY (folder_id, directory, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE remote_entries (
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  path TEXT NOT NULL,
  file_id TEXT NOT NULL,
  sha1 TEXT,
  size_bytes INTEGER NOT NULL,
  uploaded_at INTEGER NOT NULL,
  PRIMARY KEY (folder_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  job_id INTEGER PRIMARY KEY AUTOINCREMENT,
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  path TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('upload', 'hide')),
  size_bytes INTEGER NOT NULL,
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
CREATE INDEX jobs_next ON jobs (is_leased, not_before, job_id);
CREATE INDEX jobs_failing ON jobs (failing_since) WHERE code IS NOT NULL;

CREATE TABLE activity (
  activity_id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  verb TEXT NOT NULL,
  folder_id INTEGER,
  path TEXT,
  size_bytes INTEGER,
  code TEXT
) STRICT;

-- Counts that every snapshot needs; counting 100,000 rows five times a second would keep an idle machine warm.
CREATE TABLE folder_totals (
  folder_id INTEGER PRIMARY KEY REFERENCES sync_folders ON DELETE CASCADE,
  base_files INTEGER NOT NULL DEFAULT 0,
  base_bytes INTEGER NOT NULL DEFAULT 0,
  job_files INTEGER NOT NULL DEFAULT 0,
  job_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TRIGGER folder_added AFTER INSERT ON sync_folders BEGIN
  INSERT INTO folder_totals (folder_id) VALUES (NEW.folder_id);
END;
CREATE TRIGGER base_added AFTER INSERT ON base_entries BEGIN
  UPDATE folder_totals SET base_files = base_files + 1, base_bytes = base_bytes + NEW.size_bytes WHERE folder_id = NEW.folder_id;
END;
CREATE TRIGGER base_changed AFTER UPDATE OF size_bytes ON base_entries BEGIN
  UPDATE folder_totals SET base_bytes = base_bytes + NEW.size_bytes - OLD.size_bytes WHERE folder_id = NEW.folder_id;
END;
CREATE TRIGGER base_removed AFTER DELETE ON base_entries BEGIN
  UPDATE folder_totals SET base_files = base_files - 1, base_bytes = base_bytes - OLD.size_bytes WHERE folder_id = OLD.folder_id;
END;
CREATE TRIGGER job_added AFTER INSERT ON jobs BEGIN
  UPDATE folder_totals SET job_files = job_files + 1, job_bytes = job_bytes + NEW.size_bytes WHERE folder_id = NEW.folder_id;
END;
CREATE TRIGGER job_changed AFTER UPDATE OF size_bytes ON jobs BEGIN
  UPDATE folder_totals SET job_bytes = job_bytes + NEW.size_bytes - OLD.size_bytes WHERE folder_id = NEW.folder_id;
END;
CREATE TRIGGER job_removed AFTER DELETE ON jobs BEGIN
  UPDATE folder_totals SET job_files = job_files - 1, job_bytes = job_bytes - OLD.size_bytes WHERE folder_id = OLD.folder_id;
END;
`
