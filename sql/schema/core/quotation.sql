-- description: What the texts of releases say that ministers say: the paragraph that names them with such a verb, and
--     those behind it that go on with its quotation.
-- grain: release_id, minister_id, passage_place
-- references: release_id in core.fact_release
-- warning: Found by rule: right in 19 of 20 cases. Paragraphs of `he said` and `the Minister said` are found only where
--     they go on with a quotation.
-- column release_id: The release.
-- column minister_id: Who speaks; two people may share a passage.
-- column passage_place: Where it begins in the cleaned body, in characters from 1.
-- column passage_length: In characters, at most 2,000.
-- column verb: By which they are said to speak, the first of the passage.
-- column is_direct: The passage holds a quotation; else it reports what they say.
-- column is_credited: The front matter credits them, and they were in office.
-- column is_in_office: As in mention.
create table core.quotation (
    release_id varchar not null,
    minister_id varchar not null references core.dim_minister (minister_id),
    passage_place integer not null,
    passage_length integer not null,
    verb varchar not null,
    is_direct boolean not null,
    is_credited boolean not null,
    is_in_office boolean not null,
    check (passage_length > 0)
);
