-- description: Files that break a rule of the parser, and files whose id belongs to another file.
-- scope: whole
insert into meta.quarantine by name
select
    listing.path,
    listing.blob,
    rejection.reason,
    rejection.message
from staging.listing
inner join staging.rejection
    on listing.path = rejection.path and listing.blob = rejection.blob
inner join meta.reason
    on rejection.reason = reason.reason
where listing.exclusion is null

union all by name

select
    release.path,
    release.blob,
    'duplicate_id' as reason,
    'the id ' || identity.release_id || ' belongs to ' || winner.path as message
from work.identity
inner join staging.release
    on identity.release_row = release.rowid
inner join work.current_release as winner
    on identity.release_id = winner.release_id
inner join meta.reason
    on reason.reason = 'duplicate_id'
where identity.id_rank > 1
order by path;
