-- description: Which layout of the staging file this is; an older one is made anew, a newer one refused.
create table if not exists schema_version (
    version integer not null
);
