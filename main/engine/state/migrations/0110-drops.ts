/** Files that a person dropped on the window, to be sent once; and what was begun of the large ones among them. */
export const drops = `
CREATE TABLE drop_sources (
  source_id INTEGER PRIMARY KEY,
  -- the directory that was dropped from
  root TEXT NOT NULL,
  bucket_id TEXT NOT NULL,
  bucket_name TEXT NOT NULL,
  bucket_type TEXT NOT NULL,
  prefix TEXT NOT NULL,
  on_conflict TEXT NOT NULL CHECK (on_conflict IN ('keep-both', 'replace')),
  mark TEXT NOT NULL,
  left_out INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE drops (
  drop_id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL REFERENCES drop_sources,
  path TEXT NOT NULL,
  -- a folder that is still to be read; its files take its place
  is_folder INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  is_slow INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'failed', 'done')),
  -- in the bucket, where that is certain
  file_name TEXT,
  was_there INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  code TEXT,
  details TEXT NOT NULL DEFAULT '{}',
  file_id TEXT,
  -- when it arrived, or began to fail
  ended_at INTEGER,
  UNIQUE (source_id, path)
) STRICT;
CREATE INDEX drops_in_turn ON drops (state, is_folder, is_slow, drop_id);
CREATE INDEX drops_ended ON drops (state, ended_at);
CREATE INDEX drops_failing ON drops (state, code, not_before, size_bytes) WHERE code IS NOT NULL;

-- 'reading' counts folders that are still to be read
CREATE TABLE drop_totals (
  state TEXT PRIMARY KEY,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO drop_totals VALUES ('reading', 0, 0), ('waiting', 0, 0), ('failed', 0, 0), ('done', 0, 0);
CREATE TRIGGER drop_added AFTER INSERT ON drops BEGIN
  UPDATE drop_totals SET files = files + 1, bytes = bytes + NEW.size_bytes
    WHERE state = iif(NEW.is_folder AND NEW.state = 'waiting', 'reading', NEW.state);
END;
CREATE TRIGGER drop_removed AFTER DELETE ON drops BEGIN
  UPDATE drop_totals SET files = files - 1, bytes = bytes - OLD.size_bytes
    WHERE state = iif(OLD.is_folder AND OLD.state = 'waiting', 'reading', OLD.state);
END;
CREATE TRIGGER drop_changed AFTER UPDATE OF state, size_bytes ON drops BEGIN
  UPDATE drop_totals SET files = files - 1, bytes = bytes - OLD.size_bytes
    WHERE state = iif(OLD.is_folder AND OLD.state = 'waiting', 'reading', OLD.state);
  UPDATE drop_totals SET files = files + 1, bytes = bytes + NEW.size_bytes
    WHERE state = iif(NEW.is_folder AND NEW.state = 'waiting', 'reading', NEW.state);
END;

-- No reference to the drop: what was begun is cancelled in B2 also after that is gone.
CREATE TABLE drop_uploads (
  upload_id INTEGER PRIMARY KEY AUTOINCREMENT,
  file_id TEXT NOT NULL UNIQUE,
  drop_id INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  ctime_ms REAL NOT NULL,
  ino REAL NOT NULL,
  sha1 TEXT NOT NULL,
  block_bytes INTEGER NOT NULL,
  -- 20 bytes a block
  block_sha1s BLOB NOT NULL
) STRICT;
CREATE INDEX drop_uploads_drop ON drop_uploads (drop_id);
`
