/** Versions that a name no longer shows: what moved on from there is copied from them. */
export const formerVersions = `
CREATE TABLE former_versions (
  former_id INTEGER PRIMARY KEY,
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  size_bytes INTEGER NOT NULL,
  sha1 TEXT NOT NULL,
  file_id TEXT NOT NULL
) STRICT;
CREATE INDEX former_by_content ON former_versions (size_bytes, sha1);
CREATE TRIGGER base_superseded AFTER UPDATE OF sha1 ON base_entries WHEN OLD.sha1 <> NEW.sha1 AND OLD.size_bytes > 0 BEGIN
  INSERT INTO former_versions (folder_id, size_bytes, sha1, file_id)
    VALUES (OLD.folder_id, OLD.size_bytes, OLD.sha1, OLD.file_id);
  -- The newest 10,000, a few MB, are enough for what moves at one time.
  DELETE FROM former_versions WHERE former_id <= last_insert_rowid() - 10000;
END;
`
