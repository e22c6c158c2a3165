-- description: One row per file of the archive that is a release; twins and shared addresses are kept apart.
-- grain: release_id
-- warning: A joint statement of before 2009 stands once per minister: count twins once where that matters.
-- column release_id: Path stem, such as `2003-06-17-nz-becomes-100th-member-iom`; other content types than
--     releases are prefixed with their folder.
-- column content_type: Folder under the archive's root, such as `releases`.
-- column title: As printed; empty for two releases of the archive.
-- column published_date_id: Key of dim_date for the date as printed; 0 where none is.
-- column published_date: The date as printed; NULL where none is.
-- column date_basis: What nz_date rests on: local (the printed New Zealand day), utc_day (the printed UTC day, for
--     about a third of the releases the day before the New Zealand one), exact (the time in the index), recovered
--     (no day is printed; a seed gives it with its evidence) or unknown.
-- column nz_date_id: Key of dim_date for nz_date; 0 where nothing is known.
-- column nz_date: The best known New Zealand day; NULL where nothing is known.
-- column published_at: Time of publication by the index, UTC; NULL where the index is not used or lacks it.
-- column opening_date: The date line that the body begins with; NULL where it has none.
-- column is_date_doubtful: True where opening_date is more than three days from nz_date.
-- column government_id: In office on nz_date.
-- column url: As printed; 26 addresses of the whole archive stand on two releases each.
-- column site_url: The address on the site by the index, with macrons and quotes; NULL where it lacks the release.
-- column twin_group_id: Release that stands for all of the same text, this one where it has no twin. Count it
--     distinct to count joint statements once.
-- column is_canonical: True for the release that stands for its group.
-- column twin_count: Releases of the group, this one included.
-- column word_count: Runs of letters, digits and underscores in the cleaned body; additive.
-- column minister_count: People credited, each once, without those out of government; additive as credits, not as
--     people.
-- column portfolio_count: Portfolios tagged, each once; additive as tags, not as portfolios.
-- column minister_names: Those people in printed order, separated by '; '; NULL where there are none. Kept, since to
--     put them together took as long as all else of the view releases.
-- column portfolio_names: Those portfolios in printed order, separated by '; '; NULL where there are none.
-- column attachment_count: Files attached; additive.
-- column link_count: Markdown links in the body, images left out; additive.
-- column sentence_count: Sentences of the cleaned body; a heading or an item of a list is one. Additive.
-- column syllable_count: Syllables of the reading words, by groups of vowels; additive.
-- column reading_word_count: Words with a letter, addresses left out: what reading ease is counted of; additive.
-- column reading_ease: Flesch: 206.835 - 1.015 x words per sentence - 84.6 x syllables per word, the higher the
--     easier (60 is plain English, 30 hard). Te reo counts as hard, since each of its vowels is a syllable. NULL
--     under 30 reading words. Not additive: take a median.
-- column te_reo_word_count: Words of te reo Māori by their letters (syllables of at most one consonant and a vowel),
--     without the words of seeds/not_te_reo_words.csv, names included; additive.
-- column te_reo_name_count: Of those, with a capital letter: mostly names of people, places and bodies; additive.
-- column macron_word_count: Words with a macron; additive.
-- column maori_macron_count: The word Māori, spelt with a macron; additive.
-- column maori_plain_count: Spelt Maori; additive.
-- column maori_umlaut_count: Spelt Mäori, as fonts without macrons were helped; additive.
-- column maori_circumflex_count: Spelt Mâori; additive.
-- column aotearoa_count: The word Aotearoa; additive.
-- column quote_count: Quotes of five words or more between double quote marks, one over several paragraphs once;
--     additive.
-- column quoted_word_count: Their words, estimated where a quote is not closed; additive.
-- column money_amount_count: Amounts of money, see core.money_amount; additive.
-- column has_body: False where the site kept no text.
-- column search_number: By which core.search_posting names the release, from 1, in order of days; of this build only.
-- column source_path: Path in the archive: the natural key.
-- column source_blob: Git's hash of the content.
-- column source_commit: Commit that last changed the file; NULL where the source keeps no history.
-- column first_seen_at: When the archive first held the path, UTC; NULL where the source keeps no history.
-- column last_changed_at: When the archive last changed the file, UTC; NULL where the source keeps no history.
create table core.fact_release (
    release_id varchar primary key,
    content_type varchar not null,
    title varchar not null,
    published_date_id integer not null references core.dim_date (date_id),
    published_date date,
    date_basis varchar not null,
    nz_date_id integer not null references core.dim_date (date_id),
    nz_date date,
    published_at timestamp,
    opening_date date,
    is_date_doubtful boolean not null,
    government_id varchar not null references core.dim_government (government_id),
    url varchar not null,
    site_url varchar,
    twin_group_id varchar not null,
    is_canonical boolean not null,
    twin_count bigint not null,
    word_count integer not null,
    minister_count integer not null,
    portfolio_count integer not null,
    minister_names varchar,
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
    check (date_basis in ('local', 'utc_day', 'exact', 'recovered', 'unknown')),
    check ((published_date is null) = (published_date_id = 0)),
    check ((nz_date is null) = (nz_date_id = 0)),
    check ((nz_date is null) = (date_basis = 'unknown')),
    check (published_date is null or nz_date is not null),
    check ((published_at is null) = (date_basis <> 'exact')),
    check (is_canonical = (release_id = twin_group_id)),
    check (last_changed_at >= first_seen_at)
);
