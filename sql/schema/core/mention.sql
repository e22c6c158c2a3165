-- description: People named in the texts of releases, whether the front matter credits them or not: ministers, and
--     every other person known to the seeds.
-- grain: release_id, minister_id
-- files: by year of release_id
-- references: release_id in core.fact_release
-- warning: A person who is named need not be announcing anything: before 2009 many texts attack people who were not in
--     office.
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column minister_id: Id of the person, such as `winston-peters`; joins to ministers and core.dim_minister.
-- column method: How the text names the person: full_name, alias (only another known name is printed) or title (only a
--     title and the surname are printed; counted only where the release credits the person).
-- column mention_count: Number of times that the text names the person; additive.
-- column first_place: Place of the person's first mention in the cleaned text, counted in characters from 1.
-- column is_credited: True if the front matter credits the person and they were in office.
-- column is_credited_on_twin: True if this release does not credit the person but a twin with the same text does.
-- column is_in_office: True if the person was in office on nz_date, judged from the releases that credit them: from 45
--     days before the first to 45 days after the last, within governments they served in.
-- column is_quoted: True if the text quotes the person, or says that the person says something.
-- column is_announcing: True if the text says that the person announces, launches or welcomes something.
create table core.mention (
    release_id varchar not null,
    minister_id varchar not null references core.dim_minister (minister_id),
    method varchar not null,
    mention_count bigint not null,
    first_place integer not null,
    is_credited boolean not null,
    is_credited_on_twin boolean not null,
    is_in_office boolean not null,
    is_quoted boolean not null,
    is_announcing boolean not null,
    check (method in ('full_name', 'alias', 'title')),
    check (mention_count > 0)
);
