"""
What Backblaze's own Python library does with a B2, for b2sdk.test.ts: one scenario a run, named by the first argument,
told as JSON on the standard output. Where and as whom comes from the environment.
"""
import json
import os
import sys
import time

try:
    from b2sdk.v2 import (
        B2Api,
        InMemoryAccountInfo,
        KeepOrDeleteMode,
        NewerFileSyncMode,
        Synchronizer,
        SyncReport,
        parse_sync_folder,
    )
    from b2sdk.v2.exception import B2Error
except ImportError as error:
    sys.exit(f"b2sdk for Python is not installed: on Debian, apt-get install python3-b2sdk ({error})")


def connect(key_id, key):
    api = B2Api(InMemoryAccountInfo())
    api.authorize_account(os.environ["B2_TEST_REALM_URL"], key_id, key)
    return api


api = connect(os.environ["B2_TEST_KEY_ID"], os.environ["B2_TEST_KEY"])
bucket = api.get_bucket_by_name(os.environ["B2_TEST_BUCKET_NAME"])

NASTY = "dir/a + b&c,\u81ea\u7531.txt"


def version(file_version):
    """What matters of a file version, under the names that B2 gives its fields."""
    return {
        "fileId": file_version.id_,
        "fileName": file_version.file_name,
        "action": file_version.action,
        "contentLength": file_version.size,
        "contentSha1": file_version.content_sha1,
        "contentType": file_version.content_type,
        "fileInfo": file_version.file_info,
        "uploadTimestamp": file_version.upload_timestamp,
    }


def listed(**options):
    return [version(each) for each, _folder in bucket.ls(**options)]


def saved(downloaded, path):
    downloaded.save_to(path)
    return os.path.getsize(path)


def small_files(source, target):
    """Uploads a file twice, and reads it back by name, by id and in part."""
    old = bucket.upload_local_file(source, NASTY, None, {"author": "J\u00fcrgen +"})
    new = bucket.upload_bytes(b"0123456789", NASTY, content_type="text/plain")
    bucket.upload_bytes(b"", "dir/empty")
    saved(bucket.download_file_by_name(new.file_name), target + "-by-name")
    saved(api.download_file_by_id(old.id_), target + "-by-id")
    saved(bucket.download_file_by_name(new.file_name, range_=(3, 5)), target + "-range")
    info = bucket.get_file_info_by_name(new.file_name)
    return {
        "old": version(old),
        "new": version(new),
        "names": [each["fileName"] for each in listed(folder_to_list="dir", fetch_count=1)],
        "versions": listed(folder_to_list="dir", latest_only=False, fetch_count=1),
        "folders": [folder for _each, folder in bucket.ls("")],
        "infoOfId": version(bucket.get_file_info_by_id(old.id_)),
        "headOfName": {"fileId": info.id_, "contentLength": info.size, "contentSha1": info.content_sha1},
    }


def large_files(source, target):
    """Uploads in parts, breaks one off, and reads back whole and in part."""
    stored = bucket.upload_local_file(source, "large.bin")
    saved(bucket.download_file_by_name("large.bin"), target)
    saved(bucket.download_file_by_name("large.bin", range_=(199_990, 200_009)), target + "-range")
    started = api.services.large_file.start_large_file(bucket.id_, "broken-off.bin", "b2/x-auto")
    unfinished = [each.file_id for each in bucket.list_unfinished_large_files()]
    parts = [each.part_number for each in bucket.list_parts(started.file_id)]
    api.cancel_large_file(started.file_id)
    return {
        "stored": version(stored),
        "started": started.file_id,
        "unfinished": unfinished,
        "parts": parts,
        "unfinishedAfterwards": [each.file_id for each in bucket.list_unfinished_large_files()],
    }


