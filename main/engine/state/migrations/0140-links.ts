/** The register of share links, and of every version that was made for one. */
export const links = `
CREATE TABLE links (
  link_id INTEGER PRIMARY KEY AUTOINCREMENT,
  state TEXT NOT NULL CHECK (state IN ('promised', 'ready', 'failed', 'expired', 'ended')),
  code TEXT,
  bucket_id TEXT NOT NULL,
  bucket_name TEXT NOT NULL,
  is_public INTEGER NOT NULL,
  -- The server's name that the address opens; for a copy and a list it is one that nobody can guess.
  name TEXT NOT NULL,
  -- The server's name of what was shared, ending with a slash for a folder; a local path for what was sent for the link alone.
  shared TEXT NOT NULL,
  is_folder INTEGER NOT NULL,
  behind TEXT NOT NULL CHECK (behind IN ('original', 'copy', 'upload', 'index')),
  folder_id INTEGER REFERENCES sync_folders ON DELETE SET NULL,
  path TEXT,
  url TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  valid_seconds INTEGER NOT NULL,
  expires_at INTEGER,
  ended_at INTEGER,
  copied_to TEXT NOT NULL,
  -- The answer said that it does not work yet, so it is told when it does.
  is_promised INTEGER NOT NULL DEFAULT 0,
  is_hurried INTEGER NOT NULL DEFAULT 0,
  is_reminded INTEGER NOT NULL DEFAULT 0,
  opens_too TEXT,
  opens_too_since INTEGER,
  -- Names that a person has said may be opened too, as JSON.
  accepted TEXT,
  siblings_checked_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX links_by_state ON links (state, link_id);

-- A row is here before its version is in the bucket, and until that is gone: nothing else is ever deleted for a link.
CREATE TABLE link_versions (
  version_id INTEGER PRIMARY KEY AUTOINCREMENT,
  link_id INTEGER NOT NULL REFERENCES links ON DELETE RESTRICT,
  bucket_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- In the version's file info: proves which one it is where the answer that named it was lost.
  mark TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  -- Null until B2 has named it.
  file_id TEXT,
  is_wanted INTEGER NOT NULL DEFAULT 1,
  -- The key may not delete: the name is hidden instead, and the version stays until a key may.
  is_hidden INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX link_versions_by_link ON link_versions (link_id);
CREATE INDEX link_versions_unwanted ON link_versions (is_hidden, version_id) WHERE is_wanted = 0;
`
