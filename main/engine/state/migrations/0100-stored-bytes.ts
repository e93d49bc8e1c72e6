/** How much the bucket holds below each folder's prefix: what it shows, what it keeps of before, and what was never finished. */
export const storedBytes = `
ALTER TABLE folder_totals ADD COLUMN remote_files INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder_totals ADD COLUMN remote_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder_totals ADD COLUMN old_files INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder_totals ADD COLUMN old_bytes INTEGER NOT NULL DEFAULT 0;
-- When old versions were last counted in the bucket; in between they are kept by what Pail does itself.
ALTER TABLE folder_totals ADD COLUMN counted_at INTEGER;
UPDATE folder_totals SET (remote_files, remote_bytes) = (
  SELECT count(*), coalesce(sum(size_bytes), 0) FROM remote_entries WHERE folder_id = folder_totals.folder_id);

CREATE TRIGGER remote_added AFTER INSERT ON remote_entries BEGIN
  UPDATE folder_totals SET remote_files = remote_files + 1, remote_bytes = remote_bytes + NEW.size_bytes
    WHERE folder_id = NEW.folder_id;
END;
-- Another version has taken the name, and the one before stays below it.
CREATE TRIGGER remote_replaced AFTER UPDATE OF file_id ON remote_entries WHEN OLD.file_id <> NEW.file_id BEGIN
  UPDATE folder_totals SET remote_bytes = remote_bytes + NEW.size_bytes - OLD.size_bytes,
    old_files = old_files + 1, old_bytes = old_bytes + OLD.size_bytes WHERE folder_id = NEW.folder_id;
END;
CREATE TRIGGER remote_removed AFTER DELETE ON remote_entries BEGIN
  UPDATE folder_totals SET remote_files = remote_files - 1, remote_bytes = remote_bytes - OLD.size_bytes
    WHERE folder_id = OLD.folder_id;
END;

-- Large files that were begun and not finished when the versions were counted, whoever began them.
CREATE TABLE unfinished_files (
  file_id TEXT PRIMARY KEY,
  folder_id INTEGER NOT NULL REFERENCES sync_folders ON DELETE CASCADE,
  size_bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER large_upload_ended AFTER DELETE ON large_uploads BEGIN
  DELETE FROM unfinished_files WHERE file_id = OLD.file_id;
END;
`
