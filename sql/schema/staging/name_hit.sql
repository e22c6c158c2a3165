-- description: Names of ministers found in the cleaned texts of releases, and the passages that hold what they say.
--     Each build decides anew who a name belongs to.
-- grain: path, blob, place
-- column path: Path of the file in the archive.
-- column blob: Git's hash of the file's content.
-- column place: Place of the name in the cleaned text, counted in characters from 0; of another word in a passage that
--     does not name its speaker.
-- column name: Full name, another known name, title and surname, or surname, in lower-case ASCII. For a passage that
--     does not name its speaker, a name that the text uses elsewhere, or `the minister` for the only one credited.
-- column is_in_quotation: True if the name is inside the quoted words of somebody.
-- column verb: Verb by which the text says that the person says or announces something; NULL if there is none.
-- column speech_method: How it is known whose words the passage holds: name, surname, role (`the Minister said`),
--     pronoun (`she said`), continued (the quotation goes on from another paragraph) or only_speaker (nobody else
--     speaks in the text); NULL if there is no passage.
-- column passage_place: Place in the cleaned text where the person's words begin, counted in characters from 0; NULL
--     if the person says nothing.
-- column passage_length: Length of the person's words in characters; NULL if the person says nothing.
-- column is_direct: True if the person's words are quoted; NULL if the person says nothing.
-- column title_before: Text before the name that may hold titles of the person, such as `Associate Health Minister`;
--     NULL if there is none.
-- column title_after: Text after the name that may hold titles of the person, such as `Minister of Health`; NULL if
--     there is none.
create table if not exists name_hit (
    path varchar not null,
    blob varchar not null,
    place integer not null,
    name varchar not null,
    is_in_quotation boolean not null,
    verb varchar,
    speech_method varchar,
    passage_place integer,
    passage_length integer,
    is_direct boolean,
    title_before varchar,
    title_after varchar
);
