-- description: One row per file of the archive that is a release. Copies with the same text or the same address have a
--     row each.
-- grain: release_id
-- files: by year of release_id
-- warning: Before 2009 a joint statement has one copy per minister, often reworked: where that matters, count distinct
--     statement_id (statements) or twin_group_id (texts).
-- column release_id: Id of the release: its file name without extension, such as
--     `2003-06-17-nz-becomes-100th-member-iom`; for content types other than releases, prefixed with their folder.
-- column content_type: Folder under the archive's root, such as `releases`.
-- column title: Title of the release, as printed; empty for two releases of the archive.
-- column published_date_id: Key of core.dim_date for the printed date; 0 if none is printed.
-- column published_date: Date printed in the front matter; NULL if none is printed.
-- column date_basis: What nz_date is based on: local (the printed New Zealand date), utc_day (the printed UTC date,
--     which for about a third of these releases is the day before the New Zealand date), stated (the printed UTC date,
--     and the New Zealand day that the text or an attached file states), disputed (the printed date, where the text
--     states another day, see stated_date), exact (the time in the index of publication times), recovered (no date is
--     printed; a seed gives it with its evidence) or unknown (no date at all).
-- column nz_date_id: Key of core.dim_date for nz_date; 0 if no date is known.
-- column nz_date: Best known New Zealand date of the release, which can be a day early where date_basis is utc_day;
--     NULL if no date is known.
-- column earliest_nz_date: First New Zealand day that the release can be of; equal to latest_nz_date if the day is
--     certain; NULL if no date is known.
-- column latest_nz_date: Last New Zealand day that the release can be of: the day after earliest_nz_date where
--     date_basis is utc_day, a later day that the text states where it is disputed, otherwise the same day; NULL if no
--     date is known.
-- column published_at: Time of publication from the index of publication times, UTC; NULL if no index is used or it
--     lacks the release.
-- column opening_date: Date line that the text begins with; NULL if it begins with none.
-- column stated_date: Day that the text or an attached file states, where that settles the day of the release or
--     contradicts the printed date; NULL otherwise.
-- column stated_words: The words that state it: a phrase of the text, its date line or the name of the file; NULL if
--     there is no stated_date.
-- column is_date_doubtful: True if the text states another day than nz_date; for an exact day, one more than three days
--     away.
-- column government_id: Id of the government in office on nz_date, such as `fifth-labour`; `unknown` for undated
--     releases.
-- column url: Address of the release in the front matter, as printed; 26 addresses of the whole archive are on two
--     releases each.
-- column site_url: Address of the release on the site, with macrons and quotes, from the index of publication times;
--     NULL if the index lacks the release.
-- column twin_group_id: Id of the representative release among all with the same text; a release without twins has its
--     own id. Count it distinct to count joint statements once.
-- column is_canonical: True for the representative release of each group with the same text.
-- column twin_count: Number of releases with the same text, this one included.
-- column statement_id: Id of the statement: the id of the earliest release among those with the same text or with a
--     reworked text of the same announcement (core.statement_link). Count it distinct to count each statement once,
--     however many ministers published a version of it.
-- column word_count: Number of words in the cleaned text (runs of letters, digits and underscores); additive.
-- column minister_count: Number of people credited, each counted once, without people who were out of government; the
--     sum over releases counts credits, not people.
-- column portfolio_count: Number of portfolios tagged, each counted once; the sum over releases counts tags, not
--     portfolios.
-- column minister_names: Names of the people counted in minister_count, in printed order, separated by '; '; NULL if
--     nobody is credited. Stored because building it in the view releases took as long as the rest of the view.
-- column party_names: Parties of the people counted in minister_count on the day of the release, each once, in
--     alphabetical order, separated by '; '; `(unknown)` for a party that is not known; NULL if nobody is credited.
--     Stored for the same reason as minister_names.
-- column portfolio_names: Names of the portfolios counted in portfolio_count, in printed order, separated by '; ';
--     NULL if none is tagged.
-- column attachment_count: Number of files attached; additive.
-- column link_count: Number of markdown links in the body, without images; additive.
-- column sentence_count: Number of sentences in the cleaned text, where a heading or a list item counts as one;
--     additive.
-- column syllable_count: Number of syllables in the words counted by reading_word_count, estimated from groups of
--     vowels; additive.
-- column reading_word_count: Number of words that hold a letter, without those in web addresses; the basis of
--     reading_ease; additive.
-- column reading_ease: Flesch reading ease: 206.835 - 1.015 x words per sentence - 84.6 x syllables per word; higher
--     is easier (60 is plain English, 30 is hard). Te reo counts as hard, because each of its vowels is a syllable.
--     NULL under 30 reading words. Not additive: use a median.
-- column te_reo_word_count: Number of words of te reo Māori, recognised by their letters (each syllable has at most
--     one consonant and a vowel), without those in seeds/not_te_reo_words.csv; names included; additive.
-- column te_reo_name_count: Number of words of te reo Māori with a capital letter, mostly names of people, places and
--     organisations; additive.
-- column macron_word_count: Number of words with a macron; additive.
-- column maori_macron_count: Number of times the word Māori is spelt with a macron; additive.
-- column maori_plain_count: Number of times the word Māori is spelt Maori; additive.
-- column maori_umlaut_count: Number of times the word Māori is spelt Mäori, a stand-in for fonts without macrons;
--     additive.
-- column maori_circumflex_count: Number of times the word Māori is spelt Mâori; additive.
-- column aotearoa_count: Number of times the word Aotearoa is used; additive.
-- column quote_count: Number of quotations of five words or more between double quote marks; one over several
--     paragraphs counts once; additive.
-- column quoted_word_count: Number of words in quotations of five words or more, estimated where a quotation is not
--     closed; additive.
-- column money_amount_count: Number of amounts of money printed in the text; additive.
-- column has_body: False if the site kept no text for the release.
-- column search_number: Number by which core.search_posting and others refer to the release. A refresh keeps it and
--     gives new releases the next numbers; a full build numbers all releases by date.
-- column source_path: Path of the file in the archive, the natural key of a release.
-- column source_blob: Git's hash of the file's content.
-- column source_commit: Git's hash of the commit that last changed the file; NULL if the source keeps no history.
-- column first_seen_at: Time when the archive first held the file, UTC; NULL if the source keeps no history.
-- column last_changed_at: Time when the archive last changed the file, UTC; NULL if the source keeps no history.
create table core.fact_release ( -- noqa: PRS
    -- What a search reads is not compressed: DuckDB unpacks thousands of compressed texts for each that it reads.
    release_id varchar primary key using compression 'uncompressed',
    content_type varchar not null,
    title varchar not null using compression 'uncompressed',
    published_date_id integer not null references core.dim_date (date_id),
    published_date date,
    date_basis varchar not null,
    nz_date_id integer not null references core.dim_date (date_id),
    nz_date date,
    earliest_nz_date date,
    latest_nz_date date,
    published_at timestamp,
    opening_date date,
    stated_date date,
    stated_words varchar,
    is_date_doubtful boolean not null,
    government_id varchar not null references core.dim_government (government_id),
    url varchar not null,
    site_url varchar,
    twin_group_id varchar not null using compression 'uncompressed',
    is_canonical boolean not null,
    twin_count bigint not null,
    statement_id varchar not null,
    word_count integer not null,
    minister_count integer not null,
    portfolio_count integer not null,
    minister_names varchar,
    party_names varchar,
    portfolio_names varchar,
    attachment_count integer not null,
    link_count integer not null,
    sentence_count integer not null,
    syllable_count integer not null,
    reading_word_count integer not null,
    reading_ease double,
    te_reo_word_count integer not null,
    te_reo_name_count integer not null,
    macron_word_count integer not null,
    maori_macron_count integer not null,
    maori_plain_count integer not null,
    maori_umlaut_count integer not null,
    maori_circumflex_count integer not null,
    aotearoa_count integer not null,
    quote_count integer not null,
    quoted_word_count integer not null,
    money_amount_count integer not null,
    has_body boolean not null,
    search_number integer not null,
    source_path varchar not null,
    source_blob varchar not null,
    source_commit varchar,
    first_seen_at timestamp,
    last_changed_at timestamp,
    check (date_basis in ('local', 'utc_day', 'stated', 'disputed', 'exact', 'recovered', 'unknown')),
    check (
        case date_basis
            when 'utc_day' then latest_nz_date - earliest_nz_date = 1
            when 'disputed' then latest_nz_date > earliest_nz_date
            else latest_nz_date = earliest_nz_date
        end
    ),
    check (nz_date between earliest_nz_date and latest_nz_date),
    check ((published_date is null) = (published_date_id = 0)),
    check ((nz_date is null) = (nz_date_id = 0)),
    check ((nz_date is null) = (date_basis = 'unknown')),
    check (published_date is null or nz_date is not null),
    check ((published_at is null) = (date_basis <> 'exact')),
    check (is_canonical = (release_id = twin_group_id)),
    check (last_changed_at >= first_seen_at)
);
