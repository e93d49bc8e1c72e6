"""
Brings b2://BUCKET/PREFIX in line with a folder, as Backblaze's own command line does: b2sdk-sync.py FOLDER URL THREADS.
Where and as whom comes from the environment.
"""
import os
import sys
import time

from b2sdk.v2 import B2Api, InMemoryAccountInfo, Synchronizer, SyncReport, parse_sync_folder

source, target, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
api = B2Api(InMemoryAccountInfo(), max_upload_workers=threads)
api.authorize_account(os.environ["B2_REALM_URL"], os.environ["B2_APPLICATION_KEY_ID"], os.environ["B2_APPLICATION_KEY"])
with SyncReport(sys.stderr, no_progress=True) as reporter:
    Synchronizer(max_workers=threads).sync_folders(
        source_folder=parse_sync_folder(source, api),
        dest_folder=parse_sync_folder(target, api),
        now_millis=int(time.time() * 1000),
        reporter=reporter,
    )
