-- description: Passages in which the text of a release quotes or reports a person: the paragraph that says who speaks,
--     such as `Ms Ash said` or `she said`, and the paragraphs before and after it that belong to the quotation.
-- grain: release_id, minister_id, passage_place
-- files: by year of release_id
-- references: release_id in core.fact_release
-- warning: Found by rule; read the release before you quote from it. If confidence is medium, the passage does not name
--     its speaker. Where two people could be meant, there is no passage.
-- column release_id: Id of the release; joins to releases and core.fact_release.
-- column minister_id: Id of the speaker, such as `winston-peters`; two people can share a passage; joins to ministers
--     and core.dim_minister.
-- column passage_place: Place where the passage begins in the cleaned text, which is cleaned_body in release_texts,
--     counted in characters from 1.
-- column passage_length: Length of the passage in characters, at most 2,000.
-- column verb: First verb in the passage by which the text says that the person speaks, such as `said`; NULL if the
--     passage has none.
-- column method: How it is known who speaks: name (the passage names the person), surname (by the surname alone), role
--     (`the Minister said`), pronoun (`she said`), continued (the quotation goes on from another paragraph) or
--     only_speaker (nobody else speaks in the text).
-- column confidence: How sure it is who speaks: high if the passage names the person, otherwise medium.
-- column is_direct: True if the passage holds words in quotation marks; false if it only reports what the person says.
-- column is_credited: True if the front matter credits the person and they were in office.
-- column is_in_office: True if the person was in office on nz_date, judged from the releases that credit them: from 45
--     days before the first to 45 days after the last, within governments they served in.
create table core.quotation (
    release_id varchar not null,
    minister_id varchar not null references core.dim_minister (minister_id),
    passage_place integer not null,
    passage_length integer not null,
    verb varchar,
    method varchar not null,
    confidence varchar not null,
    is_direct boolean not null,
    is_credited boolean not null,
    is_in_office boolean not null,
    check (passage_length > 0),
    check (method in ('name', 'surname', 'role', 'pronoun', 'continued', 'only_speaker')),
    check (confidence in ('high', 'medium'))
);
