-- description: Files that break a rule of the parser, stored by path and content like the releases.
-- grain: path, blob
-- column path: Path of the file in the archive.
-- column blob: Git's hash of the file's content.
-- column parser_version: Version of the parser that read the file; rows of other versions are dropped.
-- column reason: Code of the rule that the file breaks, from seeds/reasons.csv.
-- column message: What is wrong with the file, in words.
create table if not exists rejection (
    path varchar not null,
    blob varchar not null,
    parser_version varchar not null,
    reason varchar not null,
    message varchar not null
);
