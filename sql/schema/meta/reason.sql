-- description: Why a file of the archive can be missing from the releases.
-- grain: reason
-- column reason: Code.
-- column fate: quarantined or excluded.
-- column meaning: What the code says of a file.
-- column next_step: What to do about it.
create table meta.reason (
    reason varchar primary key,
    fate varchar not null,
    meaning varchar not null,
    next_step varchar not null,
    check (fate in ('quarantined', 'excluded'))
);
