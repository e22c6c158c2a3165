-- description: The rules by which a file of the archive can be kept out of the releases.
-- grain: reason
-- column reason: Code of the rule, such as `duplicate_id`.
-- column fate: What happens to the file: quarantined or excluded.
-- column meaning: What the rule says is wrong with the file, or why it is not a release.
-- column next_step: What to do about the file.
create table meta.reason (
    reason varchar primary key,
    fate varchar not null,
    meaning varchar not null,
    next_step varchar not null,
    check (fate in ('quarantined', 'excluded'))
);
