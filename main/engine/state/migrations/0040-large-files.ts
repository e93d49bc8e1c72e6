/** Large files that were begun and not finished, what is known of the content of those in the bucket, and what was spared. */
export const largeFiles = `
-- No reference to the folder: what was begun is cancelled in B2 also after the folder is forgotten.
CREATE TABLE large_uploads (
  file_id TEXT PRIMARY KEY,
  folder_id INTEGER NOT NULL,
  path TEXT NOT NULL,
  file_name TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  ctime_ms REAL NOT NULL,
  ino REAL NOT NULL,
  sha1 TEXT NOT NULL,
  block_bytes INTEGER NOT NULL,
  -- 20 bytes a block
  block_sha1s BLOB NOT NULL,
  -- JSON: the runs of blocks that are as in the version they are copied from
  runs TEXT NOT NULL,
  copies_from TEXT,
  started_at INTEGER NOT NULL
) STRICT;
CREATE INDEX large_uploads_path ON large_uploads (folder_id, path);

CREATE TABLE large_contents (
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  path TEXT NOT NULL,
  file_id TEXT NOT NULL,
  block_bytes INTEGER NOT NULL,
  block_sha1s BLOB NOT NULL,
  UNIQUE (folder_id, path)
) STRICT;
CREATE TRIGGER base_content_removed AFTER DELETE ON base_entries BEGIN
  DELETE FROM large_contents WHERE folder_id = OLD.folder_id
    AND path = iif(OLD.directory = '', OLD.name, OLD.directory || '/' || OLD.name);
END;

ALTER TABLE activity ADD COLUMN spared_bytes INTEGER;
`
