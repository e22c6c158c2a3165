-- description: Files that break a rule of the parser, kept by path and content like the releases.
-- grain: path, blob
-- column path: Path in the archive.
-- column blob: Git's hash of the content.
-- column parser_version: Which parser read it; rows of another version are dropped.
-- column reason: Code of the broken rule, a row of seeds/reasons.csv.
-- column message: What is wrong with this file.
create table if not exists rejection (
    path varchar not null,
    blob varchar not null,
    parser_version varchar not null,
    reason varchar not null,
    message varchar not null
);