def copies(source, target):
    """Copies inside of the bucket: whole, a part, with other info, and a large one in parts."""
    length = os.path.getsize(source)
    large = bucket.upload_local_file(source, "copies/source.bin", None, {"color": "red"})
    whole = bucket.copy(large.id_, "copies/whole")
    part = bucket.copy(large.id_, "copies/part", offset=10, length=20)
    other = bucket.copy(large.id_, "copies/other", content_type="text/x-other", file_info={"color": "blue"})
    pieces = bucket.copy(large.id_, "copies/pieces", offset=1, length=length - 1, max_part_size=300_000)
    for name in ["whole", "part", "other", "pieces"]:
        saved(bucket.download_file_by_name("copies/" + name), f"{target}-{name}")
    return {"whole": version(whole), "part": version(part), "other": version(other), "pieces": version(pieces)}


def hide_and_delete():
    """Hides, shows again, deletes, and does what is refused."""
    old = bucket.upload_bytes(b"old", "hidden/x")
    new = bucket.upload_bytes(b"new", "hidden/x")
    marker = bucket.hide_file("hidden/x")
    while_hidden = [each["fileName"] for each in listed(folder_to_list="hidden")]
    refused = []
    for attempt in [
        lambda: bucket.hide_file("hidden/x"),
        lambda: bucket.hide_file("hidden/never"),
        lambda: bucket.download_file_by_name("hidden/x"),
        lambda: api.delete_file_version(new.id_, "hidden/other-name"),
        lambda: api.get_bucket_by_name("no-such-bucket"),
    ]:
        try:
            attempt()
            refused.append(None)
        except B2Error as error:
            refused.append(type(error).__name__)
    api.delete_file_version(marker.id_, "hidden/x")
    shown = [each["fileId"] for each in listed(folder_to_list="hidden")]
    api.delete_file_version(new.id_, "hidden/x")
    return {
        "old": old.id_,
        "new": new.id_,
        "marker": version(marker),
        "whileHidden": while_hidden,
        "refused": refused,
        "shown": shown,
        "left": [each["fileId"] for each in listed(folder_to_list="hidden", latest_only=False)],
    }


def sync(source, target):
    """Makes the target like the source, either of which may be a b2:// URL."""
    synchronizer = Synchronizer(
        max_workers=10,
        newer_file_mode=NewerFileSyncMode.REPLACE,
        keep_days_or_delete=KeepOrDeleteMode.DELETE,
    )
    with SyncReport(sys.stderr, no_progress=True) as reporter:
        synchronizer.sync_folders(
            source_folder=parse_sync_folder(source, api),
            dest_folder=parse_sync_folder(target, api),
            now_millis=int(time.time() * 1000),
            reporter=reporter,
        )
    return {}


def keys_and_sharing():
    """Makes keys that may do little, and tries what they may do."""
    bucket.upload_bytes(b"mine", "mine/x")
    bucket.upload_bytes(b"theirs", "theirs/x")
    token = bucket.get_download_authorization("mine/", 600)
    key = api.create_key(
        ["listBuckets", "listFiles", "readFiles"], "limited", 3600, bucket_id=bucket.id_, name_prefix="mine/"
    )
    limited = connect(key.id_, key.application_key)
    theirs = limited.get_bucket_by_name(bucket.name)
    refused = []
    for attempt in [
        lambda: theirs.download_file_by_name("theirs/x"),
        lambda: theirs.upload_bytes(b"x", "mine/y"),
        lambda: list(theirs.ls("theirs")),
        lambda: list(limited.list_keys()),
        lambda: limited.get_bucket_by_name("other-bucket"),
    ]:
        try:
            attempt()
            refused.append(None)
        except B2Error as error:
            refused.append(type(error).__name__)
    names = [each.file_name for each, _folder in theirs.ls("mine")]
    known = [each.id_ for each in api.list_keys()]
    api.delete_key(key)
    return {
        "url": bucket.get_download_url("mine/x"),
        "otherUrl": bucket.get_download_url("theirs/x"),
        "token": token,
        "refused": refused,
        "names": names,
        "isKnown": key.id_ in known,
        "isKnownAfterwards": key.id_ in [each.id_ for each in api.list_keys()],
    }


SCENARIOS = [small_files, large_files, copies, hide_and_delete, sync, keys_and_sharing]
scenario = {each.__name__: each for each in SCENARIOS}[sys.argv[1]]
print(json.dumps(scenario(*sys.argv[2:])))
