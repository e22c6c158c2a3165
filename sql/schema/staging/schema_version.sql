-- description: Version of the layout of the staging file; an older file is rebuilt, a newer one is refused.
create table if not exists schema_version (
    version integer not null
);
