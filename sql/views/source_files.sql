-- description: What became of every file of the archive: loaded, quarantined or excluded, and why.
-- grain: path
-- rechecked: A file may be loaded and set aside.
-- files: by year of release_id
-- example: select fate, meaning from source_files
--     where path = 'releases/2003/06/2003-06-17-nz-becomes-100th-member-iom.md'
-- column path: Path of the file in the archive.
-- column fate: What happened to the file: loaded, quarantined or excluded.
-- column release_id: Id of the release that the file became; NULL if it is not loaded.
-- column reason: Code of the rule by which the file is not loaded; NULL for a loaded file.
-- column meaning: What the rule says is wrong with the file, or why it is not a release; NULL for a loaded file.
-- column message: What is wrong with the file, in words; NULL unless it is quarantined.
-- column next_step: What to do about the file; NULL for a loaded file.
create or replace view main.source_files as
select
    fact_release.source_path as path,
    'loaded' as fate,
    fact_release.release_id,
    null as reason,
    null as meaning,
    null as message,
    null as next_step
from core.fact_release

union all

select
    quarantine.path,
    reason.fate,
    null as release_id,
    quarantine.reason,
    reason.meaning,
    quarantine.message,
    reason.next_step
from meta.quarantine
inner join meta.reason
    on quarantine.reason = reason.reason

union all

select
    excluded_file.path,
    reason.fate,
    null as release_id,
    excluded_file.reason,
    reason.meaning,
    null as message,
    reason.next_step
from meta.excluded_file
inner join meta.reason
    on excluded_file.reason = reason.reason;
